import { describe, expect, it } from "vitest";
import { hoyerSparsity } from "../../src/learn/hoyer-sparsity.ts";
import { nmf } from "../../src/learn/nmf.ts";
import { nmfKullbackLeibler } from "../../src/learn/nmf-kullback-leibler.ts";
import { nmfPoisson } from "../../src/learn/nmf-poisson.ts";
import { nmfSimplex } from "../../src/learn/nmf-simplex.ts";
import { nmfSparse } from "../../src/learn/nmf-sparse.ts";
import { nmfVolume } from "../../src/learn/nmf-volume.ts";
import type { Nmf } from "../../src/learn/results.ts";
import { onThreads } from "../../src/node/threads.ts";
import { arraySource } from "../../src/scan/array-source.ts";
import { images, item, patterns } from "../../src/scan/scan.ts";
import { errorsOf, limitsOf } from "../accuracy/errors-of.ts";
import { hasReferenceData, readNpy, readScan } from "./reference-data.ts";

describe.skipIf(!hasReferenceData)("the NMF family on the nanowire, three components", { timeout: 240_000 }, () => {
  const known = () => {
    const [maps, factors] = [readNpy("nanowire/truth-abundances.npy"), readNpy("nanowire/truth-patterns.npy")];
    return {
      loadings: images([maps.shape[1], maps.shape[2]], Float32Array.from(maps.values)),
      factors: patterns([factors.shape[1], factors.shape[2]], Float32Array.from(factors.values)),
    };
  };
  const options = { components: 3, seed: 1 };
  /** Pattern angles and map errors, shown so that they can be read beside the truth. */
  const told = (name: string, found: Nmf, scaled: boolean) => {
    const { angles, maps } = errorsOf(found, known(), scaled);
    const shown = (values: readonly number[], digits: number) => values.map((value) => value.toFixed(digits)).join(" ");
    console.info(
      `${name}: patterns ${shown(angles, 2)}°, maps ${shown(maps, 4)}, objective ${found.objective.toPrecision(7)}`,
    );
    return { angles, maps };
  };

  it("of minimum volume comes near the noise limit", async () => {
    const limit = limitsOf(Float64Array.from(readNpy("nanowire/aligned.npy").values), known());
    const found = told("volume", await nmfVolume(readScan("nanowire/aligned.npy"), options), false);
    for (const [t, value] of found.angles.entries()) expect(value).toBeLessThanOrEqual(1.2 * limit.angles[t]);
    for (const [t, value] of found.maps.entries()) expect(value).toBeLessThanOrEqual(1.05 * limit.maps[t]);
  });

  it("that sums to one keeps the direct beam, which plain and weighted NMF lose", async () => {
    const scan = readScan("nanowire/aligned.npy");
    const worst = (angles: readonly number[]): number => Math.max(...angles);
    expect(worst(told("sum to one", await nmfSimplex(scan, options), false).angles)).toBeLessThan(1.5);
    expect(
      worst(told("sum to at most one", await nmfSimplex(scan, { ...options, sum: "at most one" }), false).angles),
    ).toBeLessThan(1.5);
    expect(worst(told("plain", await nmf(scan, options), true).angles)).toBeGreaterThan(30);
    expect(worst(told("weighted", await nmfPoisson(scan, options), true).angles)).toBeGreaterThan(20);
  });

  it("of given sparsity attains it", async () => {
    const scan = readScan("nanowire/aligned.npy");
    for (const [on, sparsity] of [
      ["maps", 0.4],
      ["patterns", 0.4],
    ] as const) {
      const found = await nmfSparse(scan, { ...options, sparsity, on });
      told(`sparse ${on}`, found, true);
      const stack = on === "maps" ? found.loadings : found.factors;
      for (let t = 0; t < 3; t++) expect(hoyerSparsity(item(stack, t))).toBeCloseTo(sparsity, 5);
    }
  });

  it("of greatest likelihood ends below the weighted start", async () => {
    const { shape, values } = readNpy("nanowire/aligned.npy");
    const [rows, columns, height, width] = shape;
    const source = arraySource({
      positions: [rows, columns],
      pixels: [height, width],
      dtype: "u8",
      values: values as Uint8Array,
    });
    const scan = await onThreads(source, { threads: 2 });
    const found = await nmfKullbackLeibler(scan, options);
    await scan.close();
    told("likelihood", found, true);
    expect(found.objective).toBeLessThan(found.starts[0]);
  });
});
