import { expect, it } from "vitest";
import { combine } from "../../src/algebra/combine.ts";
import { log } from "../../src/algebra/elementary.ts";
import { gram } from "../../src/algebra/gram.ts";
import { nonNegativeLeastSquares } from "../../src/algebra/nnls.ts";
import { logNormalBelow, normalBelowTable } from "../../src/algebra/normal-distribution.ts";
import { random } from "../../src/algebra/random.ts";
import { plainStackKernels } from "../../src/algebra/stack-kernels.plain.ts";
import { type StackKernels, simdStackKernels } from "../../src/algebra/stack-kernels.ts";

const [plain, simd] = [plainStackKernels(), simdStackKernels()];
const normals = (length: number, seed: number): Float32Array => {
  const { normal } = random(seed);
  return Float32Array.from({ length }, normal);
};

it("Gram matrices and combinations have the same bits with and without SIMD, for every remainder of the blocking", () => {
  for (const [m, n, length] of [
    [1, 1, 1],
    [2, 3, 7],
    [3, 5, 247],
    [13, 4, 248],
    [4, 14, 249],
    [29, 8, 1100],
  ]) {
    const [a, b] = [normals(m * length, m), normals(n * length, 7 * n)];
    expect(gram(a, b, length, simd)).toEqual(gram(a, b, length, plain));
    expect(gram(a, a, length, simd)).toEqual(gram(a, a, length, plain));
    const c = Float64Array.from(normals(n * m, 3));
    expect(combine(c, a, length, simd)).toEqual(combine(c, a, length, plain));
    const wide = Float64Array.from(a);
    expect(combine(c, wide, length, simd)).toEqual(combine(c, a, length, plain));
  }
});

it("several stacks combine like one that holds all their rows", () => {
  const [a, b] = [normals(2 * 300, 1), normals(3 * 300, 2)];
  const c = Float64Array.from(normals(4 * 5, 3));
  expect(combine(c, [a, b], 300)).toEqual(combine(c, Float32Array.of(...a, ...b), 300));
});

/** Descends from zeros, then goes on from there extrapolated: all numbers that the kernels give. */
function descended(kernels: StackKernels, k: number, columns: number, rounds: number) {
  const points = normals((k + 2) * k, 5).map(Math.abs);
  const g = gram(points, points, k + 2);
  const t = Float64Array.from(normals(k * columns, 6));
  const size = k * columns * 8;
  const [y, target, ahead, gramAt, inverse] = kernels.rooms(size, size, size, k * k * 8, k * 8);
  kernels.doubles(y, k * columns).fill(0);
  kernels.doubles(target, k * columns).set(t);
  kernels.doubles(gramAt, k * k).set(g);
  kernels.doubles(inverse, k).set(Float64Array.from({ length: k }, (_, i) => 1 / g[i * k + i]));
  const gained = kernels.improve(y, columns, target, columns, gramAt, inverse, k, columns, rounds, 1e-9);
  kernels.extrapolate(y, target, ahead, columns, k, columns, 0.7);
  const [found, further] = [y, ahead].map((at) => kernels.doubles(at, k * columns).slice());
  return { g, t, gained, found, further };
}

it("coordinate descent has the same bits with and without SIMD, and ends at the non-negative least squares fit", () => {
  for (const [k, columns, rounds] of [
    [1, 8, 3],
    [2, 24, 1],
    [5, 40, 4000],
    [9, 16, 7],
  ]) {
    const one = descended(simd, k, columns, rounds);
    expect(one).toEqual(descended(plain, k, columns, rounds));
    let gained = 0;
    for (let x = 0; x < columns; x++) {
      const at = (values: Float64Array) => Float64Array.from({ length: k }, (_, i) => values[i * columns + x]);
      const [found, target, fit] = [at(one.found), at(one.t), new Float64Array(k)];
      nonNegativeLeastSquares(one.g, target, k, fit);
      for (let i = 0; i < k; i++) {
        if (rounds === 4000) expect(found[i]).toBeCloseTo(fit[i], 5);
        gained += 2 * found[i] * target[i];
        for (let j = 0; j < k; j++) gained -= found[i] * one.g[i * k + j] * found[j];
      }
    }
    expect(one.gained).toBeCloseTo(gained, 9);
  }
});

/** One round of clusters over columns: differences, squared lengths, shares and weighted rows. */
function clustered(kernels: StackKernels, n: number, clusters: number, columns: number, metric: boolean) {
  const row = columns * 8;
  const [from, centre, root, difference, squared, u, w, weighted] = kernels.rooms(
    ...[n * row, n * 8, n * n * 8, n * row, clusters * row, (clusters + 1) * row, clusters * row, n * row],
  );
  const points = kernels.doubles(from, n * columns);
  points.set(normals(n * columns, 1));
  kernels.doubles(root, n * n).set(normals(n * n, 2));
  for (let k = 0; k < clusters; k++) {
    // The first centre lies on a point.
    kernels.doubles(centre, n).set(k === 0 ? points.filter((_, i) => i % columns === 3) : normals(n, 3 + k));
    kernels.differences(from, columns, n, columns, centre, difference, columns);
    kernels.squaredLengths(difference, columns, n, columns, metric ? root : 0, squared + k * row);
  }
  kernels.nearestShares(squared, columns, clusters, columns, u, w);
  const nearest = kernels.doubles(u, (clusters + 1) * columns).slice();
  kernels.inverseShares(squared, columns, clusters, columns, 1e-290, u, w);
  kernels.weigh(difference, columns, n, columns, w, weighted, columns);
  const lengths = { difference: n, squared: clusters, u: clusters + 1, w: clusters, weighted: n };
  const at = { difference, squared, u, w, weighted };
  const rows = Object.entries(lengths).map(
    ([name, count]) => [name, kernels.doubles(at[name as keyof typeof at], count * columns).slice()] as const,
  );
  return Object.fromEntries([...rows, ["nearest", nearest] as const]) as Record<string, Float64Array>;
}

it("clusters have the same bits with and without SIMD, and shares that sum to one", () => {
  for (const [n, clusters, columns, metric] of [
    [1, 1, 8, false],
    [2, 3, 24, true],
    [5, 4, 40, false],
    [7, 5, 248, true],
  ] as const) {
    const found = clustered(simd, n, clusters, columns, metric);
    expect(found).toEqual(clustered(plain, n, clusters, columns, metric));
    for (let x = 0; x < columns; x++) {
      let sum = 0;
      let cost = 0;
      for (let k = 0; k < clusters; k++) {
        sum += found.u[k * columns + x];
        cost += found.u[k * columns + x] ** 2 * found.squared[k * columns + x];
      }
      expect(sum).toBeCloseTo(1, 14);
      const far = Array.from({ length: clusters }, (_, k) => found.squared[k * columns + x]);
      const least = Math.min(...far);
      expect(Array.from({ length: clusters + 1 }, (_, k) => found.nearest[k * columns + x])).toEqual([
        ...far.map((_, k) => (k === far.indexOf(least) ? 1 : 0)),
        least,
      ]);
      if (x !== 3) expect(found.u[clusters * columns + x]).toBeCloseTo(cost, 10);
      else expect(found.u[x]).toBe(1);
    }
  }
});

/** Coordinates from far outside to far inside their facets; the last column of each row is no point. */
function besideFacets(kernels: StackKernels, k: number, columns: number) {
  const size = k * columns;
  const [a, precision, odds, table, scratch, sums] = kernels.rooms(
    size * 8,
    size * 8,
    size * 8,
    normalBelowTable.length * 8,
    4 * columns * 8,
    k * 8,
  );
  const isPoint = (at: number): boolean => (at + 1) % columns !== 0;
  const coordinates = Float64Array.from(normals(size, 4), (value) => 12 * value);
  const scales = Float64Array.from(normals(size, 5), (value, at) => (isPoint(at) ? Math.abs(value) : 0));
  const logOdds = Float64Array.from(normals(size, 6), (value, at) => (isPoint(at) ? 5 * value : -Infinity));
  kernels.doubles(a, size).set(coordinates);
  kernels.doubles(precision, size).set(scales);
  kernels.doubles(odds, size).set(logOdds);
  kernels.doubles(table, normalBelowTable.length).set(normalBelowTable);
  kernels.doubles(sums, k).fill(0);
  const total = kernels.facetDensities(a, columns, k, columns, precision, odds, columns, table, scratch, sums);
  return {
    coordinates,
    scales,
    logOdds,
    total,
    slopes: kernels.doubles(a, size).slice(),
    absent: kernels.doubles(sums, k).slice(),
  };
}

it("densities beside facets have the same bits with and without SIMD, and are those of the formula with its slope", () => {
  for (const [k, columns] of [
    [1, 8],
    [3, 24],
    [7, 248],
  ]) {
    const one = besideFacets(simd, k, columns);
    expect(one).toEqual(besideFacets(plain, k, columns));
    const density = (at: number, moved = 0): number => {
      const t = (one.coordinates[at] + moved) * one.scales[at];
      const normal = new Float64Array(2);
      logNormalBelow(t, normal);
      const [more, less] = [one.logOdds[at] - 0.5 * t * t, normal[0]].sort((x, y) => y - x);
      return more + log(1 + Math.exp(less - more));
    };
    let total = 0;
    for (let at = 0; at < k * columns; at++) {
      if (one.logOdds[at] === -Infinity) expect(one.slopes[at]).toBe(0);
      else {
        total += density(at);
        const slope = (density(at, 1e-4) - density(at, -1e-4)) / 2e-4;
        expect(Math.abs(one.slopes[at] - slope)).toBeLessThan(1e-4 * (1 + Math.abs(slope)));
      }
    }
    expect(Math.abs(one.total / total - 1)).toBeLessThan(1e-12);
    expect(one.absent.every((sum) => sum > 0 && sum < columns)).toBe(true);
  }
});
