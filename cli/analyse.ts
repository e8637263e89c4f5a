import { basename, extname, join } from "node:path";
import { type Command, Option } from "commander";
import type { Analysis, Recipe } from "../src/index.ts";
import { countOrAuto, icaChoices, methodList, number, repeated, wholeNumber } from "./arguments.ts";
import { report, UsageError } from "./failure.ts";
import { earlierRecipe, openingAs, type RecipeOptions, recipeOf } from "./recipe.ts";
import { given, opening, print, type RunOptions, type RunWatch, run, subcommand } from "./run.ts";
import { does } from "./subcommands.ts";

interface AnalyseOptions extends RunOptions, RecipeOptions {
  readonly out?: string;
  readonly force?: true;
  readonly threads?: number;
  readonly memory?: number;
}

/** endmember analyse FILE…: the main job. */
export function analyse(): Command {
  const command = subcommand(
    "analyse",
    does.analyse,
    `
    endmember analyse scan.blo
    endmember analyse scan.blo --components 4 --clusters 4 --out results
    endmember analyse --shape 48x58 stack.npy --methods svd,fcm
    endmember analyse scan.blo --methods svd,nmf,nmf-volume,n-findr --components 3
    endmember analyse scan.blo --recipe scan-endmember/recipe.json --out again
    endmember analyse *.blo --out all`,
  ).argument("<FILE...>", "one scan, or several: each gets a folder of its own");
  return opening(command)
    .option(
      "--out <DIR>",
      "folder for the results, default: NAME-endmember; of several scans: the folder for their folders",
    )
    .option("--force", "replace the results of an earlier run")
    .option("--recipe <FILE>", "repeat a run: recipe.json of its results; other options override it")
    .option("--components <K>", "components to learn, or auto", countOrAuto(200))
    .option("--clusters <C>", "fuzzy clusters, or auto: as many as components", countOrAuto(200))
    .option(
      "--methods <LIST>",
      "some of svd,ica,nmf,unmix,fcm,gk (default: these), nmf-poisson,nmf-kl,nmf-sparse,nmf-simplex,nmf-volume, spa,vca,n-findr, k-means,possibilistic,high-contrast,noise; all: every one",
      methodList,
    )
    .option(
      "--ica <LIST>",
      "how ica works: parallel or deflation, logcosh, exp or cube, independent patterns or maps, learned from differences between neighbours; default: parallel,logcosh,patterns",
      icaChoices,
    )
    .option("--sparsity <S>", "of nmf-sparse, between 0 and 1; default: 0.4", number(0))
    .addOption(
      new Option("--sparse <WHAT>", "what is sparse in nmf-sparse; default: maps").choices(["maps", "patterns"]),
    )
    .option("--at-most-one", "loadings of nmf-simplex and nmf-volume sum to at most 1, not to 1")
    .option("--volume <WEIGHT>", "of nmf-volume; default: from the noise", number(0, true))
    .option("--contrast <C>", "of high-contrast clusters, 0 to below 1; default: 0.3", number(0, true))
    .option(
      "--fixed <FILE>",
      "known patterns or maps for nmf and nmf-poisson: .npy, one or a stack, of the detector's or the scan's size; may be repeated",
      repeated((text: string) => text),
    )
    .option("--fuzzifier <M>", "of fuzzy c-means, above 1; default: 2", number(1))
    .option("--unit-loadings", "cluster loadings of unit norm, not scaled by the singular values")
    .option("--centred", "subtract the mean pattern before the SVD (PCA)")
    .addOption(new Option("--edge <WHAT>", "pixels that alignment moves off the detector").choices(["crop", "fill"]))
    .option("--no-align", "take the patterns as recorded")
    .option(
      "--mask <FILE>",
      "what counts: .npy of the scan's or the detector's size, 1 = used; may be repeated",
      repeated((text: string) => text),
    )
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
  if (twice !== undefined) {
    throw new UsageError(
      `${twice}: expected scans of different names, found two for this folder; analyse them one by one, with --out`,
    );
  }
  const earlier = await earlierRecipe(options);
  const done: Done[] = [];
  let failed = 0;
  for (const [i, file] of files.entries()) {
    try {
      const found = await analyseOne(file, folders[i], earlier, options, watch);
      if (!options.json) print(found, lines(found));
      done.push(found);
    } catch (error) {
      if (files.length === 1 || watch.signal.aborted || error instanceof UsageError) throw error;
      // One damaged scan must not cost the results of the others.
      report(error, options.debug ?? false);
      failed++;
    }
  }
  if (options.json) print(files.length === 1 ? json(done[0]) : done.map(json), [], true);
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

interface Done {
  readonly file: string;
  readonly folder: string;
  readonly analysis: Analysis;
  readonly seconds: number;
}

async function analyseOne(
  file: string,
  folder: string,
  earlier: Recipe | undefined,
  options: AnalyseOptions,
  watch: RunWatch,
): Promise<Done> {
  const { analyse, newFolder, onThreads, openScan, sha256, writeResults } = await import("../src/main-job.ts");
  const began = performance.now();
  const source = await openScan(file, await openingAs(options, earlier));
  try {
    // Begun first: a folder that cannot be made should not cost an analysis.
    const results = await newFolder(folder, marks, given(options, "force"));
    try {
      const hashing = sha256(file, { signal: watch.signal });
      hashing.catch(() => {}); // awaited when the results are there
      const recipe = await recipeOf(options, earlier, source, { file: basename(file), sha256: "", bytes: 0 });
      const engine = {
        signal: watch.signal,
        ...given(options, "threads"),
        ...(options.memory !== undefined && { memory: options.memory * 2 ** 30 }),
      };
      const analysis = await analyse(source, (from) => onThreads(from, engine), recipe, {
        ...watch,
        peakMemoryMiB: () => process.resourceUsage().maxRSS / 1024,
      });
      const input = { file: basename(file), ...(await hashing) };
      if (earlier && earlier.input.sha256 !== input.sha256) {
        note(`the recipe was made for another scan (${earlier.input.file}); its settings are applied to ${input.file}`);
      }
      await writeResults(results.path, { ...analysis, recipe: { ...recipe, input } }, watch);
      watch.signal.throwIfAborted();
      await results.finish();
      return { file, folder, analysis, seconds: (performance.now() - began) / 1000 };
    } catch (error) {
      await results.discard();
      throw error;
    }
  } finally {
    source.close();
  }
}

function note(text: string): void {
  process.stderr.write(`endmember: note: ${text}\n`);
}

const json = ({ file, folder, analysis, seconds }: Done): object => ({
  file,
  out: folder,
  seconds,
  components: analysis.nmf?.components ?? analysis.rank?.suggested,
  warnings: analysis.warnings,
  report: join(folder, "report.html"),
  summary: join(folder, "summary.json"),
});

function lines({ file, folder, analysis, seconds }: Done): (readonly [string, string])[] {
  const { scan, svd, rank, nmf, fcm, warnings } = analysis;
  const found: (readonly [string, string])[] = [
    [basename(file), `${scan.positions.join(" × ")} patterns in ${seconds.toFixed(1)} s`],
  ];
  if (rank) found.push(["components", `${rank.suggested} suggested: ${rank.reason}`]);
  if (svd) found.push(["svd", `${svd.singularValues.length} components hold ${percent(svd.explained)} of the total`]);
  if (nmf) {
    found.push([
      "nmf",
      `${nmf.components} components, residual ${nmf.objective.toPrecision(6)}${nmf.converged ? "" : ", not converged"}`,
    ]);
  }
  if (fcm)
    found.push(["fcm", `${fcm.clusters} clusters, partition coefficient ${fcm.partitionCoefficient.toFixed(3)}`]);
  for (const { message, remedy } of warnings) found.push(["warning", `${message} ${remedy}`]);
  found.push(["report", join(folder, "report.html")]);
  return found;
}

const percent = (ratios: Float64Array): string => `${(100 * ratios.reduce((a, b) => a + b, 0)).toFixed(1)} %`;
