import { FormatError } from "../scan/errors.ts";

/** The values of one data block, by tag in lower case with dots as underscores; a value outside a loop is a list of one. */
export type CifValues = ReadonlyMap<string, readonly string[]>;

interface Token {
  readonly text: string;
  /** In quotes or a text field: never a tag or a keyword. */
  readonly quoted: boolean;
  readonly line: number;
}

/**
 * Reads the data block of a CIF that describes a crystal: the first with a cell.
 *
 * @throws FormatError  a loop whose values do not fill its columns, a tag without a value, a text without its end, or no cell
 * @see Hall, Allen & Brown, Acta Cryst. A47 (1991) 655
 */
export function cifValues(text: string, file: string): CifValues {
  let values = new Map<string, string[]>();
  const found = () => (values.has("_cell_length_a") ? values : undefined);
  const all = tokens(text, file);
  for (let i = 0; i < all.length; ) {
    const { text: word, quoted, line } = all[i]!;
    const keyword = quoted ? "" : word.toLowerCase();
    if (keyword.startsWith("data_")) {
      const block = found();
      if (block) return block;
      values = new Map();
      i++;
    } else if (keyword === "loop_") {
      i = loop(all, i + 1, values, file);
    } else if (isTag(all[i])) {
      const value = all[i + 1];
      if (value === undefined || isTag(value) || isKeyword(value)) {
        throw new FormatError(`${file}, line ${line}: expected a value after ${word}, found none`, { file });
      }
      values.set(named(word), [value.text]);
      i += 2;
    } else {
      // A stray value or a keyword that means nothing for a crystal.
      i++;
    }
  }
  const block = found();
  if (block) return block;
  throw new FormatError(`${file}: expected a CIF with _cell_length_a, found none`, { file });
}

/** Reads a loop from its first tag; returns the index after it. */
function loop(all: readonly Token[], start: number, values: Map<string, string[]>, file: string): number {
  let i = start;
  const columns: string[][] = [];
  for (; isTag(all[i]); i++) {
    const column: string[] = [];
    columns.push(column);
    values.set(named(all[i]!.text), column);
  }
  const first = i;
  for (; i < all.length && !isTag(all[i]) && !isKeyword(all[i]!); i++) {
    if (columns.length > 0) columns[(i - first) % columns.length]!.push(all[i]!.text);
  }
  if (columns.length === 0 || (i - first) % columns.length !== 0) {
    throw new FormatError(
      `${file}, line ${all[start - 1]!.line}: expected whole rows of ${columns.length} values in a loop, found ${i - first} values`,
      { file },
    );
  }
  return i;
}

const isTag = (token: Token | undefined): boolean => token !== undefined && !token.quoted && token.text.startsWith("_");
const isKeyword = ({ text, quoted }: Token): boolean => !quoted && /^(data_|loop_$|save_|stop_$|global_$)/i.test(text);
const named = (tag: string): string => tag.toLowerCase().replaceAll(".", "_");

function tokens(text: string, file: string): Token[] {
  const found: Token[] = [];
  const lines = text.split(/\r\n|\r|\n/);
  for (let line = 0; line < lines.length; line++) {
    const row = lines[line]!;
    if (row.startsWith(";")) {
      const end = lines.findIndex((later, i) => i > line && later.startsWith(";"));
      if (end < 0) {
        throw new FormatError(
          `${file}, line ${line + 1}: expected a text that ends with a line ";", found its beginning only`,
          {
            file,
          },
        );
      }
      found.push({ text: [row.slice(1), ...lines.slice(line + 1, end)].join("\n"), quoted: true, line: line + 1 });
      line = end;
      continue;
    }
    // A quotation ends at its mark only where white space follows.
    for (const [, comment, single, double, plain] of row.matchAll(/(#.*)|'(.*?)'(?=\s|$)|"(.*?)"(?=\s|$)|(\S+)/g)) {
      if (comment !== undefined) break;
      const quoted = single ?? double;
      found.push({ text: quoted ?? plain!, quoted: quoted !== undefined, line: line + 1 });
    }
  }
  return found;
}
