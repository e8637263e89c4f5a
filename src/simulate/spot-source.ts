import { area } from "../scan/scan.ts";
import type { Axis, PatternSource } from "../scan/source.ts";
import type { BicrystalParameters } from "./bicrystal.ts";
import { drawnSource } from "./drawn-source.ts";
import { bicrystalGrid } from "./rocking.ts";
import type { Beam } from "./slices.ts";

/** Height of an unscattered beam in 16 bits. */
const full = 65_535;

/** Beams as Gaussian spots of the camera's spread; an unscattered beam peaks at 65 535. Rows follow y, columns x; 000 in the middle. */
export function spotPattern(
  beams: readonly Beam[],
  intensities: Float64Array,
  { pixels, step, spread }: Pick<BicrystalParameters, "pixels" | "step" | "spread">,
): Float32Array {
  const pattern = new Float32Array(area(pixels));
  const reach = Math.ceil(5 * spread);
  for (const [b, { x, y }] of beams.entries()) {
    // Less than a tenth of a count everywhere.
    if (intensities[b]! * full < 0.01) continue;
    const row = pixels[0] / 2 + y / step;
    const column = pixels[1] / 2 + x / step;
    const across = profile(column, pixels[1], reach, spread);
    for (const [r, height] of profile(row, pixels[0], reach, spread)) {
      for (const [c, width] of across) pattern[r * pixels[1] + c]! += full * intensities[b]! * height * width;
    }
  }
  return pattern;
}

/** Pixels of one axis that a spot touches, with its height there. Without spread all lies in the nearest pixel. */
function profile(at: number, count: number, reach: number, spread: number): [index: number, height: number][] {
  const touched: [number, number][] = [];
  const nearest = Math.round(at);
  for (let i = Math.max(0, nearest - reach); i <= Math.min(count - 1, nearest + reach); i++) {
    touched.push([i, spread > 0 ? Math.exp(-((i - at) ** 2) / (2 * spread * spread)) : 1]);
  }
  return touched;
}

/** A scan whose patterns are drawn from the intensities of their beams when they are read. */
export interface SpotScan {
  readonly parameters: BicrystalParameters;
  /** Of every distinct pattern, patterns × beams; an unscattered beam has 1. */
  readonly intensities: Float64Array;
  /** Which of them is at each column; all rows are alike. */
  readonly byColumn: readonly number[];
  /** Between columns; in px where the boundary is not inclined. */
  readonly across: Pick<Axis, "step" | "unit">;
}

/** Nothing is kept but intensities: a scan of any size, in the same memory. A pattern costs some milliseconds. */
export function spotSource(scan: SpotScan): PatternSource {
  const { parameters, intensities, byColumn, across } = scan;
  const { positions, pixels, dtype, step, energy, precession, thickness, crystal, beam, twinPlane, absorption } =
    parameters;
  const { beams } = bicrystalGrid(parameters);
  let latest: { readonly which: number; readonly pattern: Float32Array } | undefined;
  const described = {
    name: `simulated ${crystal.name} bicrystal`,
    positions,
    pixels,
    dtype,
    axes: {
      positions: [
        { name: "y", ...across, origin: 0 },
        { name: "x", ...across, origin: 0 },
      ],
      pixels: [
        { name: "ky", step, unit: "1/Å", origin: (-pixels[0] / 2) * step },
        { name: "kx", step, unit: "1/Å", origin: (-pixels[1] / 2) * step },
      ],
    },
    metadata: {
      specimen: `${crystal.name} twinned on (${twinPlane.join(" ")}), beam along [${beam.join(" ")}], simulated by multislice`,
      "thickness [nm]": thickness,
      "beam energy [keV]": energy / 1000,
      "precession [mrad]": precession,
      ...(absorption > 0 && { absorption }),
    },
    descriptor: { kind: "simulated", model: "bicrystal", options: scan },
  } as const;
  return drawnSource(described, (position, into) => {
    const which = byColumn[position % positions[1]]!;
    if (latest?.which !== which) {
      const of = intensities.subarray(which * beams.length, (which + 1) * beams.length);
      latest = { which, pattern: spotPattern(beams, of, parameters) };
    }
    const { pattern } = latest;
    // Beams that the camera cannot tell apart may add up to more than one unscattered beam.
    if (dtype === "u16") for (let i = 0; i < pattern.length; i++) into[i] = Math.min(full, Math.round(pattern[i]!));
    else into.set(pattern);
  });
}
