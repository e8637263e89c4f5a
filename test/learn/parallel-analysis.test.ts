import { describe, expect, it } from "vitest";
import { random } from "../../src/algebra/random.ts";
import { aboveNoise, meanNoiseEdge } from "../../src/learn/noise-edge.ts";
import { parallelAnalysis } from "../../src/learn/parallel-analysis.ts";
import { svd } from "../../src/learn/svd.ts";
import { biwhitened } from "../../src/scan/biwhitened.ts";
import { denseScan } from "./dense-scan.ts";
import { example } from "./example.ts";

async function weighted(dose: number, gain = 1) {
  const { positions, pixels, x } = example(2, dose, 12, [20, 23], [24, 26]);
  const even = await biwhitened(
    denseScan(
      positions,
      pixels,
      x.map((value) => gain * value),
    ),
  );
  const found = await svd(even.scan, { components: 8, seed: 1 });
  const [rows, columns] = even.used;
  const { variance } = aboveNoise({ values: found.singularValues, total: found.total, rows, columns });
  return { even, found, variance };
}

describe("parallelAnalysis", () => {
  it("is near 1 where counts are many, less where they are few, and the same for the same seed", async () => {
    const many = await weighted(20_000);
    const few = await weighted(150);
    const of = ({ found, even, variance }: typeof many, seed: number) =>
      parallelAnalysis(found, even, { variance, seed });
    const [high, low] = [await of(many, 1), await of(few, 1)];
    expect(high).toBeGreaterThan(0.985);
    expect(high).toBeLessThan(1.015);
    expect(low).toBeLessThan(high);
    expect(await of(few, 1)).toBe(low);
    expect(await of(few, 2)).not.toBe(low);
  });

  it("does not depend on the gain", async () => {
    const [one, gained] = [await weighted(500), await weighted(500, 30)];
    const of = ({ found, even, variance }: typeof one) =>
      parallelAnalysis(found, even, { variance, seed: 1, scans: 1 });
    expect(Math.abs((await of(one)) - (await of(gained)))).toBeLessThan(0.02);
  });

  it("tells where the noise of scans drawn from the truth ends", async () => {
    // Rank one, so that expected counts are known without a fit.
    const [n, p] = [18 * 20, 15 * 16];
    const mean = (i: number, j: number): number => 0.02 + 0.5 * ((1 + (i % 5)) / 5) * (j % 7 === 0 ? 1 : 0.1);
    const drawn = async (seed: number) => {
      const { poisson } = random(seed);
      const x = Float64Array.from({ length: n * p }, (_, at) => poisson(mean(Math.floor(at / p), at % p)));
      const even = await biwhitened(denseScan([18, 20], [15, 16], x));
      return { even, found: await svd(even.scan, { components: 3, seed: 1 }) };
    };
    let sum = 0;
    for (let seed = 1; seed <= 8; seed++) {
      const { even, found } = await drawn(seed);
      const left = found.total - found.singularValues[0] ** 2;
      const [rows, columns] = even.used;
      sum += found.singularValues[1] / Math.sqrt(left / ((rows - 1) * (columns - 1))) / meanNoiseEdge(rows, columns);
    }
    const { even, found } = await drawn(9);
    const ending = await parallelAnalysis(found, even, { variance: 1, seed: 1, scans: 8 });
    expect(Math.abs(ending - sum / 8)).toBeLessThan(0.01);
  });
});
