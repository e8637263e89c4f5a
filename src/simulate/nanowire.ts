import { random } from "../algebra/random.ts";
import { area, type Images, item, type Patterns, patterns, type Size } from "../scan/scan.ts";
import type { NumericArray, PatternSource } from "../scan/source.ts";
import { farthestShift, phases } from "./descan.ts";
import { drawnSource } from "./drawn-source.ts";
import { beamPlace, type Expected, expectedPatterns, reciprocalStep, wireSpots } from "./nanowire-patterns.ts";
import { nanowireSpecimen, type Specimen } from "./nanowire-specimen.ts";
import { onDetector, overDefaults, wholeWithin, within } from "./options.ts";

export interface NanowireOptions {
  /** Scan positions, default 44 × 40. */
  readonly positions?: Size;
  /** Detector pixels, default 112 × 104. */
  readonly pixels?: Size;
  /** Of all counts and of the descan's jitter, default 1. */
  readonly seed?: number;
  /** Mean electrons per pattern, default 20 000. */
  readonly dose?: number;
  /** Counts are cut at 255 or 65 535; default "u16". */
  readonly dtype?: "u8" | "u16";
  /** Precession angle [mrad], default 35. */
  readonly precession?: number;
  /** Convergence semi-angle [mrad], default 1.5. */
  readonly convergence?: number;
  /** Beam energy [eV], default 300 000. */
  readonly energy?: number;
  /** Of the wire's middle [nm], default 100; sets how sharp the Bragg condition is. */
  readonly thickness?: number;
  /** Part of the electrons that the wire's middle scatters, default 0.6. */
  readonly diffracted?: number;
  /** Direction of the wire and of [111], anticlockwise from the columns' direction [°], default 20. */
  readonly wireAngle?: number;
  /** Tilt from one end of the wire to the other [mrad], default 3; 0 makes mixing exactly linear. */
  readonly bend?: number;
  /** Half the range over which the descan drifts, px, default 3; 0 for none. */
  readonly descan?: number;
  /** Standard deviation of the descan from position to position, px, default 0.4. */
  readonly jitter?: number;
  /** Displace by eighths of pixels instead of whole ones, default false. */
  readonly fractional?: boolean;
  /** Detector pixels that record nothing, as indices row · columns + column, default none. */
  readonly deadPixels?: readonly number[];
}

/** What the simulated scan was made of. */
export interface NanowireTruth {
  /** Twin A, twin B, vacuum, carbon film: expected counts, direct beam at its place without descan (4 × pixels). */
  readonly patterns: Patterns;
  /** Their parts at every position, ≥ 0, summing to 1 (4 × positions). */
  readonly abundances: Images;
  /** Row and column displacement of every pattern, px (2 × positions). */
  readonly shifts: Images;
  /** Direct beam without displacement, px. */
  readonly centre: readonly [row: number, column: number];
}

const defaults: Required<NanowireOptions> = {
  positions: [44, 40],
  pixels: [112, 104],
  seed: 1,
  dose: 20_000,
  dtype: "u16",
  precession: 35,
  convergence: 1.5,
  energy: 300_000,
  thickness: 100,
  diffracted: 0.6,
  wireAngle: 20,
  bend: 3,
  descan: 3,
  jitter: 0.4,
  fractional: false,
  deadPixels: [],
};

/**
 * A scan of a twinned GaAs nanowire near ⟨1-10⟩ with precession, after the paper's Figs 1–3, whose every part is known.
 *
 * Expected counts at a position are Σ abundance · pattern, moved by the descan; the detector draws Poisson counts from them. Spots are
 * kinematical, |F|² integrated over the precession circle; what the crystal and the film scatter is missing from the direct beam, so counts
 * are conserved. Counts depend on the seed and the position only: any order of reading, in any worker, gives the same scan.
 *
 * Nothing is made before it is read; a pattern costs about a millisecond.
 *
 * @throws ShapeError  an option is outside its range
 * @see Martineau et al., Adv. Struct. Chem. Imaging 5 (2019) 3
 * @example
 * const { source, truth } = simulateNanowire({ seed: 7, dose: 5000 });
 */
export function simulateNanowire(options: NanowireOptions = {}): { source: PatternSource; truth: NanowireTruth } {
  const whole = overDefaults(defaults, options);
  check(whole);
  const specimen = nanowireSpecimen(whole);
  const margin = farthestShift(whole) + 1;
  const expected = expectedByPhase(whole, margin);
  return {
    source: nanowireSource(whole, specimen, expected),
    truth: {
      patterns: truePatterns(whole, expected(0, 0)),
      abundances: specimen.abundances,
      shifts: specimen.shifts,
      centre: beamPlace(whole.pixels),
    },
  };
}

function check(options: Required<NanowireOptions>): void {
  const { positions, pixels, dose, diffracted, precession, convergence, energy, thickness, descan, jitter } = options;
  wholeWithin("positions", positions, 1, 4096);
  wholeWithin("pixels", pixels, 32, 1024);
  wholeWithin("seed", [options.seed], 0, 2 ** 32 - 1);
  onDetector("deadPixels", options.deadPixels, pixels);
  within("wireAngle", options.wireAngle, -360, 360);
  within("bend", options.bend, 0, 100);
  within("dose", dose, 0, 1e9);
  within("diffracted", diffracted, 0, 1);
  within("precession", precession, 0, 100);
  within("convergence", convergence, 0.1, 10);
  within("energy", energy, 1e4, 1e6);
  within("thickness", thickness, 1, 1000);
  within("descan", descan, 0, Math.min(...pixels) / 4);
  within("jitter", jitter, 0, Math.min(...pixels) / 16);
}

/** The expected patterns for a displacement by (row, column) eighths of a pixel, rendered when first asked for. */
function expectedByPhase(
  options: Required<NanowireOptions>,
  margin: number,
): (row: number, column: number) => Expected {
  const rendered = new Map<number, Expected>();
  const spots = wireSpots(options);
  return (row, column) => {
    const key = row * phases + column;
    const expected = rendered.get(key) ?? expectedPatterns(options, spots, margin, [row / phases, column / phases]);
    rendered.set(key, expected);
    return expected;
  };
}

function truePatterns({ pixels }: Required<NanowireOptions>, expected: Expected): Patterns {
  const values = new Float32Array(4 * area(pixels));
  const stack = patterns(pixels, values);
  for (const [k, from] of [expected.twinA, expected.twinB, expected.vacuum, expected.carbon].entries()) {
    const to = item(stack, k);
    for (let r = 0; r < pixels[0]; r++) {
      const start = (r + expected.margin) * expected.size[1] + expected.margin;
      to.set(from.subarray(start, start + pixels[1]), r * pixels[1]);
    }
  }
  return stack;
}

function nanowireSource(
  options: Required<NanowireOptions>,
  { abundances, along, shifts }: Specimen,
  expectedAt: (row: number, column: number) => Expected,
): PatternSource {
  const { positions, pixels, dtype, seed, deadPixels, dose, energy, precession, convergence, bend } = options;
  const count = area(positions);
  const most = dtype === "u8" ? 255 : 65_535;
  const place = beamPlace(pixels);

  function draw(position: number, into: NumericArray): void {
    const shift = [shifts.values[position]!, shifts.values[count + position]!] as const;
    const whole = shift.map(Math.floor) as [number, number];
    const expected = expectedAt((shift[0] - whole[0]) * phases, (shift[1] - whole[1]) * phases);
    const { poisson } = random(seed, position);
    const [a, b, vacuum, carbon] = [0, 1, 2, 3].map((k) => abundances.values[k * count + position]!) as [
      number,
      number,
      number,
      number,
    ];
    const tilt = bend === 0 ? 0 : along[position]!;
    for (let r = 0, i = 0; r < pixels[0]; r++) {
      let at = (r + expected.margin - whole[0]) * expected.size[1] + expected.margin - whole[1];
      for (let c = 0; c < pixels[1]; c++, i++, at++) {
        const mean =
          a * (expected.twinA[at]! + tilt * expected.bentA[at]!) +
          b * (expected.twinB[at]! + tilt * expected.bentB[at]!) +
          vacuum * expected.vacuum[at]! +
          carbon * expected.carbon[at]!;
        into[i] = Math.min(most, poisson(mean));
      }
    }
    for (const pixel of deadPixels) into[pixel] = 0;
  }

  const described = {
    name: "simulated nanowire",
    positions,
    pixels,
    dtype,
    axes: {
      positions: [
        { name: "y", step: 10, unit: "nm", origin: 0 },
        { name: "x", step: 10, unit: "nm", origin: 0 },
      ],
      pixels: [
        { name: "ky", step: reciprocalStep, unit: "1/Å", origin: -place[0] * reciprocalStep },
        { name: "kx", step: reciprocalStep, unit: "1/Å", origin: -place[1] * reciprocalStep },
      ],
    },
    metadata: {
      specimen: "twinned GaAs nanowire on carbon film, simulated",
      "beam energy [keV]": energy / 1000,
      "precession [mrad]": precession,
      "convergence [mrad]": convergence,
      "electrons per pattern": dose,
      seed,
    },
    descriptor: { kind: "simulated", model: "nanowire", options },
  } as const;
  return drawnSource(described, draw);
}
