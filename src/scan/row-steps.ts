/**
 * What may happen to a row of T = X·B (the k values of one position) before it weighs its pattern in Xᵀ·T.
 * Steps are named and plain data, not closures, so that threads, a GPU or jobs on other machines can run them.
 *
 * - `offset`: t ← t − values (k values). What a centred view needs.
 * - `scale`: t ← t · values[position]. What masks and Poisson weighting need.
 * - `reciprocal`: t ← 1 ÷ t, and 0 where t ≤ 0. What balancing rows against columns needs.
 * - `nonNegative`: t ← argmin_{a ≥ 0} ½ aᵀGa − aᵀt, the exact non-negative least squares fit of the
 *   position's pattern by the k patterns whose Gram matrix is G (k × k, row-major).
 */
export type RowStep =
  | { readonly step: "offset"; readonly values: Float64Array }
  | { readonly step: "scale"; readonly values: Float32Array }
  | { readonly step: "reciprocal" }
  | { readonly step: "nonNegative"; readonly gram: Float64Array };
