import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { gaussianBlur } from "../../src/algebra/blur.ts";
import { random } from "../../src/algebra/random.ts";
import { noiseEdge } from "../../src/learn/noise-edge.ts";
import { suggestRank } from "../../src/learn/rank.ts";
import { splitHalf } from "../../src/learn/split-half.ts";
import { svd } from "../../src/learn/svd.ts";
import { denseScan } from "./dense-scan.ts";
import { example } from "./example.ts";

/** The same by full decompositions: directions of the black squares, singular values of the white squares along them. */
function naive(x: Float64Array, [rows, columns]: readonly [number, number], components: number): number {
  const pixels = x.length / (rows * columns);
  const squares: [number[][], number[][]] = [[], []];
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const at = (r * columns + c) * pixels;
      squares[(r + c) % 2].push(Array.from(x.subarray(at, at + pixels)));
    }
  }
  const { rightSingularVectors } = new SingularValueDecomposition(new Matrix(squares[0]), { autoTranspose: true });
  const seen = new Matrix(squares[1]).mmul(rightSingularVectors.subMatrix(0, pixels - 1, 0, components - 1));
  const values = [...new SingularValueDecomposition(seen).diagonal].sort((a, b) => b - a);
  for (let k = 0; k < components; k++) {
    const left = values.slice(k).reduce((sum, value) => sum + value ** 2, 0);
    const deviation = Math.sqrt(left / ((squares[1].length - k) * (components - k)));
    if (values[k] <= deviation * noiseEdge(squares[1].length, components)) return k;
  }
  return components;
}

describe("splitHalf", () => {
  it("agrees with full decompositions of both halves", async () => {
    const { normal } = random(3);
    for (const [count, strength] of [
      [0, 0],
      [2, 1.5],
      [3, 4],
    ]) {
      const [n, p] = [9 * 10, 7 * 8];
      const u = Float64Array.from({ length: 3 * n }, normal);
      const v = Float64Array.from({ length: 3 * p }, normal);
      const x = Float64Array.from({ length: n * p }, (_, at) => {
        let sum = normal();
        for (let k = 0; k < count; k++) sum += strength * u[k * n + Math.floor(at / p)] * v[k * p + (at % p)];
        return sum;
      });
      const scan = denseScan([9, 10], [7, 8], x);
      const used = new Float32Array(n).fill(1);
      const found = await splitHalf(scan, used, { components: 8, seed: 1 });
      expect(found).toBe(naive(x, [9, 10], 8));
      expect(found).toBe(count);
    }
  });

  it("is right where a camera spreads electrons over pixels, and the edge of counting noise is not", async () => {
    const { positions, pixels, x } = example(3, 4000, 13, [20, 23], [24, 26]);
    const p = 24 * 26;
    const spread = new Float64Array(x.length);
    for (let at = 0; at < x.length; at += p) {
      spread.set(gaussianBlur(Float32Array.from(x.subarray(at, at + p)), 24, 26, 0.8), at);
    }
    const scan = denseScan(positions, pixels, spread);
    const found = await suggestRank(scan, { svd: await svd(scan, { components: 20, seed: 1 }), seed: 1 });
    expect(found.votes.marchenkoPastur).toBeGreaterThan(3);
    expect(found.votes.splitHalf).toBe(3);
    expect(found.suggested).toBe(3);
  });

  it("leaves out what is masked, and does not judge a few positions", async () => {
    const { positions, pixels, x } = example(2, 4000, 12);
    const used = new Float32Array(14 * 17).fill(1).fill(0, 0, 17);
    expect(await splitHalf(denseScan(positions, pixels, x), used, { components: 8, seed: 1 })).toBeGreaterThanOrEqual(
      2,
    );
    expect(
      await splitHalf(denseScan([2, 2], [5, 6], new Float64Array(120).fill(1)), new Float32Array(4).fill(1), {
        components: 3,
        seed: 1,
      }),
    ).toBe(undefined);
  });
});
