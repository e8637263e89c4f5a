import { random } from "../algebra/random.ts";
import { area, type Images, images, item, type Patterns, patterns, type Size } from "../scan/scan.ts";
import type { PatternSource } from "../scan/source.ts";
import { checkBentNanowire, checkInField } from "./bent-nanowire-limits.ts";
import { type Here, placeOf, type Render, reciprocalStep, scattering } from "./bent-nanowire-patterns.ts";
import { filmCover, filmScatters } from "./carbon-film.ts";
import type { Miller } from "./crystal.ts";
import { descanShifts, farthestShift, phases } from "./descan.ts";
import { type Detector, detectorType, recordedBy } from "./detector.ts";
import { drawnSource } from "./drawn-source.ts";
import { hexagonalWire } from "./hexagonal-wire.ts";
import { overDefaults } from "./options.ts";

export interface BentNanowireOptions {
  /** Scan positions, default 30 × 80. */
  readonly positions?: Size;
  /** Detector pixels, default 112 × 112. */
  readonly pixels?: Size;
  /** Of all noise and the descan's jitter, default 1. */
  readonly seed?: number;
  /** Between positions [nm], default 10. */
  readonly stepSize?: number;
  /** Mean electrons per pattern, default 60 000. */
  readonly dose?: number;
  /** Precession angle [mrad], default 35. */
  readonly precession?: number;
  /** Convergence semi-angle [mrad], default 1.5. */
  readonly convergence?: number;
  /** Beam energy [eV], default 300 000. */
  readonly energy?: number;
  /** Of the wire, vertex to vertex [nm], default 130. */
  readonly diameter?: number;
  /** Direction of the wire in the scan, anticlockwise from the columns' direction [°], default 3. */
  readonly wireAngle?: number;
  /** Of the wire out of the plane across the beam, from [1-10] towards [111] [°], default 0: twin boundaries edge-on. */
  readonly tilt?: number;
  /** Where the twins change along the wire, from the field's middle, ascending [nm], default −230, −90, 40, 210. */
  readonly boundaries?: readonly number[];
  /** Difference in orientation from one end of the field to the other [mrad], default 24. */
  readonly bend?: number;
  /** Orientation at the middle of the field [mrad], default 12: the zone axis lies at one end. */
  readonly misorientation?: number;
  /** Part of the field's lower side that is on carbon film: 1 as it is, 0 none; default 1. */
  readonly film?: number;
  /** Part of the electrons that the wire's middle scatters into spots, on average over the field, 0 … 0.95, default 0.55. */
  readonly diffracted?: number;
  /** Part that its middle scatters diffusely, 0 … 0.9, default 0.25. */
  readonly thermal?: number;
  /** Standard deviation of the camera's point spread, px, default 0.8. */
  readonly pointSpread?: number;
  /** Half the range over which the direct beam drifts, px, default 2. */
  readonly descan?: number;
  /** Standard deviation of the direct beam's place from position to position, px, default 0.3. */
  readonly jitter?: number;
  /** Displace by eighths of pixels instead of whole ones, default false. */
  readonly fractional?: boolean;
  /** Default a camera: 0.08 counts per electron, readout noise 0.4 counts, offset 2. */
  readonly detector?: Detector;
  /** Detector pixels that record nothing, as indices row · columns + column, default none. */
  readonly deadPixels?: readonly number[];
}

/** A spot of one twin: its place without descan, px. */
export interface WireSpot {
  readonly twin: 0 | 1;
  readonly miller: Miller;
  readonly row: number;
  readonly column: number;
}

/** What the wire was made of. Mixing is not exactly linear: patterns change with orientation and thickness. */
export interface BentNanowireTruth {
  /** First twin, second twin, both at full thickness and averaged over the bend, vacuum, carbon film: expected counts above the offset (4 × pixels). */
  readonly patterns: Patterns;
  /** Their parts by thickness at every position, summing to 1 (4 × positions). */
  readonly abundances: Images;
  /** Row and column displacement of every pattern, px (2 × positions). */
  readonly shifts: Images;
  /** Direct beam without displacement, px. */
  readonly centre: readonly [row: number, column: number];
  readonly spots: readonly WireSpot[];
}

const defaults: Required<BentNanowireOptions> = {
  positions: [30, 80],
  pixels: [112, 112],
  seed: 1,
  stepSize: 10,
  dose: 60_000,
  precession: 35,
  convergence: 1.5,
  energy: 300_000,
  diameter: 130,
  wireAngle: 3,
  tilt: 0,
  boundaries: [-230, -90, 40, 210],
  bend: 24,
  misorientation: 12,
  film: 1,
  diffracted: 0.55,
  thermal: 0.25,
  pointSpread: 0.8,
  descan: 2,
  jitter: 0.3,
  fractional: false,
  detector: { kind: "ccd", gain: 0.08, readNoise: 0.4, offset: 2 },
  deadPixels: [],
};

/**
 * The experiment of the paper's Figs 1–4: a bent, hexagonal, twinned GaAs nanowire on the edge of a carbon film, scanned with or without
 * precession and recorded by a camera or a counting detector.
 *
 * Every spot's intensity is kinematical, |F|² t² ⟨sinc²(s t)⟩ over the precession circle and the convergent beam's cone, for the path through each
 * twin and the orientation there; together they take 1 − exp(−Σ) out of the beam. So bend contours and thickness fringes appear where precession
 * does not average over them. {@link simulateNanowire} is the simpler model whose mixing is exactly linear.
 *
 * Nothing is made before it is read; a pattern costs one to two milliseconds.
 *
 * @throws ShapeError  an option is outside its range
 * @see docs/methods/bent-nanowire.md; Martineau et al., Adv. Struct. Chem. Imaging 5 (2019) 3
 * @example
 * const { source, truth } = simulateBentNanowire({ positions: [9, 12], precession: 0 });
 */
export function simulateBentNanowire(options: BentNanowireOptions = {}): {
  source: PatternSource;
  truth: BentNanowireTruth;
} {
  const whole = overDefaults(defaults, options);
  checkBentNanowire(whole);
  checkInField(options.boundaries ?? [], whole);
  const { pixels, positions, film, detector } = whole;
  const wire = hexagonalWire(whole);
  const { twins, rendererOn } = scattering(whole, wire.longest);
  const centre = [pixels[0] / 2 - 0.25, pixels[1] / 2 - 1.5] as const;
  const margin = farthestShift(whole) + 1;
  const size = [pixels[0] + 2 * margin, pixels[1] + 2 * margin] as const;
  const renderers = new Map<number, Render>();
  /** The renderer for a displacement by (row, column) eighths of a pixel, made when first asked for. */
  const renderer = (row: number, column: number): Render => {
    const known = renderers.get(row * phases + column);
    const canvas = { size, centre: [centre[0] + margin + row / phases, centre[1] + margin + column / phases] as const };
    const render = known ?? rendererOn(canvas);
    renderers.set(row * phases + column, render);
    return render;
  };
  const shifts = descanShifts(whole);
  const cover = filmOver(positions, film);
  const here = (position: number): Here => ({
    first: wire.first[position]!,
    second: wire.second[position]!,
    along: wire.along[position]!,
    film: cover[position]!,
  });
  const expected = new Float32Array(area(size));
  const count = area(positions);

  const source = drawnSource(described(whole), (position, into) => {
    const shift = [shifts.values[position]!, shifts.values[count + position]!] as const;
    const moved = shift.map(Math.floor) as [number, number];
    renderer((shift[0] - moved[0]) * phases, (shift[1] - moved[1]) * phases)(here(position), expected);
    const record = recordedBy(detector, random(whole.seed, position));
    for (let r = 0, i = 0; r < pixels[0]; r++) {
      let at = (r + margin - moved[0]) * size[1] + margin - moved[1];
      for (let c = 0; c < pixels[1]; c++, i++, at++) into[i] = record(expected[at]!);
    }
    for (const pixel of whole.deadPixels) into[pixel] = 0;
  });
  return {
    source,
    truth: {
      patterns: truePatterns(whole, wire.longest, renderer(0, 0), size, margin),
      abundances: parts(positions, count, here, wire.longest),
      shifts,
      centre,
      spots: twins.flatMap(({ reflections }, twin) =>
        reflections.map((reflection): WireSpot => {
          const [row, column] = placeOf(reflection, whole.wireAngle);
          return { twin: twin as 0 | 1, miller: reflection.miller, row: centre[0] + row, column: centre[1] + column };
        }),
      ),
    },
  };
}

function filmOver(positions: Size, film: number): Float32Array {
  const extent = Math.max(...positions);
  return Float32Array.from({ length: area(positions) }, (_, i) => {
    const y = (Math.floor(i / positions[1]) - (positions[0] - 1) / 2) / extent;
    const x = ((i % positions[1]) - (positions[1] - 1) / 2) / extent;
    // The scan is far wider than high: the film's edge is drawn nearer to its middle.
    return film * filmScatters * filmCover(y + 0.08, x, extent);
  });
}

function parts(positions: Size, count: number, here: (position: number) => Here, longest: number): Images {
  const values = new Float32Array(4 * count);
  for (let i = 0; i < count; i++) {
    const { first, second, film } = here(i);
    values[i] = ((1 - film) * first) / longest;
    values[count + i] = ((1 - film) * second) / longest;
    values[2 * count + i] = (1 - film) * (1 - (first + second) / longest);
    values[3 * count + i] = film;
  }
  return images(positions, values);
}

function truePatterns(
  { pixels, detector }: Required<BentNanowireOptions>,
  longest: number,
  render: Render,
  size: Size,
  margin: number,
): Patterns {
  const stack = patterns(pixels, new Float32Array(4 * area(pixels)));
  const canvas = new Float32Array(area(size));
  const gain = detector.kind === "ccd" ? detector.gain : 1;
  const steps = 33;
  const pure: readonly Omit<Here, "along">[] = [
    { first: longest, second: 0, film: 0 },
    { first: 0, second: longest, film: 0 },
    { first: 0, second: 0, film: 0 },
    { first: 0, second: 0, film: 1 },
  ];
  for (const [k, where] of pure.entries()) {
    const to = item(stack, k);
    for (let step = 0; step < steps; step++) {
      render({ ...where, along: step / (steps - 1) - 0.5 }, canvas);
      for (let i = 0; i < to.length; i++) {
        to[i]! += (gain / steps) * canvas[(Math.floor(i / pixels[1]) + margin) * size[1] + (i % pixels[1]) + margin]!;
      }
    }
  }
  return stack;
}

function described(options: Required<BentNanowireOptions>): Parameters<typeof drawnSource>[0] {
  const { positions, pixels, detector, energy, precession, convergence, bend, tilt, dose, stepSize, seed } = options;
  const scanned = (name: string) => ({ name, step: stepSize, unit: "nm", origin: 0 });
  const recorded = (name: string, length: number, off: number) => ({
    name,
    step: reciprocalStep,
    unit: "1/Å",
    origin: -(length / 2 - off) * reciprocalStep,
  });
  return {
    name: `simulated wire, ${precession} mrad`,
    positions,
    pixels,
    dtype: detectorType(detector),
    axes: {
      positions: [scanned("y"), scanned("x")],
      pixels: [recorded("ky", pixels[0], 0.25), recorded("kx", pixels[1], 1.5)],
    },
    metadata: {
      specimen: "bent and twinned GaAs nanowire on the edge of a carbon film, simulated",
      "beam energy [keV]": energy / 1000,
      "precession [mrad]": precession,
      "convergence [mrad]": convergence,
      "bend [mrad]": bend,
      "tilt [°]": tilt,
      "electrons per pattern": dose,
      seed,
    },
    descriptor: { kind: "simulated", model: "bent-nanowire", options },
  };
}
