import { grouped, significant } from "../../../src/index.ts";

/** A number of a result as text. */
export const factText = (value: string | number): string =>
  typeof value === "string" ? value : Number.isInteger(value) ? grouped(value) : significant(value, 4);
