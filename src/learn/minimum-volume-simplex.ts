import { minimise } from "../algebra/quasi-newton.ts";
import { identity, inverseOf, product, transformed } from "../algebra/small-matrix.ts";
import { type FacetLikelihood, facetLikelihood } from "./facet-likelihood.ts";

export interface MinimumVolumeSimplexOptions {
  /** Standard deviations of the coordinates, n × k, after they were transformed by a k × k matrix. A single number is that of all. */
  readonly noise: number | ((transform: Float64Array) => Float64Array);
  /** Multiples of the noise, one stage after another, default 8, 4, 2, 1: wide ones let the simplex find its place. */
  readonly anneal?: readonly number[];
}

/** The simplex found, as seen from the one that the coordinates were given in. */
export interface MinimumVolumeSimplex {
  /** M, k × k, row-major, columns summing to 1: coordinates in the new simplex are M·a; the new vertices are the columns of M⁻¹. */
  readonly transform: Float64Array;
  /** Part of the points that lie on each facet (coordinate 0), 0 … 1: what the simplex leans on. */
  readonly onFacet: Float64Array;
  /** −ln likelihood per point: comparable between starts on the same points. */
  readonly objective: number;
  readonly converged: boolean;
}

/** No standard deviation counts as smaller: noise-free points shall not make the cost infinitely steep. */
const LEAST_NOISE = 1e-4;
/** Annealing widens noise up to here: in wider noise a whole simplex would be lost. */
const WIDEST_NOISE = 0.12;

/**
 * The smallest simplex around noisy points: pure points are not needed where its facets are populated.
 *
 * A coordinate is 0 where a component is absent (a part wₖ of the points, learned along) or anything positive, measured with known noise:
 * p(a) = w N(a; 0, σ) + (1 − w) Φ(a/σ), which holds the facets out. The volume draws them in: minimised is
 * −ln |det M| − ⟨Σₖ ln p((M a)ₖ)⟩. For small noise this is the hinge of minimum-volume simplex analysis; with the noise known, a facet is laid
 * through the middle of the points on it, not around the outermost. Pure points pull as all others do, so corners come out a little too
 * near each other: a place to start from for {@link sampledCorners}.
 * Annealed from wide noise; quasi-Newton in k(k−1) unknowns. Deterministic. A local method: start from vertices that were picked.
 *
 * @param coordinates  n × k, rows summing to 1: barycentric coordinates in a first simplex
 * @param k            vertices, 2 or more
 * @see Li & Bioucas-Dias, IEEE IGARSS 3 (2008) 250 (MVSA); Bioucas-Dias, WHISPERS (2009) (SISAL: hinge)
 * @example
 * // Points halfway in between: the vertices move in to them.
 * minimumVolumeSimplex(Float64Array.of(0.75, 0.25, 0.25, 0.75, 0.5, 0.5), 2, { noise: 0.001 });
 */
export function minimumVolumeSimplex(
  coordinates: Float64Array,
  k: number,
  { noise, anneal = [8, 4, 2, 1] }: MinimumVolumeSimplexOptions,
): MinimumVolumeSimplex {
  const n = coordinates.length / k;
  let transform = identity(k);
  const noiseAt = typeof noise === "number" ? () => new Float64Array(coordinates.length).fill(noise) : noise;
  const onFacet = new Float64Array(k).fill(0.3);
  let converged = true;
  for (const multiple of anneal) {
    const likelihood = facetLikelihood(
      transformed(coordinates, transform, k),
      widened(noiseAt(transform), multiple),
      k,
    );
    for (let round = 0; round < 3; round++) {
      likelihood.onFacet(onFacet);
      onFacet.set(likelihood.of(identity(k)).absent.map((sum) => Math.min(0.98, Math.max(0.02, sum / n))));
    }
    likelihood.onFacet(onFacet);
    const found = minimise(cost(likelihood, n, k), identity(k).subarray(0, k * (k - 1)), {
      // Only the last stage is an answer.
      tolerance: multiple > 1 ? 1e-3 : 1e-5,
    });
    transform = product(withLastRow(found.x, k), transform, k);
    converged = found.converged;
  }
  const last = facetLikelihood(transformed(coordinates, transform, k), widened(noiseAt(transform), 1), k);
  last.onFacet(onFacet);
  const objective = -last.of(identity(k)).logarithm / n - (inverseOf(transform, k)?.logDeterminant ?? 0);
  return { transform, onFacet, objective, converged };
}

const widened = (sigma: Float64Array, multiple: number): Float64Array =>
  sigma.map((value) => Math.max(LEAST_NOISE, value, Math.min(multiple * value, WIDEST_NOISE)));

/** −ln likelihood per point as a function of the first k−1 rows of M; the last row makes columns sum to 1. */
function cost(likelihood: FacetLikelihood, n: number, k: number) {
  return (x: Float64Array, gradient: Float64Array): number => {
    const m = withLastRow(x, k);
    const inverted = inverseOf(m, k);
    // Beyond a flat simplex lies its mirror image: no way through.
    if (!inverted || inverted.sign < 0) return Infinity;
    const { logarithm, slope } = likelihood.of(m);
    const entry = (t: number, s: number): number => -slope[t * k + s] / n - inverted.inverse[s * k + t];
    for (let t = 0; t < k - 1; t++) for (let s = 0; s < k; s++) gradient[t * k + s] = entry(t, s) - entry(k - 1, s);
    return -logarithm / n - inverted.logDeterminant;
  };
}

function withLastRow(rows: Float64Array, k: number): Float64Array {
  const m = new Float64Array(k * k);
  m.set(rows);
  for (let s = 0; s < k; s++) {
    let last = 1;
    for (let t = 0; t < k - 1; t++) last -= rows[t * k + s];
    m[(k - 1) * k + s] = last;
  }
  return m;
}
