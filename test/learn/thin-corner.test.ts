import { describe, expect, it } from "vitest";
import { random } from "../../src/algebra/random.ts";
import { transformed } from "../../src/algebra/small-matrix.ts";
import { thinCorner } from "../../src/learn/thin-corner.ts";

const SIGMA = 0.01;

/** Grains of three components, half of them under up to so much of a fourth, seen from three pure positions and one under the fourth. */
function prism(most: number, seed: number) {
  const { uniform, normal, integer } = random(seed);
  const [n, k] = [900, 4];
  // The first simplex: corners 0 … 2, and the second one under the thickest film.
  const seenAs = Float64Array.of(0, -(1 - most) / most, 0, 1 / most);
  const coordinates = new Float64Array(n * k);
  for (let i = 0; i < n; i++) {
    const film = i % 2 === 0 ? 0 : most * uniform();
    const [one, other] = [integer(3), integer(3)];
    const part = i % 5 === 0 ? uniform() : 1;
    const own = [0, 0, 0, 0];
    own[one] += (1 - film) * part;
    own[other] += (1 - film) * (1 - part);
    for (let s = 0; s < k; s++) coordinates[i * k + s] = own[s] + film * seenAs[s];
    for (let s = 0; s < k - 1; s++) {
      const error = SIGMA * normal();
      coordinates[i * k + s] += error;
      coordinates[i * k + k - 1] -= error;
    }
  }
  return { k, coordinates, seenAs };
}

/** Independent noise of the first three coordinates, the last making up for it, after a transform. */
const noiseOf = (n: number, k: number) => (m: Float64Array) => {
  const sigma = Array.from({ length: k }, (_, t) =>
    Math.hypot(...[0, 1, 2].map((s) => SIGMA * (m[t * k + s] - m[t * k + 3]))),
  );
  return Float64Array.from({ length: n * k }, (_, at) => sigma[at % k]);
};

describe("thinCorner", () => {
  it("finds the corner of a film that is nowhere more than a seventh of a position", () => {
    for (const [most, seed] of [
      [0.15, 1],
      [0.3, 2],
    ]) {
      const { k, coordinates, seenAs } = prism(most, seed);
      const found = thinCorner({ k, coordinates, noise: noiseOf(900, k) }, 3)!;
      expect(found.reduce((sum, part) => sum + part, 0)).toBeCloseTo(1, 9);
      // Far beyond the positions: a tenth of the way is well known.
      for (let s = 0; s < k; s++) expect(Math.abs(found[s] - seenAs[s]) * most).toBeLessThan(0.15);
      // From the corners found no position holds more of the film than there is.
      const film = Float64Array.from({ length: 900 }, (_, i) => coordinates[i * k + 3] / found[3]);
      expect(Math.max(...film)).toBeLessThan(1.35 * most);
      expect(Math.max(...film)).toBeGreaterThan(0.85 * most);
    }
  });

  it("leaves a corner where it is that stands over its base, and finds none where walls do not close", () => {
    const { uniform } = random(3);
    const [n, k] = [600, 3];
    // Mixtures along the edges of a triangle: every face is where it was picked.
    const edges = new Float64Array(n * k);
    const walls = new Float64Array(n * k);
    for (let i = 0; i < n; i++) {
      const part = uniform();
      edges[i * k + (i % 3)] = part;
      edges[i * k + ((i + 1) % 3)] = 1 - part;
      // A strip between two parallel lines.
      const [side, height] = [i % 2, uniform()];
      walls.set(side === 0 ? [1 - height, 0, height] : [-height, 1, height], i * k);
    }
    const noise = (m: Float64Array) => transformed(edges, m, k).fill(0.01);
    const found = thinCorner({ k, coordinates: edges, noise }, 2)!;
    for (const [s, part] of [0, 0, 1].entries()) expect(found[s]).toBeCloseTo(part, 1);
    expect(thinCorner({ k, coordinates: walls, noise }, 2)).toBeUndefined();
  });
});
