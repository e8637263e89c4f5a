import type { Analysis } from "../../src/index.ts";

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
