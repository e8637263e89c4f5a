/**
 * A spot: the disk that the convergent probe makes, with a Gaussian edge; the height at a distance from the centre, 1 in the middle
 * of a large disk.
 *
 * @param distance  px
 * @param radius    of the disk, px
 * @param edge      standard deviation of the edge, px
 */
export const spotHeight = (distance: number, radius: number, edge: number): number =>
  0.5 * complementaryErrorFunction((distance - radius) / (Math.SQRT2 * edge));

/** erfc, |error| < 1.5·10⁻⁷ (Abramowitz & Stegun 7.1.26). */
function complementaryErrorFunction(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const tail =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) *
    Math.exp(-x * x);
  return x < 0 ? 2 - tail : tail;
}
