/**
 * Memberships u of one point in all clusters, and the weights w with which it draws their centres, from its squared distances.
 * Returns the point's part of the objective. What tells one kind of clustering from another.
 */
export interface MembershipRule {
  (squared: Float64Array, u: Float64Array, w: Float64Array): number;
  /** What there is a kernel for: memberships in proportion to 1 ÷ d² with their squares as weights (fuzzy c-means, m = 2), or all to the nearest. */
  readonly kernel?: "inverseShares" | "nearestShares" | undefined;
}
