import { onThreads, sha256 } from "../../src/browser.ts";
import {
  type Alignment,
  type Analysis,
  type Axes,
  align,
  analyse,
  area,
  type Images,
  images,
  methodResults,
  type OpenOptions,
  type OpenScan,
  type PatternSource,
  type Patterns,
  patterns,
  type Recipe,
  type ResultFile,
  recentred,
  recipeFor,
  relearnt,
  residualMap,
  residualPatterns,
  resultFiles,
  type Scan,
  ShapeError,
  usedIn,
} from "../../src/index.ts";
import { drawing } from "./drawing.ts";
import { learntNumbers } from "./learnt-numbers.ts";
import type { Progress, Relearning } from "./session.ts";

/** The learning side of an open scan: the main job, and what follows from its last result. */
export interface Learning {
  align(progress: Progress): Promise<Alignment>;
  analyse(recipe: Recipe, progress: Progress): Promise<Analysis>;
  relearn(relearning: Relearning, progress: Progress): Promise<Analysis>;
  residualAt(method: string, position: readonly [number, number]): Promise<Patterns>;
  residualMap(method: string, progress: Progress): Promise<Images>;
  files(axes: Axes | undefined, progress: Progress): Promise<ResultFile[]>;
}

const keyOf = ({ components, clusters, fuzzifier, methods }: Relearning): string =>
  JSON.stringify([components, clusters, fuzzifier, methods]);

/** Results for other numbers that are kept. */
const mostKnown = 12;

export const notAnalysed = (): ShapeError =>
  new ShapeError("expected an analysed scan, found one that was not analysed yet; learn first", {
    expected: "an analysis",
    got: undefined,
  });

/**
 * @param source  the scan, and the file that it was opened from
 * @param memory  bytes of patterns that may be kept
 */
export function learning(
  {
    source,
    file,
    options,
  }: { readonly source: PatternSource; readonly file: PatternSource; readonly options: OpenOptions },
  memory: number,
): Learning {
  /** The last run, with its scan on the engine, and what is known of other numbers. */
  let run: { readonly analysis: Analysis; readonly scan: OpenScan; readonly known: Map<string, Analysis> } | undefined;
  /** What files and residuals are of: the last run, or what came of it with other numbers. */
  let last: Analysis | undefined;
  /** The newest request for other numbers: what is asked of the analysis meanwhile waits for it. */
  let asked: Promise<unknown> = Promise.resolve();
  let input: Promise<Omit<Recipe["input"], "file">> | undefined;

  const analysed = (analysis: Analysis | undefined): Analysis => {
    if (analysis) return analysis;
    throw notAnalysed();
  };
  const current = async (): Promise<Analysis> => {
    await asked;
    return analysed(last);
  };
  const aligned = ({ alignment, recipe }: Analysis, axes = source.axes): PatternSource => {
    const calibrated = { ...source, axes };
    return alignment ? recentred(calibrated, alignment.shifts, recipe.edge) : calibrated;
  };
  /** What `analyse` would have found had its recipe said these axes. */
  const calibrated = (analysis: Analysis, axes: Axes): Analysis => {
    const { axes: _, ...recipe } = analysis.recipe;
    return {
      ...analysis,
      recipe: JSON.stringify(axes) === JSON.stringify(source.axes) ? recipe : { ...recipe, axes },
      scan: { ...analysis.scan, axes: aligned(analysis, axes).axes },
    };
  };

  return {
    align: (watch) => align(source, { edge: "fill", ...watch }),
    async analyse(recipe, watch) {
      input ??= sha256(file, watch);
      input.catch(() => (input = undefined));
      const whole = recipeFor(recipe, { file: source.name, ...(await input) }, options);
      await run?.scan.close();
      run = undefined;
      let scan: OpenScan | undefined;
      const scanOf = async (from: PatternSource): Promise<Scan> => {
        scan = await onThreads(from, { memory, ...(watch.signal && { signal: watch.signal }) });
        // Not closed with the run: its patterns stay for other numbers.
        const { close: _, ...open } = scan;
        return open;
      };
      try {
        last = await analyse(source, scanOf, whole, watch);
      } catch (error) {
        await scan?.close();
        throw error;
      }
      const { fuzzifier, methods } = last.recipe;
      const known = new Map([[keyOf({ ...learntNumbers(last), fuzzifier, methods }), last]]);
      run = { analysis: last, scan: scan!, known };
      return last;
    },
    async relearn({ ahead = false, ...numbers }, watch) {
      if (!run) throw notAnalysed();
      const { analysis, scan, known } = run;
      const key = keyOf({ methods: analysis.recipe.methods, ...numbers });
      const finding = known.get(key) ?? relearnt(analysis, scan, numbers, watch);
      if (!ahead) asked = Promise.resolve(finding).catch(() => {});
      const found = await finding;
      known.set(key, found);
      if (known.size > mostKnown) known.delete(known.keys().next().value!);
      if (!ahead && !watch.signal?.aborted) last = found;
      return found;
    },
    residualAt: async (method, position) => {
      const analysis = await current();
      return residualPatterns(aligned(analysis), modelOf(analysis, method), position);
    },
    residualMap: async (method, watch) => {
      const analysis = await current();
      return residualMap(aligned(analysis), modelOf(analysis, method), usedIn(analysis).pixels, watch);
    },
    async files(axes, { signal, onProgress }) {
      const found = await current();
      const analysis = axes ? calibrated(found, axes) : found;
      const figures = drawing();
      let drawn = 0;
      try {
        onProgress?.("report", 0);
        const rasterise = async (svg: string, scale: number): Promise<Uint8Array> => {
          const png = await stoppable(figures.rasterise(svg, scale), signal);
          // Most runs have about a dozen figures.
          onProgress?.("report", 1 - 1 / (1 + ++drawn / 4));
          return png;
        };
        return await resultFiles(analysis, { rasterise });
      } finally {
        figures.end();
      }
    },
  };
}

/** How a method describes the scan. Clusters do so by their mean patterns, mixed by memberships. */
function modelOf(analysis: Analysis, method: string): { readonly loadings: Images; readonly factors: Patterns } {
  const results = methodResults(analysis);
  const result = results.find(({ name }) => name === method);
  if (!result) {
    throw new ShapeError(`residual: expected a method of the analysis, found "${method}"`, {
      expected: results.map(({ name }) => name).join(", "),
      got: method,
    });
  }
  const { images: loadings, patterns: factors } = result;
  if (!analysis.ica || method !== "ica") return { loadings, factors };
  const { offsets } = analysis.ica;
  // What was subtracted so that the independent half has mean 0.
  const whole = ({ size, values }: Images | Patterns): Float32Array =>
    values.map((value, i) => value + offsets[Math.floor(i / area(size))]);
  return analysis.recipe.ica?.of === "maps"
    ? { loadings: images(loadings.size, whole(loadings)), factors }
    : { loadings, factors: patterns(factors.size, whole(factors)) };
}

/** Rejects at once when the signal is aborted, whatever the work does then. */
function stoppable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
