import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Method, PatternSource, Recipe } from "../src/index.ts";
import type { StoredStack } from "../src/node.ts";
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
  readonly ica?: NonNullable<Recipe["ica"]>;
  readonly sparsity?: number;
  readonly sparse?: "maps" | "patterns";
  readonly atMostOne?: true;
  readonly volume?: number;
  readonly contrast?: number;
  readonly fixed?: readonly string[];
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
  const { defaultRecipe, version } = await import("../src/main-job.ts");
  const recipe: Recipe = {
    ...defaultRecipe,
    ...earlier,
    ...given(options, "components", "clusters", "methods", "fuzzifier", "edge", "seed"),
    ...given(options, "ica", "sparsity", "sparse", "volume", "contrast"),
    ...(options.atMostOne ? { sum: "at most one" } : {}),
    ...(options.fixed ? { fixed: await fixedOf(options.fixed, source) } : {}),
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

async function masksOf(files: readonly string[], source: PatternSource): Promise<NonNullable<Recipe["masks"]>> {
  const { maskRuns, openMask } = await library();
  const found: { positions?: number[]; pixels?: number[] } = {};
  for (const file of files) {
    const { prefix, path } = prefixed(file);
    const mask = openMask(path);
    found[meant("--mask", file, prefix, mask.size, source) === "scan" ? "positions" : "pixels"] = maskRuns(mask.values);
  }
  return found;
}

/** Known patterns and maps, one file after another. */
async function fixedOf(files: readonly string[], source: PatternSource): Promise<NonNullable<Recipe["fixed"]>> {
  const { keptStack, openStack } = await library();
  const found: { maps: StoredStack[]; patterns: StoredStack[] } = { maps: [], patterns: [] };
  for (const file of files) {
    const { prefix, path } = prefixed(file);
    const stack = await openStack(path);
    found[meant("--fixed", file, prefix, stack.size, source) === "scan" ? "maps" : "patterns"].push(stack);
  }
  const joined = (stacks: readonly StoredStack[]) =>
    keptStack({
      count: stacks.reduce((sum, { count }) => sum + count, 0),
      size: stacks[0].size,
      values: Float32Array.from(stacks.flatMap(({ values }) => Array.from(values))),
    });
  return {
    ...(found.patterns.length > 0 && { patterns: joined(found.patterns) }),
    ...(found.maps.length > 0 && { maps: joined(found.maps) }),
  };
}

function prefixed(file: string): { readonly prefix: string | undefined; readonly path: string } {
  const [, prefix, path] = /^(?:(scan|detector):)?(.*)$/s.exec(file)!;
  return { prefix, path };
}

/** What a file is over, by its size. A scan and its detector may have the same: then the user says which is meant. */
function meant(
  option: string,
  file: string,
  prefix: string | undefined,
  size: readonly number[],
  { positions, pixels }: PatternSource,
): "scan" | "detector" {
  const same = (a: readonly number[], b: readonly number[]): boolean => a[0] === b[0] && a[1] === b[1];
  const fits = { scan: same(size, positions), detector: same(size, pixels) };
  if (fits.scan && fits.detector && prefix === undefined) {
    throw new UsageError(
      `${option} ${file}: scan and detector are both ${positions.join("×")}; write scan:${file} or detector:${file}`,
    );
  }
  const wanted = (prefix ?? (fits.scan ? "scan" : "detector")) as "scan" | "detector";
  if (!fits[wanted]) {
    throw new UsageError(
      `${option} ${file}: expected the scan's ${positions.join("×")} or the detector's ${pixels.join("×")}, found ${size.join("×")}`,
    );
  }
  return wanted;
}
