import { area, type Scan } from "../scan/scan.ts";
import { type PatternSource, readPatterns } from "../scan/source.ts";
import { rowRunner } from "../scan/sweep.ts";
import type { Pass } from "./pass.ts";
import { type Passed, scanOfPasses } from "./scan-of-passes.ts";

/**
 * The specification of every engine: plain loops over one pattern at a time, sums in float64.
 *
 * @param source  the patterns; read once per product, one at a time
 * @returns       the scan
 * @example
 * const plain = await onReference(source);
 */
export async function onReference(source: PatternSource): Promise<Scan> {
  return scanOfPasses(source.positions, source.pixels, (pass) => run(source, pass));
}

async function run(source: PatternSource, pass: Pass): Promise<Passed> {
  const positions = area(source.positions);
  const pixels = area(source.pixels);
  const { count } = pass;
  const found = new Float32Array(count * positions);
  const sums = new Float64Array(count * pixels);
  const step = rowRunner(pass.steps, count);
  const row = new Float64Array(count);
  for (let position = 0; position < positions; position++) {
    const pattern = Float64Array.from(await readPatterns(source, position, 1));
    if (pass.minus) for (let pixel = 0; pixel < pixels; pixel++) pattern[pixel] -= pass.minus[pixel];
    if (pass.squared) for (let pixel = 0; pixel < pixels; pixel++) pattern[pixel] *= pattern[pixel];
    if (pass.patterns) {
      for (let k = 0; k < count; k++) {
        row[k] = 0;
        for (let pixel = 0; pixel < pixels; pixel++) row[k] += pattern[pixel] * pass.patterns[k * pixels + pixel];
      }
      if (pass.product === "sweep") step(row, position);
    } else {
      for (let k = 0; k < count; k++) row[k] = pass.images![k * positions + position];
    }
    for (let k = 0; k < count; k++) found[k * positions + position] = row[k];
    if (pass.product === "toImages") continue;
    for (let k = 0; k < count; k++) {
      for (let pixel = 0; pixel < pixels; pixel++) sums[k * pixels + pixel] += row[k] * pattern[pixel];
    }
  }
  return { images: found, patterns: Float32Array.from(sums) };
}
