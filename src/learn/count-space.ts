import { indicesWhere } from "../algebra/indices-where.ts";
import { ShapeError } from "../scan/errors.ts";
import { poissonScaled } from "../scan/poisson-scaled.ts";
import { area, images, type Patterns, patterns, type Scan } from "../scan/scan.ts";
import type { Watch } from "../scan/source.ts";
import { svd } from "./svd.ts";

/**
 * The k dimensions of a scan that Poisson noise leaves visible, laid out so that geometry in them is geometry of the recorded counts.
 *
 * Position i is the point yᵢ = V diag(b)^(−½) xᵢ, V from the SVD of X̃ᵢⱼ = Xᵢⱼ ÷ √(aᵢ bⱼ): linear in the counts, so what is mixed in x is mixed
 * in y. A point v stands for the pattern diag(b)^½ Vᵀ v, in counts.
 */
export interface CountSpace {
  readonly k: number;
  readonly scan: Scan;
  /** n × k, of all positions; 0 where nothing was counted. */
  readonly points: Float64Array;
  /** Positions where something was counted. */
  readonly used: Int32Array;
  /** How many positions recorded something; `used` may be a part of them. */
  readonly recorded: number;
  /** Counts of each position as a part of all, n. */
  readonly share: Float64Array;
  /** 1/bⱼ, 0 where nothing was counted: least-squares weights of pixels. */
  readonly weights: Float32Array;
  /** Noise variance ÷ counts: 1 for a counting detector, g for one that records g per electron. */
  readonly gain: number;
  /** The patterns that points stand for, in counts. */
  readonly patternsOf: (points: Float64Array) => Patterns;
  /** Covariance of the points' noise (k × k) where the expected counts are those of each pattern. */
  readonly covariances: (expected: Patterns) => readonly Float64Array[];
}

/**
 * Finds the {@link CountSpace} of a scan. Reads X as often as its SVD, twice for the weights, and no more.
 *
 * @throws ShapeError components outside 1 … min(positions, pixels), or the scan spans fewer
 */
export async function countSpace(scan: Scan, k: number, seed: number, watch: Watch = {}): Promise<CountSpace> {
  const scaled = await poissonScaled(scan);
  const found = await svd(scaled.scan, { components: k, seed, ...watch });
  const { loadings, factors, singularValues, total } = found;
  if (!(singularValues[k - 1] > 1e-6 * singularValues[0])) {
    const spans = singularValues.filter((value) => value > 1e-6 * singularValues[0]).length;
    throw new ShapeError(
      `unmix: expected at most ${spans} components, which is all that the patterns span, found ${k}`,
      {
        expected: spans,
        got: k,
      },
    );
  }
  const [positions, pixels] = [area(scan.positions), area(scan.pixels)];
  const ones = (length: number): Float32Array => new Float32Array(length).fill(1);
  const rootA = scaled.loadings(images(scan.positions, ones(positions))).values;
  const rootB = scaled.factors(patterns(scan.pixels, ones(pixels))).values;
  const points = new Float64Array(positions * k);
  for (let c = 0; c < k; c++) {
    for (let i = 0; i < positions; i++) points[i * k + c] = rootA[i] * loadings.values[c * positions + i];
  }
  const used = indicesWhere(positions, (i) => rootA[i] > 0);
  const seen = rootB.reduce((count, value) => count + (value > 0 ? 1 : 0), 0);
  const explained = singularValues.reduce((sum, value) => sum + value * value, 0);
  // What is left beside k components is noise alone, of variance 1 where a count is an electron.
  const free = Math.max(1, (used.length - k) * (seen - k));
  const gain = Math.max(1e-12, (total - explained) / free);
  const basis = factors.values;
  return {
    k,
    scan,
    points,
    used,
    recorded: used.length,
    share: Float64Array.from(rootA, (root) => root * root),
    weights: rootB.map((root) => (root > 0 ? 1 / (root * root) : 0)),
    gain,
    patternsOf(some) {
      const count = some.length / k;
      const values = new Float32Array(count * pixels);
      for (let p = 0; p < count; p++) {
        for (let j = 0; j < pixels; j++) {
          let sum = 0;
          for (let c = 0; c < k; c++) sum += some[p * k + c] * basis[c * pixels + j];
          values[p * pixels + j] = rootB[j] * sum;
        }
      }
      return patterns(scan.pixels, values);
    },
    covariances(expected) {
      return Array.from({ length: expected.count }, (_, p) => {
        const covariance = new Float64Array(k * k);
        for (let j = 0; j < pixels; j++) {
          if (!(rootB[j] > 0)) continue;
          const variance = (gain * Math.max(0, expected.values[p * pixels + j])) / (rootB[j] * rootB[j]);
          for (let c = 0; c < k; c++) {
            for (let d = 0; d < k; d++)
              covariance[c * k + d] += variance * basis[c * pixels + j] * basis[d * pixels + j];
          }
        }
        return covariance;
      });
    },
  };
}
