import { defaultRecipe, type Recipe } from "../../src/index.ts";

/** What `npm start` asks of it: two twins, vacuum, carbon film; clustered as the paper did, on loadings of unit norm. */
export const exampleRecipe: Omit<Recipe, "endmember" | "input" | "open" | "masks"> = {
  ...defaultRecipe,
  components: 4,
  clusters: 3,
  loadings: "unit",
};
