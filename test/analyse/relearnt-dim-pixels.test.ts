import { expect, it } from "vitest";
import { analyse, onReference, preview, simulateNanowire } from "../../src/index.ts";
import { wireRecipe } from "./wire-recipe.ts";

// Where a pixel counted next to nothing, what the SVD kept of it sums to less than 0: previews must not refuse such data.

it("previews unmixing where some pixels counted hardly anything", async () => {
  const { source } = simulateNanowire({ positions: [14, 12], pixels: [40, 36], dose: 2000 });
  const recipe = { ...wireRecipe, methods: ["svd", "unmix"] as const };
  const analysis = await analyse(source, onReference, recipe);
  const seen = await preview(analysis, { components: 2, clusters: 2, fuzzifier: 2 });
  expect(seen.impossible).toBeUndefined();
  expect(seen.unmix?.components).toBe(2);
});
