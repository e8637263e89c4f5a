import { area } from "../../src/scan/scan.ts";
import { type PatternSource, readPatterns } from "../../src/scan/source.ts";

/** Everything that a source says of itself, and a sum over all its numbers that any exchange of two would change. */
export async function checksum(source: PatternSource): Promise<string> {
  const { name, format, positions, pixels, dtype, axes, metadata } = source;
  const values = await readPatterns(source, 0, area(positions));
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (Number.isFinite(values[i]) ? values[i] : 0.5) * (1 + (i % 1009));
  return JSON.stringify({ name, format, positions, pixels, dtype, axes, metadata, sum });
}
