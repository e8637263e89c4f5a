import { area, maskFromRuns, type OpenOptions, parseRecipe, type Recipe } from "../../../src/index.ts";
import type { OpenedScan, Opening } from "../../session/session.ts";
import type { App } from "./app.ts";
import { isAbort, messageOf } from "./latest.ts";
import { rememberedOf } from "./remembered.ts";
import { runTask } from "./run-task.ts";
import type { Store } from "./store.ts";
import { type Choices, forgotten, type Trouble, type WindowState } from "./window-state.ts";

/** Opens what the user gave and takes a first look at it. What goes wrong stands in the window, with what may help. */
export async function openScan(app: App, opening: Opening, options: OpenOptions = {}): Promise<boolean> {
  const { session, store, live } = app;
  const { recipe } = store.get();
  const name = nameOf(opening);
  const opened = await runTask(app, `Opening ${name}`, async (progress) => {
    try {
      const scan = await session.open(opening, { ...openOptionsOf(recipe), ...options }, progress);
      store.set({ ...forgotten, scan, axes: scan.axes });
      const began = performance.now();
      const look = await session.look(progress);
      const lookSeconds = (performance.now() - began) / 1000;
      return { scan, look, lookSeconds, remembered: await rememberedOf(scan) };
    } catch (error) {
      if (isAbort(error)) throw error;
      const message = messageOf(error);
      store.set({ ...forgotten, scan: undefined, step: "open" });
      return { trouble: { message, ...needsOf(message), opening } satisfies Trouble };
    }
  });
  if (opened === undefined) {
    store.set({ ...forgotten, scan: undefined, step: "open" });
    return false;
  }
  if ("trouble" in opened) {
    store.set({ trouble: opened.trouble, said: opened.trouble.message });
    return false;
  }
  const { scan, look, lookSeconds, remembered } = opened;
  const middle = [scan.positions[0] >> 1, scan.positions[1] >> 1] as const;
  store.set({
    choices: choicesOf(scan.recipe),
    position: middle,
    ...remembered,
    look,
    lookSeconds,
    beam: look.brightFieldDisk.centre,
  });
  if (recipe) applied(store, recipe, scan);
  store.set((state) => ({
    step: state.step === "open" || state.step === "judge" || state.step === "keep" ? "look" : state.step,
  }));
  const { apertures, regions, position } = store.get();
  live.moveTo(position);
  live.setApertures(apertures);
  live.setRegions(regions);
  return true;
}

/** Files of a drop or a dialog: a recipe is taken as one, everything else is opened. */
export async function openFiles(app: App, files: readonly File[]): Promise<"recipe" | "scan" | "nothing"> {
  const { store } = app;
  const recipeFile = files.find(isRecipe);
  const others = files.filter((file) => file !== recipeFile);
  if (recipeFile) {
    try {
      const recipe = parseRecipe(await recipeFile.text(), recipeFile.name);
      store.set({ recipe, trouble: undefined, said: `Recipe for ${recipe.input.file}` });
    } catch (error) {
      store.set({ trouble: { message: messageOf(error) } });
      return "nothing";
    }
  }
  if (others.length > 0) return (await openScan(app, { from: "files", files: others })) ? "scan" : "nothing";
  if (!recipeFile) return "nothing";
  const { scan, recipe } = store.get();
  if (scan && recipe) applied(store, recipe, scan);
  return "recipe";
}

// Stores that are folders hold JSON files too: a recipe comes alone, or at the top of what was dropped.
const isRecipe = (file: File): boolean =>
  file.name.toLowerCase().endsWith(".json") && !file.webkitRelativePath.includes("/") && file.size < 2 ** 24;

function openOptionsOf(recipe: Recipe | undefined): OpenOptions {
  return recipe ? recipe.open : {};
}

function choicesOf({
  endmember: _,
  input: _input,
  open: _open,
  masks: _masks,
  edge: _edge,
  axes: _axes,
  ...choices
}: Recipe): Choices {
  return choices;
}

/** Takes over what a recipe says about learning, masks included. */
function applied(store: Store<WindowState>, recipe: Recipe, scan: OpenedScan): void {
  const { masks = {} } = recipe;
  try {
    store.set({
      choices: choicesOf(recipe),
      ...(recipe.axes && { axes: recipe.axes }),
      positionMask: masks.positions && maskFromRuns(masks.positions, area(scan.positions)),
      pixelMask: masks.pixels && maskFromRuns(masks.pixels, area(scan.pixels)),
    });
  } catch (error) {
    store.set({ trouble: { message: messageOf(error) } });
  }
}

function nameOf(opening: Opening): string {
  switch (opening.from) {
    case "files": {
      const [first] = opening.files;
      return first?.webkitRelativePath.split("/")[0] || first?.name || "nothing";
    }
    case "served":
      return opening.name;
    case "example":
      return "the example";
    default:
      return opening satisfies never;
  }
}

/** What the library's message asks the user to say. */
function needsOf(message: string): Pick<Trouble, "needs"> {
  const asked = /--(shape|dataset|raw)\b/.exec(message)?.[1] as "shape" | "dataset" | "raw" | undefined;
  if (asked) return { needs: asked };
  return /allow incomplete/.test(message) ? { needs: "incomplete" } : {};
}
