import { type Analysis, type Axes, type Method, maskRuns, methodResults, type Recipe } from "../../../src/index.ts";
import { meanOfAligned } from "./aligned-mean.ts";
import type { App } from "./app.ts";
import { isAbort, messageOf } from "./latest.ts";
import { runTask } from "./run-task.ts";
import type { Choices, WindowState } from "./window-state.ts";

/** The axes that the user calibrated, undefined where they are those of the file. */
export const ownAxes = ({ scan, axes }: Pick<WindowState, "scan" | "axes">): Axes | undefined =>
  // What is remembered is a copy: equal numbers are no change.
  scan && JSON.stringify(axes) !== JSON.stringify(scan.axes) ? axes : undefined;

/** The recipe that the window's choices make: what the command line would be given. */
export function recipeOf(state: WindowState): Recipe {
  const { scan, choices, pixelMask, positionMask, recipe } = state;
  if (!scan) throw new Error("expected an open scan, found none; open one first");
  const masks = {
    ...(positionMask && { positions: maskRuns(positionMask) }),
    ...(pixelMask && { pixels: maskRuns(pixelMask) }),
  };
  const axes = ownAxes(state);
  return {
    ...scan.recipe,
    ...(recipe && { edge: recipe.edge }),
    ...choices,
    ...(axes && { axes }),
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

/** Follows the sliders: the method that is seen first, at once; then the others. A new setting stops what the one before still asks for. */
export function relearning({
  session,
  store,
}: Pick<App, "session" | "store">): (changed: Partial<Pick<Choices, "components" | "clusters" | "fuzzifier">>) => void {
  let controller: AbortController | undefined;
  const follow = async (signal: AbortSignal): Promise<void> => {
    const { choices, analysis, scan, method } = store.get();
    if (!analysis) return;
    const now = learntNumbers(analysis);
    const numbers = {
      components: choices.components === "auto" ? now.components : choices.components,
      clusters: choices.clusters === "auto" ? now.clusters : choices.clusters,
      fuzzifier: choices.fuzzifier,
    };
    const show = (found: Analysis): void => {
      signal.throwIfAborted();
      if (store.get().scan === scan) store.set({ ...learnt(store.get(), found), preview: true });
    };
    const seen = await session.relearn({ ...numbers, methods: [method] }, { signal });
    show({ ...analysis, ...seen, recipe: { ...seen.recipe, methods: analysis.recipe.methods } });
    show(await session.relearn({ ...numbers, methods: analysis.recipe.methods }, { signal }));
  };
  return (changed) => {
    controller?.abort();
    controller = new AbortController();
    store.set((state) => ({ choices: { ...state.choices, ...changed } }));
    follow(controller.signal).catch((error: unknown) => {
      if (!isAbort(error)) store.set({ trouble: { message: messageOf(error) } });
    });
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
    return { alignment, alignedMean: await meanOfAligned(session, scan.pixels, alignment.shifts) };
  });
  if (found && store.get().scan === scan) store.set(found);
}
