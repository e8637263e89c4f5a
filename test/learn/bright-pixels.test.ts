import { describe, expect, it } from "vitest";
import { gram } from "../../src/algebra/gram.ts";
import { random } from "../../src/algebra/random.ts";
import { symmetricEigenvalues } from "../../src/algebra/symmetric-eigen.ts";
import { brightest } from "../../src/learn/bright-pixels.ts";
import { svd } from "../../src/learn/svd.ts";
import { onThreads } from "../../src/node/threads.ts";
import { arraySource } from "../../src/scan/array-source.ts";
import type { Size } from "../../src/scan/scan.ts";

const positions: Size = [21, 23];
const pixels: Size = [37, 53];
const [n, p] = [21 * 23, 37 * 53];

/** Two crystals of bright spots on a dark background, Poisson counts; `dark` adds a pattern in pixels that no spot reaches. */
function counts(seed: number, dark: number): Uint8Array {
  const { poisson, uniform } = random(seed);
  const spots = [0, 1].map((crystal) =>
    Float64Array.from({ length: p }, (_, j) => {
      const [r, c] = [Math.floor(j / 53), j % 53];
      const near = Math.exp(-(((r % 12) - 5) ** 2 + (((c + 6 * crystal) % 13) - 6) ** 2) / 2);
      return near > 0.02 ? 90 * near : 0;
    }),
  );
  const beyond = Float64Array.from({ length: p }, (_, j) =>
    spots[0][j] + spots[1][j] === 0 && j % 3 === 0 ? dark : 0,
  );
  return Uint8Array.from({ length: n * p }, (_, index) => {
    const [i, j] = [Math.floor(index / p), index % p];
    const mixture = (i % 23) / 22;
    const third = i % 7 === 0 ? beyond[j] : 0;
    return Math.min(
      255,
      poisson(0.3 + mixture * spots[0][j] + (1 - mixture) * spots[1][j] + third * (0.5 + uniform())),
    );
  });
}

const exact = (x: Uint8Array, wanted: number): Float64Array =>
  symmetricEigenvalues(gram(Float64Array.from(x), Float64Array.from(x), p), n)
    .slice(0, wanted)
    .map(Math.sqrt);

async function decomposed(x: Uint8Array, threads = 2) {
  const scan = await onThreads(arraySource({ positions, pixels, dtype: "u8", values: x }), { threads });
  try {
    return await svd(scan, { components: 12, seed: 1 });
  } finally {
    await scan.close();
  }
}

const worst = (found: Float64Array, expected: Float64Array): number =>
  Math.max(...found.map((value, i) => Math.abs(value / expected[i] - 1)));

describe("the SVD from the brightest pixels", () => {
  it("has the singular values of all of them, in four reads", async () => {
    const x = counts(3, 0);
    const found = await decomposed(x);
    const expected = exact(x, 12);
    expect(found.reads).toBe(4);
    expect(worst(found.singularValues, expected)).toBeLessThan(2e-3);
    expect(worst(found.singularValues.slice(0, 2), expected)).toBeLessThan(1e-6);
  });

  it("finds what is in dark pixels alone", async () => {
    // Hidden in the noise of bright pixels, and above it.
    for (const [dark, tolerance] of [
      [0.6, 1e-2],
      [1, 2e-3],
      [1.5, 2e-3],
      [4, 2e-3],
    ]) {
      const x = counts(5, dark);
      const found = await decomposed(x);
      expect(worst(found.singularValues, exact(x, 12))).toBeLessThan(tolerance);
    }
  });

  it("finds no more than there is, where nothing is noise", async () => {
    const [bright, other] = [3, 11].map((step) =>
      Float32Array.from({ length: p }, (_, j) => (j % step === 0 && j % 10 === 0 ? 40 + (j % 7) : 0)),
    );
    const x = Uint8Array.from({ length: n * p }, (_, at) => bright[at % p] + (Math.floor(at / p) % 3) * other[at % p]);
    const found = await decomposed(x);
    expect(worst(found.singularValues.slice(0, 2), exact(x, 2))).toBeLessThan(1e-6);
    expect(found.singularValues[2]).toBeLessThan(1e-5 * found.singularValues[0]);
    expect(found.factors.values.every(Number.isFinite)).toBe(true);
    expect((await decomposed(new Uint8Array(n * p))).singularValues).toEqual(new Float64Array(12));
    const one = new Uint8Array(n * p);
    one[777] = 9;
    expect((await decomposed(one)).singularValues[0]).toBeCloseTo(9, 5);
  });

  it("gives the same bits on any number of threads", async () => {
    const x = counts(7, 0);
    expect(await decomposed(x, 1)).toEqual(await decomposed(x, 3));
  });

  it("takes the brightest eighth, and none where light is even or pixels are few", () => {
    const squares = Float32Array.from({ length: 800 }, (_, i) => (i % 10 === 3 ? 50 + i / 100 : 1));
    squares[0] = 0;
    const chosen = brightest(squares, 5)!;
    expect(chosen.length).toBe(100);
    expect(chosen).not.toContain(0);
    for (let i = 3; i < 800; i += 10) expect(chosen).toContain(i);
    expect(
      brightest(
        squares.map(() => 2),
        5,
      ),
    ).toBeUndefined();
    expect(brightest(squares, 40)).toBeUndefined();
  });
});
