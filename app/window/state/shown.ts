import { type Analysis, type Method, methodResults } from "../../../src/index.ts";
import type { WindowState } from "./window-state.ts";

/** What changes in the window when there is another analysis. */
export function shown({ method }: WindowState, analysis: Analysis, preview: boolean): Partial<WindowState> {
  const found = methodResults(analysis).map(({ name }) => name as Method);
  const stays = preview || found.includes(method);
  return {
    analysis,
    preview,
    method: stays ? method : (found.find((name) => name === "unmix") ?? found[0] ?? method),
    ...(analysis.alignment && { alignment: analysis.alignment }),
    residualMaps: {},
    residual: undefined,
    files: undefined,
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
