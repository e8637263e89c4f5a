import { FormatError, UnsupportedError } from "../scan/errors.ts";
import type { Bytes } from "./bytes.ts";

/** What the header of a .npy says. */
export interface NpyHeader {
  /** NumPy type string, such as "<u2". */
  readonly type: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the data start. */
  readonly dataOffset: number;
}

// NumPy writes a few hundred bytes; a longer header can only be that of a structured type.
const longestHeader = 2 ** 20;

/**
 * Reads the header: magic, version, length, and a Python dict literal of which only the three known keys are accepted.
 *
 * @throws FormatError       damaged header (states the byte)
 * @throws UnsupportedError  a version after 3, or a structured type
 */
export function readHeader(bytes: Bytes): NpyHeader {
  const damaged = (what: string, offset: number): FormatError =>
    new FormatError(`${bytes.name}: expected a NumPy header, found ${what} at byte ${offset}; the file is damaged`, {
      file: bytes.name,
      offset,
    });
  const major = bytes.read(6, 1)[0]!;
  if (major < 1 || major > 3) {
    throw new UnsupportedError(`${bytes.name}: expected .npy version 1 to 3, found ${major}`, {
      feature: `.npy version ${major}`,
    });
  }
  const start = major === 1 ? 10 : 12;
  const view = new DataView(bytes.read(8, start - 8).buffer);
  const length = major === 1 ? view.getUint16(0, true) : view.getUint32(0, true);
  if (length > longestHeader || start + length > bytes.size) throw damaged(`a header of ${length} bytes`, 8);
  const text = new TextDecoder(major === 3 ? "utf-8" : "latin1").decode(bytes.read(start, length));

  const {
    descr: type,
    fortran_order: fortranOrder,
    shape,
  } = dictLiteral(text, (what, at) => damaged(what, start + at));
  if (Array.isArray(type)) {
    throw new UnsupportedError(
      `${bytes.name}: expected an array of numbers, found an array of records (structured type)`,
      {
        feature: "structured NumPy type",
      },
    );
  }
  if (typeof type !== "string" || typeof fortranOrder !== "boolean" || !isShape(shape)) {
    throw damaged("no 'descr', 'fortran_order' and 'shape' of the expected kinds", start);
  }
  return { type, fortranOrder, shape, dataOffset: start + length };
}

const isShape = (value: Literal | undefined): value is readonly number[] =>
  Array.isArray(value) &&
  value.length <= 32 &&
  value.every((length) => typeof length === "number") &&
  Number.isSafeInteger(value.reduce((product, length) => product * (length as number), 16));

type Literal = string | number | boolean | readonly Literal[];

/** A Python dict literal with string keys. Values are strings, whole numbers ≥ 0, booleans, and tuples or lists of such. */
function dictLiteral(text: string, damaged: (what: string, at: number) => Error): Record<string, Literal> {
  const tokens = /\s*(?:'([^'\\]*)'|"([^"\\]*)"|(\d{1,15})L?|(True|False)|([{}()[\],:]))/y;
  const next = (): { literal?: Literal; symbol?: string } => {
    const at = tokens.lastIndex;
    const match = tokens.exec(text);
    if (match === null) throw damaged(`"${text.slice(at, at + 12).trimEnd()}"`, at);
    const [, single, double, digits, truth, symbol] = match;
    if (symbol !== undefined) return { symbol };
    return { literal: single ?? double ?? (digits === undefined ? truth === "True" : Number(digits)) };
  };
  const expect = (symbol: string): void => {
    const at = tokens.lastIndex;
    if (next().symbol !== symbol) throw damaged(`no "${symbol}"`, at);
  };
  /** Whether another item follows: a comma, or the end. */
  const more = (end: string): boolean => {
    const at = tokens.lastIndex;
    const { symbol } = next();
    if (symbol !== "," && symbol !== end) throw damaged(`neither "," nor "${end}"`, at);
    return symbol === ",";
  };
  const sequence = (end: string, depth: number): readonly Literal[] => {
    const items: Literal[] = [];
    do {
      const token = next();
      if (token.symbol === end) break;
      items.push(value(token, depth));
    } while (more(end));
    return items;
  };
  const value = ({ literal, symbol }: ReturnType<typeof next>, depth: number): Literal => {
    if (literal !== undefined) return literal;
    if (depth < 8 && symbol === "(") return sequence(")", depth + 1);
    if (depth < 8 && symbol === "[") return sequence("]", depth + 1);
    throw damaged(`an unexpected "${symbol}"`, tokens.lastIndex);
  };

  const entries: Record<string, Literal> = Object.create(null);
  expect("{");
  do {
    const { literal: key, symbol } = next();
    if (symbol === "}") break;
    if (typeof key !== "string") throw damaged("no key", tokens.lastIndex);
    expect(":");
    entries[key] = value(next(), 0);
  } while (more("}"));
  return entries;
}
