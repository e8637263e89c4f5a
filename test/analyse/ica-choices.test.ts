import { describe, expect, it } from "vitest";
import {
  analyse,
  ica,
  methodResults,
  onReference,
  parseRecipe,
  preview,
  type Recipe,
  relearnt,
  simulateNanowire,
} from "../../src/index.ts";
import { FormatError } from "../../src/scan/errors.ts";
import { wireRecipe } from "./wire-recipe.ts";

const { source } = simulateNanowire({ positions: [14, 12], pixels: [40, 36], dose: 5000, descan: 0 });
const recipe: Recipe = { ...wireRecipe, align: "none", methods: ["svd", "ica"] };
const choices: readonly NonNullable<Recipe["ica"]>[] = [
  {},
  { algorithm: "deflation" },
  { contrast: "exp" },
  { contrast: "cube", of: "maps" },
  { differences: true },
  { of: "maps", differences: true, algorithm: "deflation", contrast: "logcosh" },
];

describe("the ICA of a recipe", () => {
  it("is that of the library with the same choices, and another with every other choice", async () => {
    const found = await Promise.all(
      choices.map(async (choice) => {
        const analysis = await analyse(source, onReference, { ...recipe, ica: choice });
        const settings = { components: 3, starts: 3, tolerance: 1e-7, maximumIterations: 100, seed: 1 };
        expect(analysis.ica).toEqual(ica(analysis.svd!, { ...settings, ...choice }));
        return analysis.ica!.factors.values;
      }),
    );
    for (const [i, one] of found.entries()) for (const other of found.slice(0, i)) expect(one).not.toEqual(other);
    expect((await analyse(source, onReference, recipe)).ica!.factors.values).toEqual(found[0]);
  });

  it("is kept when the recipe is written and read, when numbers change, and in a preview; the report names it", async () => {
    const chosen: Recipe = { ...recipe, ica: choices[5] };
    expect(parseRecipe(JSON.stringify(chosen), "recipe.json")).toEqual(chosen);
    const analysis = await analyse(source, onReference, chosen);
    const two = { components: 2, clusters: 2, fuzzifier: 2 };
    const again = await relearnt(analysis, await onReference(source), two);
    expect(again.recipe.ica).toEqual(choices[5]);
    expect(again.ica).toEqual((await analyse(source, onReference, { ...chosen, ...two })).ica);
    const seen = await preview(analysis, two);
    expect(seen.ica!.factors.count).toBe(2);
    const [, result] = methodResults(analysis);
    expect(result.about).toContain("until their maps are as independent");
    expect(Object.fromEntries(result.facts)).toMatchObject({
      independent: "maps, by the differences between neighbours",
      "algorithm and contrast": "deflation, logcosh",
    });
  });

  it("is refused where it is none", () => {
    for (const wrong of [
      { of: "both" },
      { contrast: "tanh" },
      { algorithm: "infomax" },
      { differences: 1 },
      { on: "maps" },
    ]) {
      const text = JSON.stringify({ ...recipe, ica: wrong });
      expect(() => parseRecipe(text, "recipe.json"), text).toThrow(FormatError);
    }
  });
});
