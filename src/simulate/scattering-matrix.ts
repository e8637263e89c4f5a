import { type Complex, centrings, latticePoints, type Miller, structureFactors } from "./crystal.ts";
import type { Grain } from "./grain.ts";
import { combined, dot, length, reciprocalBasis, type Vector, volume } from "./lattice.ts";
import type { Tilt } from "./multislice.ts";
import { electronWavelength, relativisticFactor } from "./precession.ts";

/** A beam of the scattering matrix: its indices, and g in the microscope's axes [1/Å]. */
export interface DiffractedBeam {
  readonly miller: Miller;
  readonly g: Vector;
  /** Excitation error [1/Å], positive where g lies inside the Ewald sphere. */
  readonly excitation: number;
}

export interface Illumination {
  /** [eV] */
  readonly energy: number;
  /** Transverse wave vector of the incident beam [1/Å], default none. */
  readonly tilt?: Tilt;
  /** Imaginary part of the potential as a part α of the real one, default 0. */
  readonly absorption?: number;
}

/**
 * Reflections near the Ewald sphere and not too far out: 000, then in order of h, k, l. Those that only the motif forbids are there: other beams
 * can excite them.
 *
 * @param reach  largest |g| across the beam [1/Å]
 * @param most   largest excitation error [1/Å]
 */
export function excitedBeams(
  grain: Grain,
  { energy, tilt = [0, 0] }: Illumination,
  reach: number,
  most: number,
): DiffractedBeam[] {
  const reciprocal = reciprocalBasis(grain.edges);
  const k = 1 / electronWavelength(energy);
  const incident: Vector = [tilt[0], tilt[1], Math.sqrt(k * k - tilt[0] ** 2 - tilt[1] ** 2)];
  const sagitta = (reach * (reach + 2 * Math.hypot(...tilt))) / k + most;
  const shifts = centrings(grain.crystal);
  const beams = latticePoints(grain.crystal, Math.hypot(reach, sagitta)).flatMap((miller) => {
    const g = combined(miller, reciprocal);
    if (Math.hypot(g[0], g[1]) > reach || !shifts.every((shift) => isWhole(dot(miller, shift)))) return [];
    const to: Vector = [incident[0] + g[0], incident[1] + g[1], incident[2] + g[2]];
    const excitation = (k * k - length(to) ** 2) / (2 * to[2]);
    return Math.abs(excitation) > most ? [] : [{ miller, g, excitation }];
  });
  const isDirect = ({ miller }: DiffractedBeam) => miller.every((index) => index === 0);
  return [...beams.filter(isDirect), ...beams.filter((beam) => !isDirect(beam))];
}

const isWhole = (x: number): boolean => Math.abs(x - Math.round(x)) < 1e-3;

/**
 * Dynamical diffraction by one crystal without slices: ψ(t) = exp(2πi A t) ψ(0), A_gg = s_g + iα γλF₀/(2πΩ), A_gh = (1 + iα) γλF_{g−h}/(2πΩ).
 *
 * The same physics as Bloch waves, which diagonalise A; here the exponential is applied to the wave as a Chebyshev series, which needs no
 * eigenvectors. Without absorption A is Hermitian, so intensity is conserved to rounding. Costs about 8π R t n² multiplications, R half the spread of the
 * eigenvalues: 1 s for 400 beams and 200 nm.
 *
 * @param beams       those that take part, {@link excitedBeams} or fewer; the wave enters in the first unless `incident` says otherwise
 * @param thickness   t [Å]
 * @param incident    amplitudes at the entrance, default 1 in the first beam
 * @returns           amplitudes at the exit, beam by beam
 * @see Sturkey, Proc. Phys. Soc. 80 (1962) 321; Humphreys, Rep. Prog. Phys. 42 (1979) 1825; Tal-Ezer & Kosloff, J. Chem. Phys. 81 (1984) 3967
 */
export function throughCrystal(
  grain: Grain,
  { energy, absorption = 0 }: Illumination,
  beams: readonly DiffractedBeam[],
  thickness: number,
  incident?: readonly Complex[],
): Complex[] {
  const n = beams.length;
  const { real, imaginary } = structureMatrix(grain, energy, absorption, beams);
  // Gershgorin: eigenvalues lie within a row's sum of its diagonal element.
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    let around = 0;
    for (let j = 0; j < n; j++) if (j !== i) around += Math.hypot(real[i * n + j]!, imaginary[i * n + j]!);
    lowest = Math.min(lowest, real[i * n + i]! - around);
    highest = Math.max(highest, real[i * n + i]! + around);
  }
  const centre = (lowest + highest) / 2;
  const radius = Math.max((highest - lowest) / 2, 1e-12);
  for (let i = 0; i < n; i++) real[i * n + i]! -= centre;

  const start = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) {
    start[i] = incident ? incident[i]!.real : i === 0 ? 1 : 0;
    start[n + i] = incident ? incident[i]!.imaginary : 0;
  }
  // exp(izB) = J₀(z) + 2 Σ iᵏ Jₖ(z) Tₖ(B), B = (A − centre)/radius, T₀ = 1, T₁ = B, Tₖ₊₁ = 2B Tₖ − Tₖ₋₁.
  const bessel = besselFunctions(2 * Math.PI * thickness * radius);
  const sum = start.map((value) => bessel[0]! * value);
  let before: Float64Array = start;
  let now = multiplied(real, imaginary, start, 1 / radius);
  for (let k = 1; k < bessel.length; k++) {
    const weight = 2 * bessel[k]!;
    const [re, im] = [
      [weight, 0],
      [0, weight],
      [-weight, 0],
      [0, -weight],
    ][k % 4] as [number, number];
    for (let i = 0; i < n; i++) {
      sum[i]! += re * now[i]! - im * now[n + i]!;
      sum[n + i]! += re * now[n + i]! + im * now[i]!;
    }
    const next = multiplied(real, imaginary, now, 2 / radius);
    for (let i = 0; i < 2 * n; i++) next[i]! -= before[i]!;
    before = now;
    now = next;
  }
  const [cos, sin] = [Math.cos(2 * Math.PI * centre * thickness), Math.sin(2 * Math.PI * centre * thickness)];
  return beams.map((_, i) => ({
    real: cos * sum[i]! - sin * sum[n + i]!,
    imaginary: cos * sum[n + i]! + sin * sum[i]!,
  }));
}

/** |ψ|² beam by beam. */
export const intensities = (amplitudes: readonly Complex[]): Float64Array =>
  Float64Array.from(amplitudes, ({ real, imaginary }) => real * real + imaginary * imaginary);

/** Two-beam extinction length πΩ / (γ λ |F|) [Å]: the thickness after which a diffracted beam at its Bragg angle is back where it began. */
export function extinctionLength(grain: Grain, miller: Miller, energy: number): number {
  const { real, imaginary } = structureFactors(grain.crystal)(miller);
  return (Math.PI * volume(grain.edges)) / (relativisticFactor(energy).lambdaGamma * Math.hypot(real, imaginary));
}

/** A, n × n, each structure factor computed once. The mean potential turns all phases alike: left out. */
function structureMatrix(
  grain: Grain,
  energy: number,
  absorption: number,
  beams: readonly DiffractedBeam[],
): { real: Float64Array; imaginary: Float64Array } {
  const factor = structureFactors(grain.crystal);
  const scale = relativisticFactor(energy).lambdaGamma / (2 * Math.PI * volume(grain.edges));
  const span = 4 * Math.max(...beams.flatMap(({ miller }) => miller.map(Math.abs))) + 1;
  const known = new Map<number, Complex>();
  const mean = factor([0, 0, 0]).real;
  const n = beams.length;
  const real = new Float64Array(n * n);
  const imaginary = new Float64Array(n * n);
  for (const [i, { miller: g, excitation }] of beams.entries()) {
    for (const [j, { miller: h }] of beams.entries()) {
      if (i === j) {
        real[i * n + j] = excitation;
        imaginary[i * n + j] = absorption * scale * mean;
        continue;
      }
      const miller: Miller = [g[0] - h[0], g[1] - h[1], g[2] - h[2]];
      const key = (miller[0] * span + miller[1]) * span + miller[2];
      const value = known.get(key) ?? factor(miller);
      known.set(key, value);
      real[i * n + j] = scale * (value.real - absorption * value.imaginary);
      imaginary[i * n + j] = scale * (value.imaginary + absorption * value.real);
    }
  }
  return { real, imaginary };
}

/** factor · (Re + i Im) x; x holds real parts, then imaginary parts. */
function multiplied(real: Float64Array, imaginary: Float64Array, x: Float64Array, factor: number): Float64Array {
  const n = x.length / 2;
  const out = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) {
    let re = 0;
    let im = 0;
    for (let j = 0, at = i * n; j < n; j++, at++) {
      re += real[at]! * x[j]! - imaginary[at]! * x[n + j]!;
      im += real[at]! * x[n + j]! + imaginary[at]! * x[j]!;
    }
    out[i] = factor * re;
    out[n + i] = factor * im;
  }
  return out;
}

/**
 * J₀(z) … J_m(z), m where they fall below 10⁻¹⁶, by Miller's backward recurrence Jₖ₋₁ = (2k/z) Jₖ − Jₖ₊₁, scaled by J₀ + 2 Σ J₂ₖ = 1.
 *
 * @see Abramowitz & Stegun, Handbook of Mathematical Functions (1964), 9.12
 */
function besselFunctions(z: number): Float64Array {
  const most = Math.ceil(z + 12 * Math.cbrt(z) + 30);
  const values = new Float64Array(most + 2);
  values[most] = 1e-300;
  let total = 0;
  for (let k = most; k >= 1; k--) {
    values[k - 1] = ((2 * k) / z) * values[k]! - values[k + 1]!;
    if (Math.abs(values[k - 1]!) > 1e250) for (let j = k - 1; j <= most; j++) values[j]! *= 1e-250;
  }
  for (let k = 0; k <= most; k += 2) total += (k === 0 ? 1 : 2) * values[k]!;
  return values.subarray(0, most + 1).map((value) => value / total);
}
