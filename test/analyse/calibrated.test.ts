import { expect, it } from "vitest";
import { analyse } from "../../src/analyse/analyse.ts";
import { defaultRecipe } from "../../src/analyse/default-recipe.ts";
import { parseRecipe } from "../../src/analyse/parse-recipe.ts";
import { recipeFor } from "../../src/analyse/recipe-for.ts";
import { onReference } from "../../src/engines/reference.ts";
import { simulateNanowire } from "../../src/simulate/nanowire.ts";

it("takes the axes of a recipe in place of the file's, and learns the same numbers", async () => {
  const { source } = simulateNanowire({ positions: [7, 9], pixels: [40, 44], seed: 3, descan: 2 });
  const axis = (name: string, step: number, unit: string, origin = 0) => ({ name, step, unit, origin });
  const axes = {
    positions: [axis("y", 5, "nm"), axis("x", 5, "nm")],
    pixels: [axis("ky", 0.02, "1/Å", -0.4), axis("kx", 0.02, "1/Å", -0.44)],
  } as const;
  const input = { file: source.name, sha256: "0".repeat(64), bytes: 1 };
  const settings = { ...defaultRecipe, edge: "crop", methods: ["svd"], components: 2, rank: 4 } as const;
  const plain = await analyse(source, onReference, recipeFor(settings, input, {}));
  const recipe = recipeFor({ ...settings, axes }, input, {});
  expect(parseRecipe(JSON.stringify(recipe), "recipe.json")).toEqual(recipe);

  const found = await analyse(source, onReference, recipe);
  expect(found.svd).toEqual(plain.svd);
  expect(found.scan.axes.positions).toEqual(axes.positions);
  // Cropped to what all patterns have in common: a pixel keeps its calibrated value.
  const cut = source.pixels[1] - found.scan.analysedPixels[1];
  expect(cut).toBeGreaterThan(0);
  const first = (found.scan.axes.pixels[1].origin - axes.pixels[1].origin) / axes.pixels[1].step;
  expect(first).toBeCloseTo(
    (plain.scan.axes.pixels[1].origin - source.axes.pixels[1].origin) / source.axes.pixels[1].step,
  );
  expect(first).toBeGreaterThan(0);
});
