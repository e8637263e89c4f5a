import { ShapeError } from "../scan/errors.ts";
import { area, type Images, images, type Patterns, patterns, type Size } from "../scan/scan.ts";
import { bytesPer, type PatternSource, type Watch } from "../scan/source.ts";
import type { Crystal, Miller } from "./crystal.ts";
import { crystals } from "./crystals.ts";
import { boundaryTilt } from "./grain.ts";
import type { Vector } from "./lattice.ts";
import type { Tilt } from "./multislice.ts";
import { overDefaults, wholeWithin, within } from "./options.ts";
import { bicrystalGrid, precessionCircle, type Rocking, rockedHere } from "./rocking.ts";
import { spotPattern, spotSource } from "./spot-source.ts";

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
  /** Directions of the beam around the precession circle, default 200. */
  readonly azimuths?: number;
  /** [eV], default 300 000. */
  readonly energy?: number;
  /** Largest |g| of the potential [1/Å], default 3; beams go on to 1.5 times it. */
  readonly reach?: number;
  /** Of a slice [Å], default 1.4. */
  readonly slice?: number;
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
  pixels: [512, 512],
  step: 0.006,
  spread: 4,
  dtype: "u16",
};

/**
 * A line scan across the inclined boundary of a twinned crystal by dynamical theory, after the paper's Fig 7: multislice at every depth of the
 * boundary (column approximation), rocked around the precession circle, patterns shifted back and summed.
 *
 * Reproducible to the last bit for any number of threads. The default takes about a minute of one thread; time grows with azimuths, slices
 * and positions with both crystals.
 *
 * @param options  see their own text; geometry and what the paper leaves open: docs/methods/dynamical-simulation.md
 * @param watch    signal, onProgress, and who computes: default this thread
 * @throws ShapeError  an option is outside its range, the crystal is not known, or both twins do not repeat together across the beam
 * @see Martineau et al., Adv. Struct. Chem. Imaging 5 (2019) 3; White, Eggeman & Midgley, Ultramicroscopy 110 (2010) 763
 * @example
 * const { source } = await simulateBicrystal({ thickness: 10, azimuths: 4, positions: [1, 5], pixels: [64, 64], step: 0.05, spread: 1 });
 */
export async function simulateBicrystal(
  options: BicrystalOptions = {},
  { rocked = rockedHere, ...watch }: Watch & { readonly rocked?: Rocking } = {},
): Promise<{ source: PatternSource; truth: BicrystalTruth; parameters: BicrystalParameters }> {
  const parameters = checked(overDefaults(defaults, options));
  const { positions, pixels, crystal, beam, twinPlane, thickness, mixed } = parameters;
  const upper = upperParts(parameters);
  // What both ends show is wanted even where no position is pure.
  const distinct = [...new Set([0, ...upper, 1])].sort((a, b) => a - b);
  const { beams } = bicrystalGrid(parameters);
  const tilts = precessionCircle(parameters);
  const intensities = await rockedInGroups(parameters, distinct, tilts, rocked, watch);
  const drawn = distinct.map((_, i) =>
    spotPattern(beams, intensities.subarray(i * beams.length, (i + 1) * beams.length), parameters),
  );

  const pure = new Float32Array(2 * pixels[0] * pixels[1]);
  pure.set(drawn.at(-1)!);
  pure.set(drawn[0]!, pixels[0] * pixels[1]);
  const lean = Math.abs(Math.tan(boundaryTilt(crystal, beam, twinPlane)));
  const across = positions[1] > 1 && mixed > 0 ? (thickness * lean) / (mixed * (positions[1] - 1)) : 1;
  return {
    source: spotSource(
      parameters,
      upper.map((part) => drawn[distinct.indexOf(part)]!),
      across,
    ),
    truth: {
      patterns: patterns(pixels, pure),
      abundances: images(positions, Float32Array.from([...upper, ...upper.map((part) => 1 - part)])),
    },
    parameters,
  };
}

/** Incident beams that one call of the multislice takes: every lane of several rounds, few enough that many threads have work. */
const together = 8;

/** Mean intensities over all incident beams: parts × beams. Groups are added up in their order, whoever computed them. */
async function rockedInGroups(
  parameters: BicrystalParameters,
  parts: readonly number[],
  tilts: readonly Tilt[],
  rocked: Rocking,
  watch: Watch,
): Promise<Float64Array> {
  const groups = Array.from({ length: Math.ceil(tilts.length / together) }, (_, i) =>
    tilts.slice(i * together, (i + 1) * together),
  );
  const sums = await rocked({ parameters, parts }, groups, watch);
  const mean = new Float64Array(sums[0]!.length);
  for (const sum of sums) for (let i = 0; i < mean.length; i++) mean[i]! += sum[i]! / tilts.length;
  return mean;
}

/** The upper crystal's part of the thickness, position by position: linear over the mixed part in the middle. */
function upperParts({ positions, mixed }: BicrystalParameters): number[] {
  return Array.from({ length: positions[0] * positions[1] }, (_, i) => {
    const across = positions[1] > 1 ? (i % positions[1]) / (positions[1] - 1) - 0.5 : 0;
    if (mixed === 0) return across < 0 ? 1 : 0;
    return Math.min(1, Math.max(0, 0.5 - across / mixed));
  });
}

function checked(options: Required<BicrystalOptions>): BicrystalParameters {
  const { crystal: given, positions, pixels, azimuths, ...rest } = options;
  wholeWithin("positions", positions, 1, 65_536);
  wholeWithin("pixels", pixels, 8, 4096);
  wholeWithin("azimuths", [azimuths], 1, 100_000);
  const bytes = area(positions) * area(pixels) * bytesPer[rest.dtype];
  if (bytes > 2 ** 31) {
    throw new ShapeError(
      `positions: expected a scan of at most 2 GiB, found ${(bytes / 2 ** 30).toFixed(0)} GiB; take fewer positions or pixels`,
      { expected: 2 ** 31, got: bytes },
    );
  }
  within("thickness", rest.thickness, 0.1, 10_000);
  within("mixed", rest.mixed, 0, 1);
  within("precession", rest.precession, 0, 200);
  within("energy", rest.energy, 1e4, 2e6);
  within("reach", rest.reach, 0.2, 10);
  within("slice", rest.slice, 0.05, 20);
  within("step", rest.step, 1e-5, 1);
  within("spread", rest.spread, 0, 100);
  const crystal = typeof given === "string" ? crystals[given] : given;
  if (crystal === undefined) {
    throw new ShapeError(
      `crystal: expected one of ${Object.keys(crystals).join(", ")} or one read from a CIF, found ${given}`,
      { expected: Object.keys(crystals), got: given },
    );
  }
  return { ...rest, positions, pixels, azimuths, crystal };
}
