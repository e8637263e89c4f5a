import { InvalidArgumentError } from "commander";
import type { Method, Recipe } from "../src/index.ts";

// Values of options, from text. Each says what it expected, so that commander can say which option it was about.

/** A whole number within a range: `wholeNumber(1, 64)`. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^[+-]?\d+$/.test(text.trim()) || value < least || value > most) {
      throw new InvalidArgumentError(`Expected a whole number ${range(least, most)}.`);
    }
    return value;
  };
}

/** A number above `least`, or from it on when `inclusive`. */
export function number(least: number, inclusive = false): (text: string) => number {
  return (text) => {
    const value = decimal(text);
    if (value === undefined || value < least || (value === least && !inclusive)) {
      throw new InvalidArgumentError(
        `Expected a number ${inclusive ? "from" : "above"} ${least}${inclusive ? " on" : ""}.`,
      );
    }
    return value;
  };
}

/** Any number, positive or negative. */
export function anyNumber(text: string): number {
  const value = decimal(text);
  if (value === undefined) throw new InvalidArgumentError("Expected a number.");
  return value;
}

/** Numbers with commas between them, as many as one likes. */
export function listed(text: string): readonly number[] {
  const values = listOfNumbers(text);
  if (!values) throw new InvalidArgumentError("Expected numbers with commas between them.");
  return values;
}

/** A part of a whole: 0 … 1. */
export function part(text: string): number {
  const value = decimal(text);
  if (value === undefined || value < 0 || value > 1) throw new InvalidArgumentError("Expected a number from 0 to 1.");
  return value;
}

/** Rows and columns: `36x40`, `36×40` or `36,40`. */
export function size(text: string): readonly [rows: number, columns: number] {
  const found = /^\s*(\d+)\s*[x×X,]\s*(\d+)\s*$/.exec(text);
  const [rows, columns] = [Number(found?.[1]), Number(found?.[2])];
  if (!found || rows < 1 || columns < 1 || !Number.isSafeInteger(rows * columns)) {
    throw new InvalidArgumentError("Expected rows x columns, as in 36x40.");
  }
  return [rows, columns];
}

/** So many numbers with commas between them. */
export function numbers(names: string): (text: string) => readonly number[] {
  const count = names.split(",").length;
  return (text) => {
    const values = listOfNumbers(text);
    if (values?.length !== count)
      throw new InvalidArgumentError(`Expected ${count} numbers ${names}, as in ${example(count)}.`);
    return values;
  };
}

/** An even count of numbers, at least three pairs. */
export function corners(text: string): readonly (readonly [row: number, column: number])[] {
  const values = listOfNumbers(text);
  if (!values || values.length < 6 || values.length % 2 !== 0) {
    throw new InvalidArgumentError("Expected at least three corners R,C,R,C,R,C.");
  }
  return Array.from({ length: values.length / 2 }, (_, i) => [values[2 * i], values[2 * i + 1]] as const);
}

/** Spots R,C,RADIUS with semicolons or new lines between them. */
export function spots(text: string): readonly (readonly [row: number, column: number, radius: number])[] {
  const lines = text.split(/[;\n]/).filter((line) => line.trim() !== "" && !line.trim().startsWith("#"));
  return lines.map((line) => {
    const values = listOfNumbers(line);
    if (values?.length !== 3)
      throw new InvalidArgumentError(`Expected spots R,C,RADIUS;R,C,RADIUS…, found "${line.trim()}".`);
    return [values[0], values[1], values[2]] as const;
  });
}

/** Places R,C with semicolons or new lines between them. */
export function places(text: string): readonly (readonly [row: number, column: number])[] {
  const found = text.split(/[;\n]/).filter((line) => line.trim() !== "");
  return found.map((line) => {
    const values = listOfNumbers(line);
    if (values?.length !== 2 || !values.every((value) => Number.isInteger(value) && value >= 0))
      throw new InvalidArgumentError(`Expected pixels R,C;R,C…, found "${line.trim()}".`);
    return [values[0]!, values[1]!] as const;
  });
}

/** Some of a set of words, with commas between them: `svd,nmf`. */
export function someOf<Word extends string>(...words: readonly Word[]): (text: string) => readonly Word[] {
  return (text) => {
    const asked = text.split(",").map((word) => word.trim());
    const chosen = words.filter((word) => asked.includes(word));
    const strange = asked.find((word) => !(words as readonly string[]).includes(word));
    if (strange !== undefined)
      throw new InvalidArgumentError(`Expected some of ${words.join(",")}, found "${strange}".`);
    return chosen;
  };
}

/** How ICA works, by words of which each says what it is about: `deflation,exp`. */
export function icaChoices(text: string): NonNullable<Recipe["ica"]> {
  const words = someOf(...Object.values(icaWords).flat(), "differences")(text);
  const chosen = Object.entries(icaWords).flatMap(([choice, ways]) => {
    const named = ways.filter((way) => words.includes(way));
    if (named.length > 1)
      throw new InvalidArgumentError(`Expected one of ${ways.join(",")}, found ${named.join(",")}.`);
    return named.map((way) => [choice, way] as const);
  });
  return { ...Object.fromEntries(chosen), ...(words.includes("differences") && { differences: true }) };
}

const icaWords: Readonly<Record<string, readonly string[]>> = {
  of: ["patterns", "maps"],
  algorithm: ["parallel", "deflation"],
  contrast: ["logcosh", "exp", "cube"],
};

/** Methods of `analyse` with commas between them, or all. */
export function methodList(text: string): readonly Method[] {
  return text.trim() === "all" ? everyMethod : someOf(...everyMethod)(text);
}

const everyMethod: readonly Method[] = [
  ...(["svd", "ica", "nmf", "unmix", "fcm", "gk"] as const),
  ...(["nmf-poisson", "nmf-kl", "nmf-sparse", "nmf-simplex", "nmf-volume"] as const),
  ...(["spa", "vca", "n-findr"] as const),
  ...(["k-means", "possibilistic", "high-contrast", "noise"] as const),
];

/** A whole number, or the word auto. */
export function countOrAuto(most: number): (text: string) => number | "auto" {
  return (text) => {
    if (text === "auto") return "auto";
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < 1 || value > most) {
      throw new InvalidArgumentError(`Expected a whole number ${range(1, most)}, or auto.`);
    }
    return value;
  };
}

/** Adds to a list each time the option is given. */
export function repeated<Value>(
  parse: (text: string) => Value,
): (text: string, before?: readonly Value[]) => readonly Value[] {
  return (text, before = []) => [...before, parse(text)];
}

function listOfNumbers(text: string): number[] | undefined {
  const values = text
    .split(/[,\s]+/)
    .filter((part) => part !== "")
    .map(decimal);
  return values.every((value) => value !== undefined) ? values : undefined;
}

/** Number("") is 0 and Number("0x10") is 16: neither is what anybody means here. */
function decimal(text: string): number | undefined {
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : undefined;
}

const range = (least: number, most: number): string =>
  most === Number.MAX_SAFE_INTEGER ? `from ${least} on` : `from ${least} to ${most}`;
const example = (count: number): string =>
  ["10,12,3", "10,12,4,9"][count - 3] ?? Array.from({ length: count }, (_, i) => 10 + i).join(",");
