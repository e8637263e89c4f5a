import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { random } from "../../src/algebra/random.ts";
import { aboveNoise, meanNoiseEdge, noiseEdge } from "../../src/learn/noise-edge.ts";

const [rows, columns] = [24, 35];

function singularValues(x: readonly number[]): number[] {
  const { diagonal } = new SingularValueDecomposition(Matrix.from1DArray(rows, columns, [...x]), {
    autoTranspose: true,
  });
  return [...diagonal].sort((a, b) => b - a);
}

describe("noiseEdge", () => {
  it("is where the largest singular value of normal noise lies on average, and is exceeded once in a thousand", () => {
    const { normal } = random(1);
    const largest = Array.from(
      { length: 300 },
      () => singularValues(Array.from({ length: rows * columns }, normal))[0],
    );
    const mean = largest.reduce((sum, value) => sum + value, 0) / largest.length;
    expect(mean / meanNoiseEdge(rows, columns)).toBeCloseTo(1, 2);
    expect(largest.filter((value) => value > noiseEdge(rows, columns)).length).toBeLessThan(4);
    expect(largest.filter((value) => value > noiseEdge(rows, columns, 0.98)).length).toBeGreaterThan(4);
  });

  it("comes near √n + √p for large matrices, and is the same both ways", () => {
    expect(noiseEdge(10_000, 20_736) / (100 + 144)).toBeCloseTo(1, 2);
    expect(noiseEdge(7, 50)).toBe(noiseEdge(50, 7));
  });
});

describe("aboveNoise", () => {
  it("counts what was planted, for any variance of the noise, and estimates it", () => {
    const { normal } = random(2);
    const [u, v] = [Array.from({ length: 2 * rows }, normal), Array.from({ length: 2 * columns }, normal)];
    for (const deviation of [0.1, 1, 30]) {
      const x = Array.from({ length: rows * columns }, (_, at) => {
        const [i, j] = [Math.floor(at / columns), at % columns];
        return deviation * (1.5 * u[i] * v[j] + 0.9 * u[rows + i] * v[columns + j] + normal());
      });
      const values = singularValues(x);
      const total = x.reduce((sum, value) => sum + value * value, 0);
      const found = aboveNoise({ values: values.slice(0, 6), total, rows, columns });
      expect(found.count).toBe(2);
      expect(found.variance / deviation ** 2).toBeGreaterThan(0.8);
      expect(found.variance / deviation ** 2).toBeLessThan(1.2);
      // The second value is no larger than twice the edge.
      expect(aboveNoise({ values, total, rows, columns }, 4).count).toBeLessThan(2);
    }
  });

  it("counts no rounding of the total, and all where there is no floor", () => {
    expect(aboveNoise({ values: [1, 0.5, 1e-9], total: 1.25 - 1e-12, rows, columns }).count).toBe(2);
    expect(aboveNoise({ values: [9, 8, 7], total: 9 ** 2 + 8 ** 2 + 7 ** 2 + 1, rows, columns }).count).toBe(3);
  });
});
