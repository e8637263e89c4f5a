/**
 * Memberships u of one point in all clusters, and the weights w with which it draws their centres, from its squared distances.
 * Returns the point's part of the objective. What tells one kind of clustering from another.
 */
export interface MembershipRule {
  (squared: Float64Array, u: Float64Array, w: Float64Array): number;
  /** Memberships are in proportion to 1 ÷ d² and weights their squares: fuzzy c-means with m = 2, for which there is a kernel. */
  readonly inverseSquares?: boolean;
}
