import type { Watch } from "../scan/source.ts";
import type { BicrystalParameters } from "./bicrystal.ts";
import { commonCell, twinnedGrains } from "./grain.ts";
import { multislice, type Tilt } from "./multislice.ts";
import { electronWavelength } from "./precession.ts";
import { projectedSlices, type WaveGrid, waveGrid } from "./slices.ts";

/** Everything that decides intensities, as plain data that can be sent to a thread. */
export interface RockingWork {
  readonly parameters: BicrystalParameters;
  /** Parts of the thickness that the upper crystal takes, 0 … 1, one for every pattern. */
  readonly parts: readonly number[];
}

/**
 * Adds up the intensities of groups of incident beams, parts × beams, computed in this thread or spread over several; group after group in their
 * order, {@link addedInOrder}, so that all give the same bits.
 */
export type Rocking = (work: RockingWork, groups: readonly (readonly Tilt[])[], watch: Watch) => Promise<Float64Array>;

/** A sum to which groups are handed as they are done, and which takes each when all before it are there: little more than one is kept. */
export function addedInOrder(): {
  readonly add: (group: number, sums: Float64Array) => void;
  readonly total: () => Float64Array;
} {
  const waiting = new Map<number, Float64Array>();
  let total: Float64Array | undefined;
  let next = 0;
  return {
    add(group, sums) {
      waiting.set(group, sums);
      for (let sum = waiting.get(next); sum !== undefined; sum = waiting.get(next)) {
        if (total === undefined) total = sum.slice();
        else for (let i = 0; i < total.length; i++) total[i]! += sum[i]!;
        waiting.delete(next++);
      }
    },
    total: () => total ?? new Float64Array(),
  };
}

/** Transverse wave vectors of the incident beams around the precession circle [1/Å]; one straight beam without precession. */
export function precessionCircle({
  precession,
  azimuths,
  energy,
}: Pick<BicrystalParameters, "precession" | "azimuths" | "energy">): Tilt[] {
  if (precession === 0) return [[0, 0]];
  const radius = Math.sin(precession / 1000) / electronWavelength(energy);
  return Array.from({ length: azimuths }, (_, i): Tilt => {
    const angle = (2 * Math.PI * i) / azimuths;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}

/** Where the beams of both crystals lie. */
export const bicrystalGrid = ({ crystal, beam, twinPlane, reach }: BicrystalParameters): WaveGrid =>
  waveGrid(commonCell(twinnedGrains(crystal, beam, twinPlane)), reach);

/** Prepares both crystals once and computes group by group. */
export function rocker({ parameters, parts }: RockingWork): (tilts: readonly Tilt[]) => Float64Array {
  const { crystal, beam, twinPlane, energy, slice, absorption } = parameters;
  const grid = bicrystalGrid(parameters);
  const [upper, lower] = twinnedGrains(crystal, beam, twinPlane);
  const thickness = parameters.thickness * 10;
  return multislice({
    grid,
    upper: projectedSlices(upper, grid, slice, energy),
    lower: projectedSlices(lower, grid, slice, energy),
    thickness,
    depths: parts.map((part) => part * thickness),
    energy,
    absorption,
  });
}

/** All groups one after another in this thread; between them others get their turn. */
export const rockedHere: Rocking = async (work, groups, { signal, onProgress }) => {
  const compute = rocker(work);
  const { add, total } = addedInOrder();
  for (const [i, group] of groups.entries()) {
    signal?.throwIfAborted();
    add(i, compute(group));
    onProgress?.("multislice", (i + 1) / groups.length);
    await new Promise((resolve) => setTimeout(resolve));
  }
  return total();
};
