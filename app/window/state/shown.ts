import { type Analysis, type Method, methodResults } from "../../../src/index.ts";
import type { WindowState } from "./window-state.ts";

/** What is looked at where nothing else was chosen: the results of which numbers can be read. */
const seenFirst: readonly Method[] = ["unmix", "nmf", "fcm"];

/** What changes in the window when there is another analysis. */
export function shown({ method }: WindowState, analysis: Analysis, preview: boolean): Partial<WindowState> {
  const found = methodResults(analysis).map(({ name }) => name as Method);
  const stays = preview || found.includes(method);
  return {
    analysis,
    preview,
    method: stays ? method : (seenFirst.find((name) => found.includes(name)) ?? found[0] ?? method),
    ...(analysis.alignment && { alignment: analysis.alignment }),
    residualMaps: {},
    residual: undefined,
    files: undefined,
  };
}
