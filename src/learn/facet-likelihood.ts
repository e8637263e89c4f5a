import { log, log1p } from "../algebra/elementary.ts";
import { WINDOW } from "../algebra/gram.ts";
import { normalBelowTable } from "../algebra/normal-distribution.ts";
import { type StackKernels, stackKernels } from "../algebra/stack-kernels.ts";

/** Noisy points beside the facets of a simplex that moves. */
export interface FacetLikelihood {
  /** Which part w of the points lies on each facet, 0 < w < 1. To be said first. */
  onFacet(parts: Float64Array): void;
  /** Of the points as M, k × k, shows them. */
  of(transform: Float64Array): {
    /** Σ ln p over all points and coordinates. */
    readonly logarithm: number;
    /** Its slope in the entries of M, k × k. */
    readonly slope: Float64Array;
    /** How many points are on each facet, as far as noise tells. */
    readonly absent: Float64Array;
  };
}

/**
 * How likely points are beside the facets of a simplex. Each coordinate of M a is 0 where a component is absent or anything positive, measured with known noise:
 * p = w N(a; 0, σ) + (1 − w) Φ(a/σ).
 *
 * Holds this thread's kernels until its last use: no other operation on stacks in between. An evaluation costs 2 n k² multiplications, and n k logarithms and exponentials.
 *
 * @param coordinates  a, n × k
 * @param sigma        σ > 0, n × k
 */
export function facetLikelihood(
  coordinates: Float64Array,
  sigma: Float64Array,
  k: number,
  kernels: StackKernels = stackKernels(),
): FacetLikelihood {
  const n = coordinates.length / k;
  const stride = (n + 7) & ~7;
  const rows = k * stride * 8;
  const [points, precision, odds, panel, matrix, sums, products, table, scratch] = kernels.rooms(
    ...[rows, rows, rows, k * WINDOW * 8, k * k * 8, k * 8, k * k * 8, normalBelowTable.length * 8, 4 * WINDOW * 8],
  );
  const turned = (address: number, value: (at: number) => number, padding: number): void => {
    const into = kernels.doubles(address, k * stride).fill(padding);
    for (let t = 0; t < k; t++) for (let i = 0; i < n; i++) into[t * stride + i] = value(i * k + t);
  };
  turned(points, (at) => coordinates[at], 0);
  turned(precision, (at) => 1 / sigma[at], 0);
  kernels.doubles(table, normalBelowTable.length).set(normalBelowTable);
  // ln of how much more likely absent is than present where a coordinate is 0 and Φ counts as 1, but for the part on the facet.
  const logs = sigma.map((value) => -log(value) - LOG_ROOT_2PI);
  let present = 0;
  return {
    onFacet(parts) {
      const more = parts.map((part) => log(part / (1 - part)));
      turned(odds, (at) => logs[at] + more[at % k], -Infinity);
      present = n * parts.reduce((sum, part) => sum + log1p(-part), 0);
    },
    of(transform) {
      kernels.doubles(matrix, k * k).set(transform);
      kernels.doubles(products, k * k).fill(0);
      kernels.doubles(sums, k).fill(0);
      let logarithm = present;
      for (let start = 0; start < stride; start += WINDOW) {
        const columns = Math.min(WINDOW, stride - start);
        const from = 8 * start;
        kernels.combine(matrix, k, k, points + from, stride, columns, panel, WINDOW);
        logarithm += kernels.facetDensities(
          ...[panel, WINDOW, k, columns, precision + from, odds + from, stride, table, scratch, sums],
        );
        kernels.gram(panel, WINDOW, k, points + from, stride, k, columns, products, k);
      }
      return {
        logarithm,
        slope: kernels.doubles(products, k * k).slice(),
        absent: kernels.doubles(sums, k).slice(),
      };
    },
  };
}

const LOG_ROOT_2PI = 0.5 * log(2 * Math.PI);
