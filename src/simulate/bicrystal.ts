import { area, type Images, images, type Patterns, patterns, type Size } from "../scan/scan.ts";
import type { PatternSource, Watch } from "../scan/source.ts";
import { checkedBicrystal, checkIntensities } from "./bicrystal-limits.ts";
import type { Crystal, Miller } from "./crystal.ts";
import type { crystals } from "./crystals.ts";
import { boundaryTilt } from "./grain.ts";
import type { Vector } from "./lattice.ts";
import { overDefaults } from "./options.ts";
import { bicrystalGrid, precessionCircle, type Rocking, rockedHere } from "./rocking.ts";
import { type SpotScan, spotPattern, spotSource } from "./spot-source.ts";

export interface BicrystalOptions {
  /** A crystal from a CIF, or the name of a built-in one; default "GaAs". */
  readonly crystal?: Crystal | keyof typeof crystals;
  /** Direction of the beam in the upper crystal [uvw], default [0 0 1]; the lower one is its twin. */
  readonly beam?: Vector;
  /** Twin plane (hkl), which is also the boundary between the two, default (1 1 1). */
  readonly twinPlane?: Miller;
  /** Of both crystals together [nm], default 54.6. */
  readonly thickness?: number;
  /** Scan positions, default 1 × 41; the boundary lies across the columns. */
  readonly positions?: Size;
  /** Part of the positions over which both crystals overlap, 0 … 1, default 0.75. */
  readonly mixed?: number;
  /** Precession angle [mrad], default 20; 0 for none. */
  readonly precession?: number;
  /** Directions of the beam around the precession circle, default 200; 2π · reach · angle · thickness are enough. */
  readonly azimuths?: number;
  /** [eV], default 300 000. */
  readonly energy?: number;
  /** Largest |g| of the potential [1/Å], default 3; beams go on to 1.5 times it. */
  readonly reach?: number;
  /** Of a slice [Å], default 1.4. */
  readonly slice?: number;
  /** Imaginary part of the potential as a part of the real one, 0 … 0.5, default 0: no absorption. */
  readonly absorption?: number;
  /** Detector pixels, default 512 × 512. */
  readonly pixels?: Size;
  /** 1/Å per pixel, default 0.006. */
  readonly step?: number;
  /** Standard deviation of the camera's point spread, px, default 4. */
  readonly spread?: number;
  /** Default "u16": an unscattered beam peaks at 65 535. "f32" keeps all digits of the same numbers. */
  readonly dtype?: "u16" | "f32";
}

/** What the simulated scan was made of. */
export interface BicrystalTruth {
  /** The upper and the lower crystal alone, at full thickness (2 × pixels). */
  readonly patterns: Patterns;
  /** Their parts of the thickness at every position, summing to 1 (2 × positions). */
  readonly abundances: Images;
}

/** Every option with its value, and the crystal itself. */
export type BicrystalParameters = Required<Omit<BicrystalOptions, "crystal">> & { readonly crystal: Crystal };

const defaults: Required<BicrystalOptions> = {
  crystal: "GaAs",
  beam: [0, 0, 1],
  twinPlane: [1, 1, 1],
  thickness: 54.6,
  positions: [1, 41],
  mixed: 0.75,
  precession: 20,
  azimuths: 200,
  energy: 300_000,
  reach: 3,
  slice: 1.4,
  absorption: 0,
  pixels: [512, 512],
  step: 0.006,
  spread: 4,
  dtype: "u16",
};

/**
 * A line scan across the inclined boundary of a twinned crystal by dynamical theory, after the paper's Fig 7: multislice at every depth of the
 * boundary (column approximation), rocked around the precession circle, patterns shifted back and summed.
 *
 * With the beam along the twin plane's normal the crystals lie one above the other, and the positions are depths of the boundary. With the
 * boundary edge-on they lie side by side (`mixed` 0).
 *
 * Reproducible to the last bit for any number of threads. The default takes about a minute of one thread; time grows with azimuths, slices
 * and positions with both crystals. Memory grows with the number of different positions and of beams, not with detector pixels.
 *
 * @param options  see their own text; geometry and what the paper leaves open: docs/methods/dynamical-simulation.md
 * @param watch    signal, onProgress, and who computes: default this thread
 * @throws ShapeError  an option is outside its range, the slices cannot follow the wave, the crystal is not known, it would not fit into memory, or
 *                     both twins do not repeat together across the beam
 * @see Martineau et al., Adv. Struct. Chem. Imaging 5 (2019) 3; White, Eggeman & Midgley, Ultramicroscopy 110 (2010) 763
 * @example
 * const { source } = await simulateBicrystal({ thickness: 10, azimuths: 4, positions: [1, 5], pixels: [64, 64], step: 0.05, spread: 1 });
 */
export async function simulateBicrystal(
  options: BicrystalOptions = {},
  { rocked = rockedHere, ...watch }: Watch & { readonly rocked?: Rocking } = {},
): Promise<{ source: PatternSource; truth: BicrystalTruth; parameters: BicrystalParameters }> {
  const parameters = checkedBicrystal(overDefaults(defaults, options));
  const { positions, pixels } = parameters;
  const upper = upperParts(parameters);
  // What both ends show is wanted even where no position is pure.
  const distinct = [...new Set([0, ...upper, 1])].sort((a, b) => a - b);
  const { beams } = bicrystalGrid(parameters);
  checkIntensities(distinct.length, beams.length);
  const tilts = precessionCircle(parameters);
  const groups = Array.from({ length: Math.ceil(tilts.length / together) }, (_, i) =>
    tilts.slice(i * together, (i + 1) * together),
  );
  const sums = await rocked({ parameters, parts: distinct }, groups, watch);
  const intensities = sums.map((sum) => sum / tilts.length);

  const pure = new Float32Array(2 * area(pixels));
  pure.set(spotPattern(beams, intensities.subarray((distinct.length - 1) * beams.length), parameters));
  pure.set(spotPattern(beams, intensities.subarray(0, beams.length), parameters), area(pixels));
  const everywhere = Array.from({ length: positions[0] }, () => upper).flat();
  return {
    source: spotSource({
      parameters,
      intensities,
      byColumn: upper.map((part) => distinct.indexOf(part)),
      across: stepAcross(parameters),
    }),
    truth: {
      patterns: patterns(pixels, pure),
      abundances: images(positions, Float32Array.from([...everywhere, ...everywhere.map((part) => 1 - part)])),
    },
    parameters,
  };
}

/** Incident beams that one call of the multislice takes: every lane of several rounds, few enough that many threads have work. */
const together = 8;

/** The upper crystal's part of the thickness, column by column: linear over the mixed part in the middle. */
function upperParts({ positions: [, columns], mixed }: BicrystalParameters): number[] {
  return Array.from({ length: columns }, (_, i) => {
    const across = columns > 1 ? i / (columns - 1) - 0.5 : 0;
    if (mixed === 0) return across < 0 ? 1 : 0;
    return Math.min(1, Math.max(0, 0.5 - across / mixed));
  });
}

/** Between columns: an inclined boundary crosses the thickness over the mixed part of them. Otherwise nothing says how far apart they are. */
function stepAcross(parameters: BicrystalParameters): SpotScan["across"] {
  const { crystal, beam, twinPlane, thickness, positions, mixed } = parameters;
  const lean = Math.abs(Math.tan(boundaryTilt(crystal, beam, twinPlane)));
  if (lean < 1e-6 || lean > 1e6 || positions[1] === 1 || mixed === 0) return { step: 1, unit: "px" };
  return { step: (thickness * lean) / (mixed * (positions[1] - 1)), unit: "nm" };
}
