import { area, type Scan } from "../scan/scan.ts";
import { type PatternSource, readPatterns } from "../scan/source.ts";
import { rowRunner } from "../scan/sweep.ts";
import { imagesLeft, type Pass } from "./pass.ts";
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
  const { count, selection } = pass;
  const pixels = selection?.length ?? area(source.pixels);
  const found = new Float32Array(imagesLeft(pass) * positions);
  const sums = new Float64Array(count * pixels).fill(pass.product === "maximum" ? -Infinity : 0);
  const step = rowRunner(pass.steps, count);
  const row = new Float64Array(count);
  for (let position = 0; position < positions; position++) {
    const recorded = Float64Array.from(await readPatterns(source, position, 1));
    const pattern = selection ? Float64Array.from(selection, (pixel) => recorded[pixel]) : recorded;
    if (pass.minus) for (let pixel = 0; pixel < pixels; pixel++) pattern[pixel] -= pass.minus[pixel];
    if (pass.squared) for (let pixel = 0; pixel < pixels; pixel++) pattern[pixel] *= pattern[pixel];
    if (pass.product === "maximum") {
      for (let pixel = 0; pixel < pixels; pixel++) if (pattern[pixel] > sums[pixel]) sums[pixel] = pattern[pixel];
      continue;
    }
    if (pass.product === "ratioSweep") {
      for (let k = 0; k < count; k++) row[k] = pass.images![k * positions + position];
      found[count * positions + position] = divideByModel(pattern, row, pass.patterns!, pass.rounds!);
    } else if (pass.patterns) {
      for (let k = 0; k < count; k++) {
        row[k] = 0;
        for (let pixel = 0; pixel < pixels; pixel++) row[k] += pattern[pixel] * pass.patterns[k * pixels + pixel];
      }
      step(row, position);
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

/** x ← x ⊘ m with m = Σ aₖ bₖ, after as many updates of a, in place; returns the divergence of x from m. */
function divideByModel(x: Float64Array, a: Float64Array, b: Float32Array, rounds: number): number {
  const pixels = x.length;
  const counts = x.map((value) => Math.max(0, value));
  for (let round = 0; ; round++) {
    let divergence = 0;
    for (let pixel = 0; pixel < pixels; pixel++) {
      let m = 0;
      for (let k = 0; k < a.length; k++) m += a[k] * b[k * pixels + pixel];
      x[pixel] = m > 1e-30 ? counts[pixel] / m : 0;
      if (!(m > 1e-30)) continue;
      divergence += m - counts[pixel] + (counts[pixel] > 0 ? counts[pixel] * Math.log(x[pixel]) : 0);
    }
    if (round === rounds) return divergence;
    for (let k = 0; k < a.length; k++) {
      let [seen, all] = [0, 0];
      for (let pixel = 0; pixel < pixels; pixel++) {
        seen += x[pixel] * b[k * pixels + pixel];
        all += b[k * pixels + pixel];
      }
      a[k] = all > 0 ? (a[k] * seen) / all : 0;
    }
  }
}
