/** ∫₀ˣ sinc², sinc y = sin(πy)/(πy): tabulated up to here, by its asymptote beyond. */
const [tabulated, perUnit] = [40, 64];
let table: Float64Array | undefined;

function integrals(): Float64Array {
  const sincSquared = (x: number): number => (x === 0 ? 1 : (Math.sin(Math.PI * x) / (Math.PI * x)) ** 2);
  const values = new Float64Array(tabulated * perUnit + 2);
  const step = 1 / perUnit;
  for (let i = 1; i < values.length; i++) {
    const [a, b] = [(i - 1) * step, i * step];
    values[i] = values[i - 1]! + ((sincSquared(a) + 4 * sincSquared((a + b) / 2) + sincSquared(b)) * step) / 6;
  }
  return values;
}

function integratedSincSquared(x: number): number {
  table ??= integrals();
  const at = Math.abs(x) * perUnit;
  // 1/2 less the mean of the tail, sin² being ½ on average.
  if (at >= tabulated * perUnit) return Math.sign(x) * (0.5 - 1 / (2 * Math.PI * Math.PI * Math.abs(x)));
  const below = Math.floor(at);
  return Math.sign(x) * (table[below]! + (at - below) * (table[below + 1]! - table[below]!));
}

/** Mean of sinc²(s t) over excitation errors s from `middle` − `half` to `middle` + `half` [1/Å], t in Å. */
export function meanSincSquared(middle: number, half: number, thickness: number): number {
  const reach = Math.max(half * thickness, 1e-4);
  const x = middle * thickness;
  return (integratedSincSquared(x + reach) - integratedSincSquared(x - reach)) / (2 * reach);
}

/** How the beam stands to a reflection while a pattern is recorded. */
export interface Illumination {
  /** Precession angle [rad]. */
  readonly precession: number;
  /** Convergence semi-angle [rad]. */
  readonly convergence: number;
}

/** Steps over half the precession circle; each is averaged over the stretch that it stands for. */
const steps = 48;

/**
 * Part of a reflection that is collected: the mean of sinc²(s t) over the precession circle and the cone of the convergent beam,
 * s(ψ) = s₀ + g φ cos ψ. The cone is taken as a uniform spread of s with the same variance: ± (√3/2) g α.
 *
 * @param middle     s₀ at the middle of circle and cone [1/Å]
 * @param g          component of the reflection across the beam [1/Å]
 * @param thickness  path through the crystal [Å]
 * @see Gjønnes, Ultramicroscopy 69 (1997) 1; Hirsch et al., Electron Microscopy of Thin Crystals (1965), chapter 4
 */
export function collected(
  middle: number,
  g: number,
  { precession, convergence }: Illumination,
  thickness: number,
): number {
  const cone = (Math.sqrt(3) / 2) * g * convergence;
  const circle = g * precession;
  if (circle === 0) return meanSincSquared(middle, cone, thickness);
  let sum = 0;
  for (let i = 0; i < steps; i++) {
    const stretch = (circle * (Math.cos((Math.PI * i) / steps) - Math.cos((Math.PI * (i + 1)) / steps))) / 2;
    const at = (circle * (Math.cos((Math.PI * i) / steps) + Math.cos((Math.PI * (i + 1)) / steps))) / 2;
    // Both spreads are uniform; what they make together is taken as uniform with the sum of their variances.
    sum += meanSincSquared(middle + at, Math.hypot(cone, stretch), thickness);
  }
  return sum / steps;
}
