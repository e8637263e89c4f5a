import { expect, test } from "vitest";
import { random } from "../../src/algebra/random.ts";
import { sampledCorners } from "../../src/learn/mixture-sampler.ts";

interface Drawn {
  readonly coordinates: Float64Array;
  readonly covariances: Float64Array;
  readonly faces: readonly number[];
}

/** Points uniform on faces of the unit simplex, in parts as given by the components present (bits), with normal noise on the plane of sum 1. */
function points(k: number, parts: Readonly<Record<number, number>>, noise: number, count: number, seed: number): Drawn {
  const { uniform, normal } = random(seed);
  const coordinates = new Float64Array(count * k);
  const faces: number[] = [];
  for (let i = 0; i < count; i++) {
    let chosen = uniform();
    let face = 0;
    for (const [key, part] of Object.entries(parts)) {
      face = Number(key);
      chosen -= part;
      if (chosen <= 0) break;
    }
    faces.push(face);
    const row = coordinates.subarray(i * k, (i + 1) * k);
    for (let t = 0; t < k; t++) row[t] = (face >> t) & 1 ? -Math.log(1 - uniform()) : 0;
    const total = row.reduce((sum, value) => sum + value, 0);
    const disturbed = Array.from({ length: k }, () => noise * normal());
    const mean = disturbed.reduce((sum, value) => sum + value, 0) / k;
    for (let t = 0; t < k; t++) row[t] = row[t] / total + disturbed[t] - mean;
  }
  const m = k - 1;
  const one = Float64Array.from({ length: m * m }, (_, at) => noise ** 2 * ((at % (m + 1) === 0 ? 1 : 0) - 1 / k));
  const covariances = new Float64Array(count * m * m);
  for (let i = 0; i < count; i++) covariances.set(one, i * m * m);
  return { coordinates, covariances, faces };
}

/** Barycentric coordinates as seen from corners that lie inside by a part. */
function seenFromInside(coordinates: Float64Array, k: number, inside: number): Float64Array {
  return coordinates.map((value) => (value - inside / k) / (1 - inside));
}

test("corners are found within their spread, with and without pure points, from a start that is off", () => {
  const mixed = { 3: 0.2, 5: 0.25, 6: 0.15, 7: 0.4 };
  const pure = { 1: 0.3, 2: 0.2, 4: 0.1, 3: 0.15, 5: 0.1, 6: 0.05, 7: 0.1 };
  for (const parts of [mixed, pure]) {
    const { coordinates, covariances, faces } = points(3, parts, 0.03, 1500, 5);
    const inside = 0.05;
    const found = sampledCorners(
      { k: 3, coordinates: seenFromInside(coordinates, 3, inside), covariances: covariances.map((v) => v / 0.95 ** 2) },
      { seed: 1 },
    );
    for (let t = 0; t < 3; t++) {
      for (let s = 0; s < 3; s++) {
        const truth = ((s === t ? 1 : 0) - inside / 3) / (1 - inside);
        const error = Math.abs(found.corners[t * 3 + s] - truth);
        expect(error).toBeLessThan(4 * found.spread[t * 3 + s] + 1e-9);
        expect(found.spread[t * 3 + s]).toBeLessThan(0.012);
      }
      const absent = faces.filter((face) => !((face >> t) & 1)).length / faces.length;
      expect(Math.abs(found.onFacet[t] - absent)).toBeLessThan(0.05);
    }
  }
});

test("corners of noise-free pure points are these points", () => {
  const { coordinates, covariances } = points(4, { 1: 0.3, 2: 0.3, 4: 0.2, 8: 0.2 }, 0, 60, 3);
  const { corners } = sampledCorners({ k: 4, coordinates, covariances }, { seed: 2 });
  for (const [at, value] of corners.entries()) expect(value).toBeCloseTo(at % 5 === 0 ? 1 : 0, 3);
});

test("the same seed gives the same bits, another seed agrees within the spread", () => {
  const { coordinates, covariances } = points(2, { 1: 0.2, 2: 0.2, 3: 0.6 }, 0.05, 400, 9);
  const [a, b, c] = [1, 1, 2].map((seed) => sampledCorners({ k: 2, coordinates, covariances }, { seed }));
  expect(b.corners).toEqual(a.corners);
  for (const [at, value] of c.corners.entries()) {
    expect(Math.abs(value - a.corners[at])).toBeLessThan(3 * a.spread[at]);
    expect(a.corners[at]).not.toBe(value);
  }
});
