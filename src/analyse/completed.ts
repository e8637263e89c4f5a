import type { Coverage } from "../prepare/coverage.ts";
import { area, type Images, images, type Patterns, patterns, type Scan } from "../scan/scan.ts";
import type { Learned } from "./learned.ts";

/** Patterns as learned, the images that weigh the recorded patterns in them, and how they follow from these. */
interface Part {
  readonly patterns: Patterns;
  readonly weights: Images;
  readonly how: "mean" | "fit";
}

/**
 * The mean pattern and what was learned, with the pixels at the edge that alignment moved off the detector in some positions:
 * they were left out of learning and are fitted here from the positions that recorded them. One read for all methods.
 *
 * The factors of SVD and ICA stay 0 there: they are orthogonal, and signed, as learned.
 */
export async function completed(
  scan: Scan,
  cover: Coverage,
  mean: Patterns,
  found: Learned,
): Promise<{ readonly mean: Patterns; readonly found: Learned }> {
  const everywhere = images(scan.positions, new Float32Array(area(scan.positions)).fill(1));
  const powered = (stack: Images, power: number): Images =>
    images(
      stack.size,
      stack.values.map((u) => u ** power),
    );
  const { nmf, unmix, fcm, gk } = found;
  const parts: Part[] = [{ patterns: mean, weights: everywhere, how: "mean" }];
  if (nmf) parts.push({ patterns: nmf.factors, weights: nmf.loadings, how: "fit" });
  if (unmix) parts.push({ patterns: unmix.factors, weights: unmix.loadings, how: "fit" });
  if (fcm) parts.push({ patterns: fcm.centres, weights: powered(fcm.memberships, fcm.fuzzifier), how: "mean" });
  if (gk) parts.push({ patterns: gk.centres, weights: powered(gk.memberships, gk.fuzzifier), how: "mean" });

  const sums = await scan.toPatterns(stacked(parts.map(({ weights }) => weights)));
  const pixels = area(scan.pixels);
  let first = 0;
  const whole = parts.map(({ patterns: learned, weights, how }) => {
    const part = sums.values.subarray(first * pixels, (first + weights.count) * pixels);
    first += weights.count;
    return cover.complete(learned, weights, patterns(scan.pixels, part), how);
  });
  const next = whole.values();
  const take = (): Patterns => next.next().value!;
  return {
    mean: take(),
    found: {
      ...found,
      ...(nmf && { nmf: { ...nmf, factors: take() } }),
      ...(unmix && { unmix: { ...unmix, factors: take() } }),
      ...(fcm && { fcm: { ...fcm, centres: take() } }),
      ...(gk && { gk: { ...gk, centres: take() } }),
    },
  };
}

function stacked(parts: readonly Images[]): Images {
  const values = new Float32Array(parts.reduce((length, part) => length + part.values.length, 0));
  let at = 0;
  for (const part of parts) {
    values.set(part.values, at);
    at += part.values.length;
  }
  return images(parts[0].size, values);
}
