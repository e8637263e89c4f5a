import type { Analysis } from "../../../src/index.ts";
import { learntNumbers } from "../../session/learnt-numbers.ts";
import type { Relearning } from "../../session/session.ts";
import type { App } from "./app.ts";
import { isAbort, messageOf } from "./latest.ts";
import { shown } from "./shown.ts";
import type { Choices, WindowState } from "./window-state.ts";

type Numbers = Pick<Choices, "components" | "clusters" | "fuzzifier">;

/** How long a slider rests before the scan is read again, and before what may be asked for next is made ready, ms. */
const [settlesAfter, readyAfter] = [300, 1500];
const mostKept = 12;

/** Sliders after learning. */
export interface Sliders {
  readonly change: (changed: Partial<Numbers>) => void;
  /** What is under way for them is not wanted any more. */
  readonly stop: () => void;
}

/** Whether other numbers become exact by themselves: where the scan stays in memory, and its SVD suffices. */
export const settles = ({ scan, learnt }: Pick<WindowState, "scan" | "learnt">, components: number): boolean =>
  scan !== undefined && scan.bytes <= scan.memory && components + 3 <= (learnt?.recipe.rank ?? 0);

/**
 * Follows the sliders. At once a preview from the singular values, first of the method that is seen; when they rest, the exact result, as
 * learning with these numbers gives it; then those one step further, so that they are there when asked for. A new setting stops the one before.
 */
export function sliders({ session, store }: Pick<App, "session" | "store">): Sliders {
  let controller = new AbortController();
  let begunWith: Analysis | undefined;
  const exact = new Map<string, Analysis>();

  const keep = (numbers: Relearning, found: Analysis): void => {
    exact.set(JSON.stringify(numbers), found);
    if (exact.size > mostKept) exact.delete(exact.keys().next().value!);
  };
  const follow = async (numbers: Relearning, signal: AbortSignal): Promise<void> => {
    const { learnt, analysis, method } = store.get();
    if (!learnt || !analysis) return;
    if (begunWith !== learnt) {
      exact.clear();
      begunWith = learnt;
      const { fuzzifier, methods } = learnt.recipe;
      keep({ ...learntNumbers(learnt), fuzzifier, methods }, learnt);
    }
    const show = (found: Analysis, preview: boolean): void => {
      signal.throwIfAborted();
      store.set(shown(store.get(), found, preview));
    };
    let found = exact.get(JSON.stringify(numbers));
    // Known on the other side too: what is kept and judged is of these numbers from now on.
    const asked = found && session.relearn(numbers, { signal });
    if (found) show(found, false);
    else {
      const others = learnt.recipe.methods.filter((each) => each !== method);
      const seen = await session.preview(learnt, { ...numbers, methods: [method] });
      show({ ...analysis, ...seen, recipe: { ...seen.recipe, methods: learnt.recipe.methods } }, true);
      const rest = await session.preview(learnt, { ...numbers, methods: others });
      show({ ...rest, ...ownOf(seen, rest), recipe: { ...rest.recipe, methods: learnt.recipe.methods } }, true);
    }
    if (!settles(store.get(), numbers.components)) return;
    if (!asked) await rested(settlesAfter, signal);
    found = await (asked ?? session.relearn(numbers, { signal }));
    keep(numbers, found);
    if (store.get().preview) show(found, false);
    await rested(readyAfter, signal);
    for (const next of neighbours(numbers, found)) {
      if (exact.has(JSON.stringify(next)) || store.get().task || !settles(store.get(), next.components)) continue;
      keep(next, await session.relearn({ ...next, ahead: true }, { signal }));
      signal.throwIfAborted();
    }
  };
  return {
    change: (changed) => {
      controller.abort();
      controller = new AbortController();
      const { signal } = controller;
      const { analysis, choices, learnt } = store.get();
      if (!analysis || !learnt) return;
      const now = { ...learntNumbers(analysis), fuzzifier: choices.fuzzifier, ...changed };
      // What "auto" stands for is fixed with the first move: the recipe says what is seen.
      store.set({ choices: { ...choices, ...now } });
      const numbers = { ...(now as Omit<Relearning, "methods">), methods: learnt.recipe.methods };
      follow(numbers, signal).catch((error: unknown) => {
        if (!signal.aborted && !isAbort(error)) store.set({ trouble: { message: messageOf(error) } });
      });
    },
    stop: () => controller.abort(),
  };
}

/** The results of a preview of one method that one of the others left out. */
function ownOf(seen: Analysis, rest: Analysis): Partial<Analysis> {
  const { factorisations, unmixings, clusterings, ...plain } = seen;
  const missing = Object.entries(plain).filter(([name]) => !(name in rest));
  return {
    ...(Object.fromEntries(missing) as Partial<Analysis>),
    ...(factorisations && { factorisations: { ...factorisations, ...rest.factorisations } }),
    ...(unmixings && { unmixings: { ...unmixings, ...rest.unmixings } }),
    ...(clusterings && { clusterings: { ...clusterings, ...rest.clusterings } }),
  };
}

/** One component or cluster more or less. */
function neighbours(numbers: Relearning, { svd }: Analysis): Relearning[] {
  const { components, clusters } = numbers;
  const most = Math.min(12, svd?.singularValues.length ?? 1);
  const steps = [
    { ...numbers, components: components + 1 },
    { ...numbers, components: components - 1 },
    { ...numbers, clusters: clusters + 1 },
    { ...numbers, clusters: clusters - 1 },
  ];
  return steps.filter(
    (next) => Math.min(next.components, next.clusters) >= 1 && next.components <= most && next.clusters <= most,
  );
}

const rested = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
    if (signal.aborted) reject(signal.reason);
  });
