import { expect, it } from "vitest";
import {
  type Analysis,
  analyse,
  type defaultRecipe,
  numberOfClusters,
  onReference,
  type PatternSource,
  simulateNanowire,
} from "../../src/index.ts";
import { report } from "../../src/results/report.ts";
import { summary } from "../../src/results/summary.ts";
import { wireRecipe } from "./wire-recipe.ts";

const run = (source: PatternSource, methods: typeof defaultRecipe.methods): Promise<Analysis> =>
  analyse(source, onReference, { ...wireRecipe, methods });
const wire = () => simulateNanowire({ positions: [14, 12], pixels: [40, 36], dose: 5000 }).source;

it("counts clusters wherever it makes some, and tells it in summary and report", async () => {
  const analysis = await run(wire(), ["svd", "fcm", "gk", "k-means"]);
  const counted = analysis.numberOfClusters!;
  expect(counted.indices.map(({ clusters }) => clusters)).toEqual([2, 3, 4, 5]);
  // The same as by hand from the same SVD: nothing else is known to it.
  expect(numberOfClusters({ svd: analysis.svd!, most: 5, seed: 1 }).votes).toEqual(counted.votes);

  const told = JSON.parse(JSON.stringify(summary(analysis)));
  expect(told.numberOfClusters).toMatchObject({ suggested: counted.suggested, votes: counted.votes });
  expect(told.numberOfClusters.gap.gaps).toHaveLength(5);
  for (const name of ["fcm", "gk", "k-means"]) {
    const { validity, partitionCoefficient } = told[name];
    expect(Object.keys(validity).sort()).toEqual(
      ["fukuyamaSugeno", "fuzzySilhouette", "partitionCoefficient", "partitionEntropy", "xieBeni"].sort(),
    );
    expect(validity.partitionCoefficient).toBe(partitionCoefficient);
  }
  // Crisp memberships: nothing is shared.
  expect(told["k-means"].validity).toMatchObject({ partitionCoefficient: 1, partitionEntropy: 0 });
  expect(told.fcm.validity.partitionEntropy).toBeGreaterThan(0);

  const page = report(analysis, []);
  expect(page).toContain('<section id="clusters">');
  expect(page).toContain(counted.reason);
  expect(page).toContain("Xie–Beni (low is good)");
});

it("says nothing of clusters where none are made, or where positions are too few to be counted", async () => {
  expect((await run(wire(), ["svd", "nmf"])).numberOfClusters).toBeUndefined();
  const few = simulateNanowire({ positions: [2, 2], pixels: [40, 36], dose: 5000 }).source;
  const analysis = await analyse(few, onReference, {
    ...wireRecipe,
    methods: ["svd", "fcm"],
    clusters: 2,
    components: 2,
  });
  expect(analysis.fcm?.clusters).toBe(2);
  expect(analysis.numberOfClusters).toBeUndefined();
});
