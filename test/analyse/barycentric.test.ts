import { describe, expect, it } from "vitest";
import {
  type Analysis,
  analyse,
  barycentric,
  maskRuns,
  methodResults,
  onReference,
  parseRecipe,
  preview,
  type Recipe,
  simulateNanowire,
} from "../../src/index.ts";
import { summary } from "../../src/results/summary.ts";
import { area, type Images } from "../../src/scan/scan.ts";
import { wireRecipe } from "./wire-recipe.ts";

const clusterings = ["fcm", "gk", "k-means", "possibilistic", "high-contrast", "noise"] as const;
const { source } = simulateNanowire({ positions: [14, 12], pixels: [40, 36], dose: 5000 });
const recipe: Recipe = { ...wireRecipe, methods: ["svd", ...clusterings] };

/** Every clustering of an analysis, by name. */
const clustersOf = ({ fcm, gk, clusterings }: Analysis) => Object.entries({ fcm: fcm!, gk: gk!, ...clusterings });

const sumsOf = ({ size, count, values }: Images): number[] =>
  Array.from({ length: area(size) }, (_, i) =>
    Array.from({ length: count }, (_, t) => values[t * area(size) + i]).reduce((a, b) => a + b, 0),
  );

describe("barycentric maps beside the memberships of an analysis", () => {
  it("are made for every clustering, from its own centres, in its own space", async () => {
    for (const choice of [{}, { loadings: "unit", clusters: 4 }, { centred: true }] as const) {
      const analysis = await analyse(source, onReference, { ...recipe, ...choice });
      const found = clustersOf(analysis);
      expect(found.map(([name]) => name)).toEqual([...clusterings]);
      for (const [name, { barycentric: own, loadingCentres, clusters }] of found) {
        expect([own.maps.count, own.maps.size], name).toEqual([clusters, [14, 12]]);
        expect(Math.min(...own.maps.values), name).toBeGreaterThanOrEqual(0);
        for (const sum of sumsOf(own.maps)) expect(sum, name).toBeCloseTo(1, 5);
        const { loadings } = analysis.recipe;
        const dimensions = loadingCentres.length / clusters;
        expect(own, name).toEqual(barycentric({ svd: analysis.svd!, loadings, loadingCentres, dimensions }));
        const told = JSON.parse(JSON.stringify(summary(analysis)))[name].barycentric;
        expect(told, name).toEqual({ outside: own.outside });
      }
      expect(methodResults(analysis).filter(({ barycentric }) => barycentric).length).toBe(6);
    }
  });

  it("are 0 where a mask leaves positions out, the same again from the recipe as written, and part of a preview", async () => {
    const kept = Uint8Array.from({ length: 14 * 12 }, (_, i) => (i % 12 < 9 ? 1 : 0));
    const masked = { ...recipe, masks: { positions: maskRuns(kept) } };
    const first = await analyse(source, onReference, masked);
    for (const [name, { barycentric: own }] of clustersOf(first)) {
      for (const [i, sum] of sumsOf(own.maps).entries()) expect(sum, name).toBeCloseTo(kept[i], 5);
    }
    const again = await analyse(source, onReference, parseRecipe(JSON.stringify(first.recipe), "recipe.json"));
    expect(clustersOf(again)).toEqual(clustersOf(first));
    const seen = await preview(first, { components: 2, clusters: 2, fuzzifier: 2 });
    for (const [name, { barycentric: own }] of clustersOf(seen)) expect(own.maps.count, name).toBe(2);
  });

  it("are all of the one cluster where there is one", async () => {
    const analysis = await analyse(source, onReference, { ...recipe, methods: ["svd", "fcm"], clusters: 1 });
    expect(analysis.fcm!.barycentric.maps.values).toEqual(new Float32Array(14 * 12).fill(1));
    const [, result] = methodResults(analysis);
    expect(result.facts.flat()).not.toContain("distance from mixtures of the centres");
  });
});
