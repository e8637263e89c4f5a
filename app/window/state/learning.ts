import { type Axes, maskRuns, type Recipe } from "../../../src/index.ts";
import { learntNumbers } from "../../session/learnt-numbers.ts";
import { meanOfAligned } from "./aligned-mean.ts";
import type { App } from "./app.ts";
import { runTask } from "./run-task.ts";
import { shown } from "./shown.ts";
import type { WindowState } from "./window-state.ts";

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
  const { session, store, live } = app;
  const { scan } = store.get();
  live.sliders.stop();
  const analysis = await runTask(app, "Learning", (progress) => session.analyse(recipeOf(store.get()), progress));
  if (analysis && store.get().scan === scan) {
    store.set({ ...shown(store.get(), analysis, false), learnt: analysis, learntAt: performance.now() });
    // Its worker is begun and warm when a slider is moved for the first time.
    const { fuzzifier } = analysis.recipe;
    session.preview(analysis, { ...learntNumbers(analysis), fuzzifier }).catch(() => {});
  }
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
