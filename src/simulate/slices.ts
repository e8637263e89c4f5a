import { erf } from "../algebra/error-function.ts";
import { fastLength, waveArrays } from "../algebra/wave-arrays.ts";
import { ShapeError } from "../scan/errors.ts";
import { atomicGaussians } from "./crystal.ts";
import { atomsInColumn, type Grain, type PlacedAtom, type PlaneCell, periodAlongBeam } from "./grain.ts";
import { relativisticFactor } from "./precession.ts";

/** Where waves are sampled: rows × columns points of the plane cell, and the beams that fit. */
export interface WaveGrid {
  readonly cell: PlaneCell;
  readonly rows: number;
  readonly columns: number;
  /** The potential's Fourier coefficients end here [1/Å]; beams go on to the edge of the grid. */
  readonly reach: number;
  /** One for every element of the grid, in their order. */
  readonly beams: readonly Beam[];
}

/** A beam of the plane cell: its indices, and where it lies [1/Å]. */
export interface Beam {
  readonly h: number;
  readonly k: number;
  readonly x: number;
  readonly y: number;
}

/** One period of a crystal as thin sheets, each at the middle of its slice. */
export interface Slices {
  /** Of one slice [Å]. */
  readonly thickness: number;
  /** Phase that each sheet gives the wave [rad], rows × columns. */
  readonly phases: readonly Float64Array[];
}

/**
 * A grid 3 × reach wide in reciprocal space: a product of a potential and a wave that both end at `reach` does not fold back into it.
 * Nothing is cut off from the wave, so no intensity is lost; the little that lies beyond `reach` may fold back.
 *
 * @param reach  largest |g| of the potential's Fourier coefficients [1/Å]
 * @throws ShapeError  more beams than any machine can follow
 */
export function waveGrid(cell: PlaneCell, reach: number): WaveGrid {
  const [[ax, ay], [bx, by]] = cell;
  const area = ax * by - ay * bx;
  // h = g·a, so |h| ≤ reach · |a|.
  const rows = fastLength(3 * Math.floor(reach * Math.hypot(ax, ay)) + 1);
  const columns = fastLength(3 * Math.floor(reach * Math.hypot(bx, by)) + 1);
  if (rows * columns > mostBeams) {
    throw new ShapeError(
      `reach: expected at most ${mostBeams} beams, found ${rows} × ${columns}; take a smaller reach, or a zone axis of lower indices`,
      { expected: mostBeams, got: rows * columns },
    );
  }
  const beams = Array.from({ length: rows * columns }, (_, element): Beam => {
    const h = signed(Math.floor(element / columns), rows);
    const k = signed(element % columns, columns);
    return { h, k, x: (h * by - k * ay) / area, y: (k * ax - h * bx) / area };
  });
  return { cell, rows, columns, reach, beams };
}

/** More take days. */
const mostBeams = 2 ** 18;

const signed = (index: number, count: number): number => (index < count / 2 ? index : index - count);

/**
 * Cuts one period of a crystal into slices and projects each: phase(x, y) = γ λ ∫ V dz, in units in which the Fourier coefficients of V are
 * F / Ω. Scattering factors and thermal motion are Gaussians, so each atom is integrated over a slice exactly, however thin the slice: it
 * weighs ½ erf(2π (ζ + Δz/2) / √β) − ½ erf(2π (ζ − Δz/2) / √β), ζ its distance from the middle of the slice, β = b + B.
 *
 * @param thickness  wanted [Å]; the period is divided evenly into slices near it
 * @param energy     [eV]
 * @throws ShapeError  slices so thin or a cell so large that they would not fit into memory
 * @see Kirkland, Advanced Computing in Electron Microscopy, 3rd ed. (2020), chapters 5 and 6
 */
export function projectedSlices(grain: Grain, grid: WaveGrid, thickness: number, energy: number): Slices {
  const period = periodAlongBeam(grain);
  const count = Math.max(1, Math.round(period / thickness));
  const samples = count * grid.rows * grid.columns;
  if (samples > mostSamples) {
    throw new ShapeError(
      `slice: expected at most ${mostSamples} samples of the potential, found ${count} slices of ${grid.rows} × ${grid.columns}; take thicker slices, a smaller reach, or a zone axis of lower indices`,
      { expected: mostSamples, got: samples },
    );
  }
  const atoms = atomsInColumn(grain, grid.cell, period);
  const [[ax, ay], [bx, by]] = grid.cell;
  const scale = relativisticFactor(energy).lambdaGamma / Math.abs(ax * by - ay * bx);
  const phases = Array.from({ length: count }, (_, i) => {
    const parts = atoms.flatMap((placed) => sharesInSlice(placed, (i * period) / count, period / count, period));
    return projected(parts, grid, scale);
  });
  return { thickness: period / count, phases };
}

/** A thread keeps 24 bytes of each: 400 MB. */
const mostSamples = 2 ** 24;

/** A Gaussian of an atom in a slice: its weight, and β of exp(−β g²/4). */
interface Share {
  readonly u: number;
  readonly v: number;
  readonly weights: readonly (readonly [weight: number, beta: number])[];
}

function sharesInSlice({ atom, u, v, z }: PlacedAtom, middle: number, thickness: number, period: number): Share[] {
  const weights = atomicGaussians(atom).flatMap(([height, beta]): (readonly [number, number])[] => {
    const narrow = (2 * Math.PI) / Math.sqrt(beta);
    // Beyond six standard deviations an atom is nowhere.
    const images = Math.ceil((thickness + 6 / narrow) / period);
    let inside = 0;
    for (let image = -images; image <= images; image++) {
      const distance = z + image * period - middle;
      inside += (erf(narrow * (distance + thickness / 2)) - erf(narrow * (distance - thickness / 2))) / 2;
    }
    return Math.abs(inside) > 1e-7 ? [[height * inside, beta]] : [];
  });
  return weights.length > 0 ? [{ u, v, weights }] : [];
}

function projected(shares: readonly Share[], grid: WaveGrid, scale: number): Float64Array {
  const { rows, columns, beams, reach } = grid;
  const waves = waveArrays(rows, columns, 64);
  const { lanes } = waves;
  const values = waves.values();
  values.fill(0);
  for (const [element, { x, y, h, k }] of beams.entries()) {
    if (Math.hypot(x, y) > reach) continue;
    let real = 0;
    let imaginary = 0;
    const quarter = (x * x + y * y) / 4;
    for (const { u, v, weights } of shares) {
      let factor = 0;
      for (const [weight, beta] of weights) factor += weight * Math.exp(-beta * quarter);
      const angle = -2 * Math.PI * (h * u + k * v);
      real += factor * Math.cos(angle);
      imaginary += factor * Math.sin(angle);
    }
    values[2 * lanes * element] = scale * real;
    values[2 * lanes * element + lanes] = scale * imaginary;
  }
  waves.inverse();
  const out = waves.values();
  return Float64Array.from({ length: rows * columns }, (_, i) => out[2 * lanes * i]!);
}
