import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Method, PatternSource, Recipe } from "../src/index.ts";
import { UsageError } from "./failure.ts";
import { library } from "./library.ts";
import { given, type OpenOptions, openingOf } from "./run.ts";

/** Options that say what is learned, and how: what a recipe keeps. */
export interface RecipeOptions extends OpenOptions {
  readonly recipe?: string;
  readonly components?: number | "auto";
  readonly clusters?: number | "auto";
  readonly methods?: readonly Method[];
  readonly fuzzifier?: number;
  readonly unitLoadings?: true;
  readonly centred?: true;
  readonly edge?: "crop" | "fill";
  readonly align: boolean;
  readonly mask?: readonly string[];
  readonly seed?: number;
}

/** The recipe of an earlier run, where one was asked for. */
export async function earlierRecipe({ recipe }: RecipeOptions): Promise<Recipe | undefined> {
  if (recipe === undefined) return undefined;
  const { parseRecipe } = await library();
  return parseRecipe(readFileSync(recipe, "utf8"), basename(recipe));
}

/** How to open the scan: as the earlier run did, unless the options say otherwise. */
export const openingAs = async (options: RecipeOptions, earlier: Recipe | undefined): Promise<Recipe["open"]> => ({
  ...earlier?.open,
  ...(await openingOf(options)),
});

/** The recipe of this run: the defaults, then the earlier recipe, then what the options say. */
export async function recipeOf(
  options: RecipeOptions,
  earlier: Recipe | undefined,
  source: PatternSource,
  input: Recipe["input"],
): Promise<Recipe> {
  const { defaultRecipe, version } = await library();
  const recipe: Recipe = {
    ...defaultRecipe,
    ...earlier,
    ...given(options, "components", "clusters", "methods", "fuzzifier", "edge", "seed"),
    ...(options.align ? {} : { align: "none" }),
    ...(options.unitLoadings ? { loadings: "unit" } : {}),
    ...(options.centred ? { centred: true } : {}),
    ...(options.mask ? { masks: await masksOf(options.mask, source) } : {}),
    endmember: version,
    input,
    open: await openingAs(options, earlier),
  };
  // Three more than asked for are kept: the error is reported for 1 … components + 3.
  return typeof recipe.components === "number"
    ? { ...recipe, rank: Math.max(recipe.rank, recipe.components + 3) }
    : recipe;
}

async function masksOf(
  files: readonly string[],
  { positions, pixels }: PatternSource,
): Promise<NonNullable<Recipe["masks"]>> {
  const { maskRuns, openMask } = await library();
  const found: { positions?: number[]; pixels?: number[] } = {};
  const same = (a: readonly number[], b: readonly number[]): boolean => a[0] === b[0] && a[1] === b[1];
  for (const file of files) {
    // A scan and its detector may have the same size: then the user says which is meant.
    const [, prefix, path] = /^(?:(scan|detector):)?(.*)$/s.exec(file)!;
    const mask = openMask(path);
    const fits = { scan: same(mask.size, positions), detector: same(mask.size, pixels) };
    if (fits.scan && fits.detector && prefix === undefined) {
      throw new UsageError(
        `--mask ${file}: scan and detector are both ${positions.join("×")}; write scan:${file} or detector:${file}`,
      );
    }
    const meant = prefix ?? (fits.scan ? "scan" : "detector");
    if (!fits[meant as "scan" | "detector"]) {
      throw new UsageError(
        `--mask ${file}: expected the scan's ${positions.join("×")} or the detector's ${pixels.join("×")}, found ${mask.size.join("×")}`,
      );
    }
    found[meant === "scan" ? "positions" : "pixels"] = maskRuns(mask.values);
  }
  return found;
}
