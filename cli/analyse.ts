import { existsSync, readFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { type Command, Option } from "commander";
import type { Analysis, Method, Recipe } from "../src/index.ts";
import { countOrAuto, number, someOf, wholeNumber } from "./arguments.ts";
import { Interruption, report, UsageError } from "./failure.ts";
import { library } from "./library.ts";
import { given, type OpenOptions, opening, print, type RunOptions, type RunWatch, run, subcommand } from "./run.ts";

interface AnalyseOptions extends RunOptions, OpenOptions {
  readonly out?: string;
  readonly force?: true;
  readonly recipe?: string;
  readonly components?: number | "auto";
  readonly clusters?: number | "auto";
  readonly methods?: readonly Method[];
  readonly fuzzifier?: number;
  readonly unitLoadings?: true;
  readonly centred?: true;
  readonly edge?: "crop" | "fill";
  readonly align: boolean;
  readonly seed?: number;
  readonly threads?: number;
  readonly memory?: number;
}

/** endmember analyse FILE…: the main job. */
export function analyse(): Command {
  const command = subcommand(
    "analyse",
    "Aligns a scan, learns its components and clusters, and writes a report, figures and arrays into a new folder.",
    `
    endmember analyse scan.blo
    endmember analyse scan.blo --components 4 --clusters 4 --out results
    endmember analyse --shape 48x58 stack.npy --methods svd,fcm
    endmember analyse scan.blo --recipe scan-endmember/recipe.json --out again
    endmember analyse *.blo --out all`,
  ).argument("<FILE...>", "one scan, or several: each gets a folder of its own");
  return opening(command)
    .option(
      "--out <DIR>",
      "folder for the results, default: FILE-endmember here; of several scans: their folders' folder",
    )
    .option("--force", "replace the results of an earlier run")
    .option("--recipe <FILE>", "repeat a run: recipe.json of its results; other options override it")
    .option("--components <K>", "components to learn, or auto", countOrAuto(200))
    .option("--clusters <C>", "fuzzy clusters, or auto: as many as components", countOrAuto(200))
    .option("--methods <LIST>", "some of svd,nmf,fcm; default: all", someOf("svd", "nmf", "fcm"))
    .option("--fuzzifier <M>", "of fuzzy c-means, above 1; default: 2", number(1))
    .option("--unit-loadings", "cluster loadings of unit norm, not scaled by the singular values")
    .option("--centred", "subtract the mean pattern before the SVD (PCA)")
    .addOption(new Option("--edge <WHAT>", "pixels that alignment moves off the detector").choices(["crop", "fill"]))
    .option("--no-align", "take the patterns as recorded")
    .option("--seed <N>", "for everything random; default: 1", wholeNumber(0, 2 ** 32 - 1))
    .option("--threads <N>", "worker threads, default: one for each core", wholeNumber(1, 64))
    .option("--memory <GiB>", "patterns kept in memory, default: half of what is free", number(0, true))
    .action((files: readonly string[], options: AnalyseOptions) =>
      run(options, (watch) => analyseAll(files, options, watch)),
    );
}

/** Files by which results of an earlier run are known: only such a folder is ever replaced. */
const marks = ["recipe.json", "summary.json"];

async function analyseAll(files: readonly string[], options: AnalyseOptions, watch: RunWatch): Promise<void> {
  const folders = files.map((file) => folderFor(file, files.length, options.out));
  const twice = folders.find((folder, i) => folders.indexOf(folder) !== i);
  if (twice !== undefined)
    throw new UsageError(
      `${twice}: expected scans of different names, found two for this folder; analyse them one by one with --out`,
    );
  if (files.length === 1) return analyseOne(files[0], folders[0], options, watch);

  // One damaged scan must not cost the night's other results.
  let failed = 0;
  for (const [i, file] of files.entries()) {
    try {
      await analyseOne(file, folders[i], options, watch);
    } catch (error) {
      if (watch.signal.aborted || error instanceof Interruption) throw error;
      report(error, options.debug ?? false);
      failed++;
    }
  }
  if (failed > 0) throw new PartlyFailed(`${failed} of ${files.length} scans could not be analysed, see above`);
}

class PartlyFailed extends Error {
  override readonly name = "DataError";
}

function folderFor(file: string, count: number, out: string | undefined): string {
  const own = `${basename(file, extname(file))}-endmember`;
  if (out === undefined) return own;
  return count === 1 ? out : join(out, own);
}

async function analyseOne(file: string, folder: string, options: AnalyseOptions, watch: RunWatch): Promise<void> {
  const lib = await library();
  const began = performance.now();
  const repeated = options.recipe === undefined ? undefined : recipeFrom(options.recipe, lib.parseRecipe);
  const open = { ...repeated?.open, ...given(options, "shape", "dataset") };
  const source = await lib.openScan(file, open);
  try {
    const results = await lib.newFolder(folder, marks, given(options, "force"));
    try {
      const input = { file: basename(file), ...(await lib.sha256(file, watch)) };
      if (repeated && repeated.input.sha256 !== input.sha256) {
        process.stderr.write(
          `endmember: note: the recipe was made for another scan (${repeated.input.file}); its settings are applied to ${input.file}\n`,
        );
      }
      const recipe: Recipe = {
        ...lib.defaultRecipe,
        ...repeated,
        ...chosen(options),
        endmember: lib.version,
        input,
        open,
      };
      const memory = options.memory === undefined ? {} : { memory: options.memory * 2 ** 30 };
      const analysis = await lib.analyse(
        source,
        (from) => lib.onThreads(from, { ...given(options, "threads"), ...memory, ...watch }),
        recipe,
        watch,
      );
      await lib.writeResults(results.path, analysis, watch);
      watch.signal.throwIfAborted();
      await results.finish();
      conclude(file, folder, analysis, (performance.now() - began) / 1000, options.json);
    } catch (error) {
      await results.discard();
      throw error;
    }
  } finally {
    source.close();
  }
}

function recipeFrom(path: string, parse: (text: string, file: string) => Recipe): Recipe {
  return parse(readFileSync(path, "utf8"), basename(path));
}

/** What the options say about the recipe; what was not given stays as the recipe or the default has it. */
function chosen(options: AnalyseOptions): Partial<Recipe> {
  return {
    ...given(options, "components", "clusters", "methods", "fuzzifier", "edge", "seed"),
    ...(options.align ? {} : { align: "none" as const }),
    ...(options.unitLoadings ? { loadings: "unit" as const } : {}),
    ...(options.centred ? { centred: true } : {}),
  };
}

function conclude(file: string, folder: string, analysis: Analysis, seconds: number, json?: true): void {
  const report = join(folder, "report.html");
  const { svd, rank, nmf, fcm, warnings } = analysis;
  const lines: (readonly [string, string])[] = [
    [basename(file), `${analysis.scan.positions.join(" × ")} patterns, ${seconds.toFixed(1)} s`],
  ];
  if (rank) lines.push(["components", `${rank.suggested} suggested: ${rank.reason}`]);
  if (svd)
    lines.push([
      "svd",
      `${svd.singularValues.length} components hold ${percent(svd.explained.reduce((a, b) => a + b, 0))} of ‖X‖²`,
    ]);
  if (nmf)
    lines.push([
      "nmf",
      `${nmf.components} components, ‖X − LᵀF‖ ${nmf.objective.toPrecision(6)}${nmf.converged ? "" : ", not converged"}`,
    ]);
  if (fcm)
    lines.push(["fcm", `${fcm.clusters} clusters, partition coefficient ${fcm.partitionCoefficient.toFixed(3)}`]);
  for (const warning of warnings) lines.push(["warning", `${warning.message} ${warning.remedy}`]);
  lines.push([existsSync(report) ? "report" : "results", existsSync(report) ? report : folder]);
  print(
    { file, out: folder, seconds, components: rank?.suggested, warnings, summary: join(folder, "summary.json") },
    lines,
    json,
  );
}

const percent = (fraction: number): string => `${(100 * fraction).toFixed(1)} %`;
