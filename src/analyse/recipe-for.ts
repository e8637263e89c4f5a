import type { Recipe } from "./recipe.ts";
import { version } from "./version.ts";

/**
 * The recipe of a run on one scan: settings, and what they are applied to.
 *
 * At least three more singular components are kept than are to be learned: the error is reported for 1 … components + 3.
 */
export const recipeFor = (
  settings: Omit<Recipe, "endmember" | "input" | "open">,
  input: Recipe["input"],
  open: Recipe["open"],
): Recipe => ({
  ...settings,
  endmember: version,
  input,
  open,
  rank: typeof settings.components === "number" ? Math.max(settings.rank, settings.components + 3) : settings.rank,
});
