import { type Bits, type Factors, type WaveArrays, waveArrays } from "../algebra/wave-arrays.ts";
import { electronWavelength } from "./precession.ts";
import type { Slices, WaveGrid } from "./slices.ts";

/** Transverse wave vector of the incident beam [1/Å]. */
export type Tilt = readonly [x: number, y: number];

/** A crystal above another, the boundary between them at several depths. */
export interface Stack {
  readonly grid: WaveGrid;
  readonly upper: Slices;
  readonly lower: Slices;
  /** Of both together [Å]; crystals are cut at whole slices. */
  readonly thickness: number;
  /** Where the lower crystal begins [Å], 0 … thickness. */
  readonly depths: readonly number[];
  /** [eV] */
  readonly energy: number;
  /** Imaginary part of the potential as a part of the real one, default 0. */
  readonly absorption?: number;
}

/** Adds up the intensities of one group of incident beams: depths × beams of the grid, each incident beam 1. */
export type Rocked = (tilts: readonly Tilt[]) => Float64Array;

/**
 * Multislice for a stack of two crystals, several incident beams at once: ψ ← P (t ψ) slice by slice, t = exp((i − absorption) phase),
 * P = exp(2πi Δz (k_z(g) − k_z(0))), k_z(g) = √(1/λ² − |tilt + g|²). Without absorption every step keeps the intensity.
 *
 * Both lattices are fixed in space: where the boundary lies deeper, more of the upper one is there and less of the lower one. So the wave in
 * the upper crystal is computed once for all depths.
 *
 * @returns intensities |ψ_g|² at the exit, summed over the tilts given, each pattern shifted back to its direct beam
 * @see Cowley & Moodie, Acta Cryst. 10 (1957) 609; Kirkland, Advanced Computing in Electron Microscopy, 3rd ed. (2020), chapter 6
 */
export function multislice(
  { grid, upper, lower, thickness, depths, energy, absorption = 0 }: Stack,
  bits: Bits = 64,
): Rocked {
  const waves = waveArrays(grid.rows, grid.columns, bits);
  const sheets = [upper, lower].map(({ phases }) =>
    phases.map((phase) => waves.factors(transmission(phase, absorption))),
  );
  const last = Math.round(thickness / lower.thickness);
  const room = [propagationRoom(waves, grid), propagationRoom(waves, grid)];
  const order = depths.map((_, i) => i).sort((i, j) => depths[i]! - depths[j]!);

  return (tilts) => {
    const sums = new Float64Array(depths.length * grid.beams.length);
    for (let first = 0; first < tilts.length; first += waves.lanes) {
      const some = tilts.slice(first, first + waves.lanes);
      const propagate = [upper, lower].map((slices, i) => room[i]!(some, slices.thickness, energy));
      const through = (which: 0 | 1, from: number, to: number) => {
        for (let i = from; i < to; i++) {
          waves.inverse();
          waves.multiply(sheets[which]![i % sheets[which]!.length]!);
          waves.forward();
          waves.multiply(propagate[which]!);
        }
      };
      let above: Float32Array | Float64Array = incident(waves);
      let at = 0;
      for (const i of order) {
        const deep = Math.round(depths[i]! / upper.thickness);
        waves.values().set(above);
        through(0, at, deep);
        above = waves.values().slice();
        at = deep;
        through(1, Math.round(depths[i]! / lower.thickness), last);
        addIntensities(waves, grid, some.length, sums.subarray(i * grid.beams.length));
      }
    }
    return sums;
  };
}

/** A plane wave of 1 in every lane, transformed. */
function incident({ rows, columns, lanes }: WaveArrays): Float64Array {
  const wave = new Float64Array(2 * lanes * rows * columns);
  wave.fill(1, 0, lanes);
  return wave;
}

function transmission(phase: Float64Array, absorption: number): Float64Array {
  const factors = new Float64Array(2 * phase.length);
  for (const [i, angle] of phase.entries()) {
    const left = Math.exp(-absorption * angle);
    factors[2 * i] = left * Math.cos(angle);
    factors[2 * i + 1] = left * Math.sin(angle);
  }
  return factors;
}

/** Lays down propagators for the tilts of all lanes, again and again in the same room. */
function propagationRoom(
  waves: WaveArrays,
  { rows, columns, beams }: WaveGrid,
): (tilts: readonly Tilt[], distance: number, energy: number) => Factors {
  const { lanes } = waves;
  const factors = waves.factors(new Float64Array(2 * lanes * rows * columns), true);
  const values = new Float64Array(2 * lanes * rows * columns);
  return (tilts, distance, energy) => {
    const squared = electronWavelength(energy) ** -2;
    for (const [lane, [tx, ty]] of tilts.entries()) {
      const straight = Math.sqrt(squared - tx * tx - ty * ty);
      for (const [element, { x, y }] of beams.entries()) {
        const lost = Math.sqrt(squared - (tx + x) ** 2 - (ty + y) ** 2) - straight;
        const angle = 2 * Math.PI * distance * lost;
        // The two transforms of a slice multiply by rows · columns.
        values[2 * lanes * element + lane] = Math.cos(angle) / (rows * columns);
        values[2 * lanes * element + lanes + lane] = Math.sin(angle) / (rows * columns);
      }
    }
    waves.rewrite(factors, values);
    return factors;
  };
}

function addIntensities(waves: WaveArrays, { beams }: WaveGrid, lanes: number, sums: Float64Array): void {
  const values = waves.values();
  for (let b = 0; b < beams.length; b++) {
    const at = 2 * waves.lanes * b;
    for (let lane = 0; lane < lanes; lane++)
      sums[b]! += values[at + lane]! ** 2 + values[at + waves.lanes + lane]! ** 2;
  }
}
