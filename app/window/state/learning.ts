import {
  type Analysis,
  area,
  type Images,
  images,
  type Method,
  maskRuns,
  methodResults,
  type Recipe,
} from "../../../src/index.ts";
import type { App } from "./app.ts";
import { latest, messageOf } from "./latest.ts";
import { runTask } from "./run-task.ts";
import type { Choices, WindowState } from "./window-state.ts";

/** The recipe that the window's choices make: what the command line would be given. */
export function recipeOf({ scan, choices, pixelMask, positionMask, recipe }: WindowState): Recipe {
  if (!scan) throw new Error("expected an open scan, found none; open one first");
  const masks = {
    ...(positionMask && { positions: maskRuns(positionMask) }),
    ...(pixelMask && { pixels: maskRuns(pixelMask) }),
  };
  return {
    ...scan.recipe,
    ...(recipe && { edge: recipe.edge }),
    ...choices,
    ...((positionMask || pixelMask) && { masks }),
  };
}

/** Learns everything that the choices ask for, as the command line does. */
export async function learn(app: App): Promise<void> {
  const { session, store } = app;
  const { scan } = store.get();
  const analysis = await runTask(app, "Learning", (progress) => session.analyse(recipeOf(store.get()), progress));
  if (analysis && store.get().scan === scan)
    store.set({ ...learnt(store.get(), analysis), preview: false, learntAt: performance.now() });
}

/** What changes in the window when there is a new analysis. */
function learnt({ method }: WindowState, analysis: Analysis): Partial<WindowState> {
  const found = methodResults(analysis).map(({ name }) => name as Method);
  return {
    analysis,
    method: found.includes(method) ? method : (found.find((name) => name === "unmix") ?? found[0] ?? method),
    ...(analysis.alignment && { alignment: analysis.alignment }),
    residualMaps: {},
    residual: undefined,
    files: undefined,
  };
}

/** Follows the sliders: the methods after the SVD once more, newest setting first. */
export function relearning({
  session,
  store,
}: Pick<App, "session" | "store">): (changed: Partial<Pick<Choices, "components" | "clusters" | "fuzzifier">>) => void {
  const ask = latest(
    async (_: undefined) => {
      const { choices, analysis, scan } = store.get();
      if (!analysis) return undefined;
      const { components, clusters } = learntNumbers(analysis);
      const number = (choice: number | "auto", now: number): number => (choice === "auto" ? now : choice);
      const found = await session.relearn({
        components: number(choices.components, components),
        clusters: number(choices.clusters, clusters),
        fuzzifier: choices.fuzzifier,
      });
      return store.get().scan === scan ? found : undefined;
    },
    (analysis) => analysis && store.set({ ...learnt(store.get(), analysis), preview: true }),
    (error) => store.set({ trouble: { message: messageOf(error) } }),
  );
  return (changed) => {
    store.set((state) => ({ choices: { ...state.choices, ...changed } }));
    ask(undefined);
  };
}

/** How many components and clusters an analysis ended with. */
export function learntNumbers({ nmf, unmix, fcm, gk, rank, recipe }: Analysis): {
  readonly components: number;
  readonly clusters: number;
} {
  const chosen = recipe.components === "auto" ? (rank?.suggested ?? 1) : recipe.components;
  const components = nmf?.components ?? unmix?.components ?? chosen;
  const clusters = fcm?.clusters ?? gk?.clusters ?? (recipe.clusters === "auto" ? components : recipe.clusters);
  return { components, clusters };
}

/** Measures where the direct beam is, and the mean pattern that there is with every pattern moved by it. */
export async function alignScan(app: App): Promise<void> {
  const { session, store } = app;
  const { scan, look } = store.get();
  if (!scan || !look) return;
  const found = await runTask(app, "Measuring the direct beam", async (progress) => {
    const alignment = await session.align(progress);
    return { alignment, alignedMean: await meanOfAligned(app, alignment.shifts, progress.signal) };
  });
  if (found && store.get().scan === scan) store.set(found);
}

/** Most distinct shifts of which mean patterns are asked for in one read. */
const mostShifts = 400;

/**
 * The mean pattern after alignment: the mean of the positions of each shift, moved by it. One read for all; undefined where there are too
 * many shifts for that.
 */
async function meanOfAligned(app: App, shifts: Images, signal: AbortSignal): Promise<Float32Array | undefined> {
  const { scan } = app.store.get();
  if (!scan) return undefined;
  const positions = area(shifts.size);
  const groups = new Map<string, number[]>();
  for (let i = 0; i < positions; i++) {
    const key = `${shifts.values[i]},${shifts.values[positions + i]}`;
    const group = groups.get(key);
    if (group) group.push(i);
    else groups.set(key, [i]);
  }
  if (groups.size > mostShifts) return undefined;
  const weights = new Float32Array(groups.size * positions);
  for (const [g, members] of [...groups.values()].entries()) for (const i of members) weights[g * positions + i] = 1;
  const means = await app.session.meanOf(images(shifts.size, weights));
  signal.throwIfAborted();

  const [rows, columns] = scan.pixels;
  const sum = new Float64Array(rows * columns);
  const counted = new Float64Array(rows * columns);
  for (const [g, [key, members]] of [...groups].entries()) {
    const [down, right] = key.split(",").map(Number);
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        const [row, column] = [r + down, c + right];
        if (row < 0 || row >= rows || column < 0 || column >= columns) continue;
        sum[r * columns + c] += members.length * means.values[g * rows * columns + row * columns + column];
        counted[r * columns + c] += members.length;
      }
    }
  }
  // Where no position recorded the pixel there is no number.
  return Float32Array.from(sum, (value, i) => value / counted[i]);
}
