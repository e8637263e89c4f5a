import { describe, expect, it, test } from "vitest";
import { random } from "../../src/algebra/random.ts";
import { plainWaveArrays } from "../../src/algebra/wave-arrays.plain.ts";
import { fastLength, simdWaveArrays, type WaveArrays } from "../../src/algebra/wave-arrays.ts";

const makers = [
  ["simd, 32 bits", (r: number, c: number) => simdWaveArrays(r, c, 32), 2e-6],
  ["simd, 64 bits", (r: number, c: number) => simdWaveArrays(r, c, 64), 1e-13],
  ["plain", plainWaveArrays, 1e-13],
] as const;

/** Σ x exp(−2πi (ur/R + vc/C)) of one lane, element by element. */
function directly(values: ArrayLike<number>, { rows, columns, lanes }: WaveArrays, lane: number): [number, number][] {
  const out: [number, number][] = [];
  for (let u = 0; u < rows; u++) {
    for (let v = 0; v < columns; v++) {
      let re = 0;
      let im = 0;
      for (let i = 0; i < rows * columns; i++) {
        const angle = -2 * Math.PI * ((u * Math.floor(i / columns)) / rows + (v * (i % columns)) / columns);
        const [x, y] = [values[2 * lanes * i + lane]!, values[2 * lanes * i + lanes + lane]!];
        re += x * Math.cos(angle) - y * Math.sin(angle);
        im += x * Math.sin(angle) + y * Math.cos(angle);
      }
      out.push([re, im]);
    }
  }
  return out;
}

describe.each(makers)("wave arrays, %s", (_, make, tolerance) => {
  test.each([
    [1, 1],
    [1, 7 - 2],
    [2, 3],
    [6, 5],
    [4, 9],
    [12, 10],
    [8, 15],
    [25, 2],
    [16, 12],
  ])("%i × %i: the sum, in every lane by itself; inverse gives it back", (rows, columns) => {
    const waves = make(rows, columns);
    const { normal } = random(1, rows * 100 + columns);
    const given = Float64Array.from({ length: 2 * waves.lanes * rows * columns }, () => normal());
    waves.values().set(given);
    waves.forward();
    const scale = Math.sqrt(rows * columns);
    for (let lane = 0; lane < waves.lanes; lane++) {
      for (const [i, [re, im]] of directly(given, waves, lane).entries()) {
        const at = 2 * waves.lanes * i + lane;
        expect(Math.abs(waves.values()[at]! - re)).toBeLessThan(tolerance * scale * 5);
        expect(Math.abs(waves.values()[at + waves.lanes]! - im)).toBeLessThan(tolerance * scale * 5);
      }
    }
    waves.inverse();
    for (const [i, value] of given.entries()) {
      expect(Math.abs(waves.values()[i]! / (rows * columns) - value)).toBeLessThan(tolerance * 5);
    }
  });

  it("multiplies by factors for all lanes and by each lane's own", () => {
    const waves = make(2, 3);
    const { lanes } = waves;
    const given = Float64Array.from({ length: 12 * lanes }, (_, i) => (i % 7) - 3);
    const all = Float64Array.from({ length: 12 }, (_, i) => i - 4);
    const own = Float64Array.from({ length: 12 * lanes }, (_, i) => (i % 5) - 1);
    waves.values().set(given);
    const [first, second] = [waves.factors(all), waves.factors(own, true)];
    waves.multiply(first);
    waves.multiply(second);
    for (let e = 0; e < 6; e++) {
      for (let lane = 0; lane < lanes; lane++) {
        const at = 2 * lanes * e + lane;
        const [a, b, c, d] = [given[at]!, given[at + lanes]!, all[2 * e]!, all[2 * e + 1]!];
        const [x, y, p, q] = [a * c - b * d, a * d + b * c, own[at]!, own[at + lanes]!];
        expect(waves.values()[at]).toBe(x * p - y * q);
        expect(waves.values()[at + lanes]).toBe(x * q + y * p);
      }
    }
  });
});

test("fast lengths are products of 2, 3 and 5", () => {
  expect([1, 7, 11, 31, 97, 121].map(fastLength)).toEqual([1, 8, 12, 32, 100, 125]);
});
