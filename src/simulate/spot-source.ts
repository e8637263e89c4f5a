import { arraySource } from "../scan/array-source.ts";
import { area } from "../scan/scan.ts";
import { bytesPer, type PatternSource, typedArray } from "../scan/source.ts";
import type { BicrystalParameters } from "./bicrystal.ts";
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

/** A scan in memory of patterns already drawn, one for every position; workers share it where memory can be shared. */
export function spotSource(
  parameters: BicrystalParameters,
  drawn: readonly Float32Array[],
  across: number,
): PatternSource {
  const { positions, pixels, dtype, step, energy, precession, thickness, crystal, beam, twinPlane } = parameters;
  const count = area(positions) * area(pixels);
  const Buffer = typeof SharedArrayBuffer === "function" ? SharedArrayBuffer : ArrayBuffer;
  const values = typedArray(dtype, new Buffer(count * bytesPer[dtype]));
  for (const [i, pattern] of drawn.entries()) {
    // Beams that the camera cannot tell apart may add up to more than one unscattered beam.
    values.set(dtype === "u16" ? pattern.map((value) => Math.min(full, Math.round(value))) : pattern, i * area(pixels));
  }
  const source = arraySource({
    positions,
    pixels,
    dtype,
    values,
    name: `simulated ${crystal.name} bicrystal`,
    axes: {
      positions: [
        { name: "y", step: across, unit: "nm", origin: 0 },
        { name: "x", step: across, unit: "nm", origin: 0 },
      ],
      pixels: [
        { name: "ky", step, unit: "1/Å", origin: (-pixels[0] / 2) * step },
        { name: "kx", step, unit: "1/Å", origin: (-pixels[1] / 2) * step },
      ],
    },
  });
  return {
    ...source,
    metadata: {
      specimen: `${crystal.name} twinned on (${twinPlane.join(" ")}), beam along [${beam.join(" ")}], simulated by multislice`,
      "thickness [nm]": thickness,
      "beam energy [keV]": energy / 1000,
      "precession [mrad]": precession,
    },
  };
}
