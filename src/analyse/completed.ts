import { pow } from "../algebra/elementary.ts";
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
      stack.values.map((u) => pow(u, power)),
    );
  const factorised = Object.values({ nmf: found.nmf, unmix: found.unmix, ...found.factorisations, ...found.unmixings });
  const clustered = Object.values({ fcm: found.fcm, gk: found.gk, ...found.clusterings });
  const parts: Part[] = [
    { patterns: mean, weights: everywhere, how: "mean" },
    ...factorised.flatMap((part) =>
      part ? [{ patterns: part.factors, weights: part.loadings, how: "fit" as const }] : [],
    ),
    ...clustered.flatMap((part) =>
      part
        ? [{ patterns: part.centres, weights: powered(part.memberships, part.fuzzifier), how: "mean" as const }]
        : [],
    ),
  ];

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
  const ofMean = take();
  const refitted = <Part extends { readonly factors: Patterns }>(part: Part): Part => ({ ...part, factors: take() });
  const averaged = <Part extends { readonly centres: Patterns }>(part: Part): Part => ({ ...part, centres: take() });
  const { nmf, unmix, fcm, gk, factorisations, unmixings, clusterings } = found;
  // In the order in which the parts were listed.
  return {
    mean: ofMean,
    found: {
      ...found,
      ...(nmf && { nmf: refitted(nmf) }),
      ...(unmix && { unmix: refitted(unmix) }),
      ...(factorisations && { factorisations: eachOf(factorisations, refitted) }),
      ...(unmixings && { unmixings: eachOf(unmixings, refitted) }),
      ...(fcm && { fcm: averaged(fcm) }),
      ...(gk && { gk: averaged(gk) }),
      ...(clusterings && { clusterings: eachOf(clusterings, averaged) }),
    },
  };
}

/** The same names with what `change` makes of each value. */
function eachOf<Named extends object>(
  named: Named,
  change: (value: NonNullable<Named[keyof Named]>) => unknown,
): Named {
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [name, change(value)])) as Named;
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
