import { ShapeError, UnsupportedError } from "./errors.ts";
import type { Images, Patterns, RatioSwept, Scan } from "./scan.ts";

/**
 * Multiplicative updates towards the least Kullback–Leibler divergence of X from AᵀB, in a single read of X: `rounds` times
 * A ← A ∘ (Q·B) ÷ ΣB with Q = X ⊘ AᵀB, then Qᵀ·A and the divergence Σ x ln(x/m) − x + m of the A that results.
 *
 * No round raises the divergence. Each computes every quotient, so a round takes about twice as long as toImages and
 * toPatterns of as many patterns together.
 * Negative values count as 0. Elements whose model is 0 are left out: start from A and B that are above 0 wherever something was counted.
 *
 * @param scan      X: positions × pixels, as an engine hands it out, or masked; not centred, not weighted, not squared
 * @param images    A, k × positions, ≥ 0
 * @param patterns  B, k × pixels, ≥ 0
 * @param rounds    0, 1, 2 …
 * @throws ShapeError        A and B of different k, or rounds no whole number
 * @throws UnsupportedError  a scan of another kind: there, elements cannot be divided
 * @see Lee & Seung, Adv. Neural Inf. Process. Syst. 13 (2001) 556, theorem 2
 * @example
 * const one = images(scan.positions, new Float32Array(area(scan.positions)).fill(1));
 * const { divergence } = await ratioSweep(scan, one, await meanPattern(scan), 1);
 */
export async function ratioSweep(scan: Scan, images: Images, patterns: Patterns, rounds: number): Promise<RatioSwept> {
  requireQuotients("ratio sweep", scan);
  if (images.count !== patterns.count || !(Number.isInteger(rounds) && rounds >= 0)) {
    throw new ShapeError(
      `ratio sweep: expected as many images as patterns and a whole number of rounds, found ${images.count}, ${patterns.count} and ${rounds}`,
      { expected: [patterns.count, "0, 1, 2 …"], got: [images.count, rounds] },
    );
  }
  return scan.ratioSweep(images, patterns, rounds);
}

/** @throws UnsupportedError a scan whose elements cannot be divided */
export function requireQuotients(
  method: string,
  scan: Scan,
): asserts scan is Scan & Required<Pick<Scan, "ratioSweep">> {
  if (scan.ratioSweep) return;
  throw new UnsupportedError(
    `${method}: expected a scan as recorded or masked, found one that is centred, weighted or squared; its elements cannot be divided`,
    { feature: "quotients of a view" },
  );
}
