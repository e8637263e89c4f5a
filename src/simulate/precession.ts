/** Relativistic electron wavelength [Å] for an energy [eV]. */
export function electronWavelength(energy: number): number {
  // λ = h c / √(E (E + 2 m c²))
  return 12398.4198 / Math.sqrt(energy * (energy + 2 * 510998.95));
}

/** γ = 1 + E / m c², and λ γ [Å]: an electron this fast scatters as if it were γ times as heavy. */
export function relativisticFactor(energy: number): { readonly gamma: number; readonly lambdaGamma: number } {
  const gamma = 1 + energy / 510998.95;
  return { gamma, lambdaGamma: gamma * electronWavelength(energy) };
}

/**
 * How much of a reflection precession collects: the mean over the precession circle of sinc²(s t), sinc x = sin(πx)/(πx),
 * with the excitation error s(ψ) = g · (angle · cos ψ + tilt) − λ g²/2 [1/Å].
 *
 * For g · angle · t ≫ 1 this is about 1/(π g · angle · t): the integrated intensity |F|² t² ⟨sinc²⟩ then grows as the thickness, which is
 * what makes precessed patterns add up.
 *
 * @param g          length of the reciprocal lattice vector [1/Å]
 * @param angle      precession angle [rad], 0 for none
 * @param tilt       angle of the beam from the zone axis towards g [rad]
 * @param thickness  t [Å]
 * @see Gjønnes, Ultramicroscopy 69 (1997) 1 (geometry); Vincent & Midgley, Ultramicroscopy 53 (1994) 271
 */
export function collectedByPrecession(
  g: number,
  angle: number,
  tilt: number,
  thickness: number,
  wavelength: number,
): number {
  // The circle crosses the peak of sinc², 1/t wide in s, fastest at its sides: 8 steps over it. Both halves of the circle are alike.
  const steps = 2 * Math.ceil(4 * Math.PI * g * angle * thickness + 8);
  let sum = 0;
  for (let i = 0; i < steps; i++) {
    const x =
      Math.PI * thickness * (g * (angle * Math.cos((Math.PI * (i + 0.5)) / steps) + tilt) - (wavelength * g * g) / 2);
    sum += Math.abs(x) < 1e-6 ? 1 : (Math.sin(x) / x) ** 2;
  }
  return sum / steps;
}
