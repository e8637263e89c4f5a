import { defaultMethods, type Recipe } from "./recipe.ts";

/** What `analyse` does unless told otherwise: everything in a recipe but the scan that it is for. */
export const defaultRecipe: Omit<Recipe, "endmember" | "input" | "open" | "masks"> = {
  align: "whole-pixel",
  edge: "fill",
  methods: defaultMethods,
  components: "auto",
  clusters: "auto",
  fuzzifier: 2,
  loadings: "scaled",
  centred: false,
  seed: 1,
  rank: 20,
};
