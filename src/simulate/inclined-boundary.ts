import { random } from "../algebra/random.ts";
import { ShapeError } from "../scan/errors.ts";
import { area, type Images, images, item, type Patterns, patterns, type Size } from "../scan/scan.ts";
import type { DType, PatternSource } from "../scan/source.ts";
import { drawnSource } from "./drawn-source.ts";
import { overDefaults, wholeWithin, within } from "./options.ts";

export interface InclinedBoundaryOptions {
  /** "separate": two arrays of peaks without overlap (Fig 5, default). "contained": the first array is part of the second pattern (Fig 6). */
  readonly arrangement?: "separate" | "contained";
  /** Scan positions, default 1 × 101; the boundary lies across the columns. */
  readonly positions?: Size;
  /** Detector pixels, default 64 × 64. */
  readonly pixels?: Size;
  /** Part of the positions over which both crystals overlap, 0 … 1, default 0.45: pure positions then have memberships near 99 %. */
  readonly mixed?: number;
  /** Largest part of the second crystal, default 1; below 1 it is embedded in the first and nowhere pure. */
  readonly largest?: number;
  /** Peaks of one array along a side, default 4. */
  readonly peaks?: number;
  /** Distance between neighbouring peaks of one array, px, default 12; the second array lies half of it down and right. */
  readonly spacing?: number;
  /** Standard deviation of a peak, px, default 1.2. */
  readonly width?: number;
  /** Height of a peak at full thickness, default 1000; the second pattern's as a part of the first's by `ratio`. */
  readonly height?: number;
  /** Height of the second array's peaks as a multiple of the first's, default 1. */
  readonly ratio?: number;
  /** Poisson counts instead of exact values, default false. */
  readonly noise?: boolean;
  /** Default "f32": exact values. Whole numbers are rounded and cut at what they hold. */
  readonly dtype?: "u8" | "u16" | "f32";
  /** Of the counts, default 1. */
  readonly seed?: number;
}

/** What the model was made of. */
export interface InclinedBoundaryTruth {
  /** Patterns of the two crystals at full thickness (2 × pixels). */
  readonly patterns: Patterns;
  /** Relative thickness of both at every position, summing to 1 (2 × positions). */
  readonly abundances: Images;
}

const defaults: Required<InclinedBoundaryOptions> = {
  arrangement: "separate",
  positions: [1, 101],
  pixels: [64, 64],
  mixed: 0.45,
  largest: 1,
  peaks: 4,
  spacing: 12,
  width: 1.2,
  height: 1000,
  ratio: 1,
  noise: false,
  dtype: "f32",
  seed: 1,
};

/**
 * A line scan across the inclined boundary of two crystals, after the paper's Figs 5 and 6: signal proportional to thickness, square arrays
 * of Gaussian peaks, no noise, nothing of the physics of diffraction.
 *
 * Peaks end where those of the other array begin (and at 4 standard deviations), so that separate arrays share no pixel.
 *
 * @throws ShapeError an option is outside its range
 * @see Martineau et al., Adv. Struct. Chem. Imaging 5 (2019) 3, which leaves sizes, widths and the mixed part open
 * @example
 * const { source, truth } = simulateInclinedBoundary({ arrangement: "contained" });
 */
export function simulateInclinedBoundary(options: InclinedBoundaryOptions = {}): {
  source: PatternSource;
  truth: InclinedBoundaryTruth;
} {
  const whole = overDefaults(defaults, options);
  check(whole);
  const truth = { patterns: twoPatterns(whole), abundances: wedges(whole) };
  return { source: boundarySource(whole, truth), truth };
}

function check({
  positions,
  pixels,
  mixed,
  largest,
  peaks,
  spacing,
  width,
  height,
  ratio,
  seed,
}: Required<InclinedBoundaryOptions>): void {
  wholeWithin("positions", positions, 1, 65_536);
  wholeWithin("pixels", pixels, 8, 4096);
  wholeWithin("peaks", [peaks], 1, 64);
  within("mixed", mixed, 0, 1);
  within("largest", largest, 0, 1);
  within("spacing", spacing, 3, Math.max(...pixels));
  within("width", width, 0.3, spacing);
  within("height", height, 1e-6, 1e9);
  within("ratio", ratio, 1e-3, 1e3);
  wholeWithin("seed", [seed], 0, 2 ** 32 - 1);
  // From the middle to the centre of the outermost peak of the second array.
  const outermost = ((peaks - 1) / 2 + 0.25) * spacing;
  const most = (Math.min(...pixels) - 1) / 2;
  if (outermost > most) {
    throw new ShapeError(
      `peaks: expected all on the detector, within ${most} px of its middle, found ${peaks} × ${peaks} at a spacing of ${spacing} px, which reach ${outermost} px; take fewer or closer peaks, or more pixels`,
      { expected: most, got: outermost },
    );
  }
}

function twoPatterns(options: Required<InclinedBoundaryOptions>): Patterns {
  const { pixels, arrangement, ratio } = options;
  const first = peakArray(options, -0.25);
  const second = peakArray(options, 0.25).map((value) => value * ratio);
  const both = arrangement === "separate" ? second : second.map((value, i) => value + first[i]!);
  const values = new Float32Array(2 * area(pixels));
  values.set(first);
  values.set(both, first.length);
  return patterns(pixels, values);
}

/** A square array of peaks about the detector's middle, moved down and right by a part of the spacing. */
function peakArray(options: Required<InclinedBoundaryOptions>, moved: number): Float32Array {
  const { pixels, peaks, spacing, width, height } = options;
  const values = new Float32Array(area(pixels));
  const places = (length: number): number[] =>
    Array.from({ length: peaks }, (_, i) => (length - 1) / 2 + (i - (peaks - 1) / 2 + moved) * spacing);
  // Half the distance from a peak to the nearest of the other array.
  const reach = Math.min(4 * width, (spacing * Math.SQRT1_2) / 2);
  for (const y of places(pixels[0])) {
    for (const x of places(pixels[1])) {
      for (let r = Math.max(0, Math.ceil(y - reach)); r <= Math.min(pixels[0] - 1, y + reach); r++) {
        for (let c = Math.max(0, Math.ceil(x - reach)); c <= Math.min(pixels[1] - 1, x + reach); c++) {
          const squared = (r - y) ** 2 + (c - x) ** 2;
          if (squared < reach * reach) values[r * pixels[1] + c] = height * Math.exp(-squared / (2 * width * width));
        }
      }
    }
  }
  return values;
}

/** Relative thickness of both crystals: linear over the mixed part in the middle. */
function wedges({ positions, mixed, largest }: Required<InclinedBoundaryOptions>): Images {
  const count = area(positions);
  const values = new Float32Array(2 * count);
  for (let i = 0; i < count; i++) {
    const across = positions[1] > 1 ? (i % positions[1]) / (positions[1] - 1) - 0.5 : 0;
    const second = largest * (mixed > 0 ? Math.min(1, Math.max(0, 0.5 + across / mixed)) : across > 0 ? 1 : 0);
    values[i] = 1 - second;
    values[count + i] = second;
  }
  return images(positions, values);
}

function boundarySource(
  options: Required<InclinedBoundaryOptions>,
  { patterns: pure, abundances }: InclinedBoundaryTruth,
): PatternSource {
  const { positions, pixels, dtype, noise, seed, arrangement, mixed } = options;
  const [first, second] = [item(pure, 0), item(pure, 1)];
  const [one, other] = [item(abundances, 0), item(abundances, 1)];
  const most = { u8: 255, u16: 65_535, f32: Number.POSITIVE_INFINITY }[dtype];
  const rounded = dtype === "f32" ? (value: number) => value : (value: number) => Math.min(most, Math.round(value));
  const pixel = (name: string) => ({ name, step: 1, unit: "px", origin: 0 });
  return drawnSource(
    {
      name: "simulated inclined boundary",
      positions,
      pixels,
      dtype: dtype satisfies DType,
      axes: { positions: [pixel("y"), pixel("x")], pixels: [pixel("ky"), pixel("kx")] },
      metadata: { specimen: "two crystals with an inclined boundary, simulated", arrangement, mixed, seed },
      descriptor: { kind: "simulated", model: "inclined-boundary", options },
    },
    (position, into) => {
      const { poisson } = random(seed, position);
      for (let i = 0; i < first.length; i++) {
        const value = one[position]! * first[i]! + other[position]! * second[i]!;
        into[i] = rounded(noise ? poisson(value) : value);
      }
    },
  );
}
