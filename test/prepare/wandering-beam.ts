import { random } from "../../src/algebra/random.ts";
import { arraySource } from "../../src/scan/array-source.ts";
import type { PatternSource } from "../../src/scan/source.ts";

/** A scan made for one purpose: a direct beam whose place in every pattern is known, under every difficulty that real scans have. */
export interface Wandering {
  readonly positions?: readonly [number, number];
  readonly pixels?: readonly [number, number];
  readonly seed?: number;
  readonly dtype?: "u8" | "u16" | "f32";
  /** Gaussian of this standard deviation, px, or a disk of this radius. */
  readonly sigma?: number;
  readonly disk?: number;
  /** Where the beam lies without descan. */
  readonly centre?: readonly [number, number];
  /** px over the whole scan, per detector axis: along scan rows and columns. */
  readonly descan?: readonly [readonly [number, number], readonly [number, number]];
  /** Whole pixels up to this, drawn evenly. */
  readonly jitter?: number;
  /** Keep fractions of pixels instead of rounding the displacement. */
  readonly fractional?: boolean;
  /** Mean counts of the whole pattern. */
  readonly dose?: number;
  /** Direct beam's part of the dose. */
  readonly beam?: number;
  /** Part of the dose in an even plus a peaked background. */
  readonly ground?: number;
  /** Brightest reflection over direct beam, in the half of the scan that is crystal. */
  readonly reflection?: number;
  readonly empty?: readonly number[];
  readonly hot?: readonly number[];
  readonly dead?: readonly number[];
  /** Half width of a vertical bar that hides what is behind it, over the lower half of the detector from the centre on, px. */
  readonly stop?: number;
}

export function wanderingBeam(options: Wandering): {
  source: PatternSource;
  rows: Float64Array;
  columns: Float64Array;
} {
  const {
    positions = [12, 14],
    pixels = [48, 56],
    seed = 1,
    dtype = "u16",
    dose = 20_000,
    beam = 0.15,
    ground = 0.4,
  } = options;
  const {
    descan = [
      [0, 0],
      [0, 0],
    ],
    jitter = 0,
    fractional = false,
    reflection = 0,
    sigma = 1.5,
    disk,
  } = options;
  const { centre = [pixels[0] / 2 - 0.5, pixels[1] / 2 - 0.3], empty = [], hot = [], dead = [], stop } = options;
  const { integer, poisson } = random(seed);
  const count = positions[0] * positions[1];
  const size = pixels[0] * pixels[1];
  const values =
    dtype === "u8"
      ? new Uint8Array(count * size)
      : dtype === "u16"
        ? new Uint16Array(count * size)
        : new Float32Array(count * size);
  const rows = new Float64Array(count);
  const columns = new Float64Array(count);
  const spot = (y: number, x: number) =>
    disk === undefined
      ? Math.exp(-(y * y + x * x) / (2 * sigma * sigma))
      : 1 / (1 + Math.exp((Math.hypot(y, x) - disk) / 0.3));
  const area = disk === undefined ? 2 * Math.PI * sigma * sigma : Math.PI * disk * disk;
  const spacing = 4 + 3 * (disk ?? 2 * sigma);
  for (let i = 0; i < count; i++) {
    const u = positions[0] > 1 ? Math.floor(i / positions[1]) / (positions[0] - 1) - 0.5 : 0;
    const v = positions[1] > 1 ? (i % positions[1]) / (positions[1] - 1) - 0.5 : 0;
    const wander = descan.map(([alongRows, alongColumns]) => {
      const smooth = alongRows * u + alongColumns * v;
      return (fractional ? smooth : Math.round(smooth)) + (jitter > 0 ? integer(2 * jitter + 1) - jitter : 0);
    });
    rows[i] = centre[0] + wander[0]!;
    columns[i] = centre[1] + wander[1]!;
    if (empty.includes(i)) continue;
    const crystal = u > -0.1 && u < 0.4 && reflection > 0;
    const angle = 0.4 + (v > 0 ? 0.5 : 0);
    const spots: [number, number, number][] = [[0, 0, 1]];
    if (crystal) {
      for (let h = -4; h <= 4; h++) {
        for (let k = -4; k <= 4; k++) {
          if (h === 0 && k === 0) continue;
          const y = spacing * (h * Math.cos(angle) + k * Math.sin(angle));
          const x = spacing * (k * Math.cos(angle) - h * Math.sin(angle));
          spots.push([y, x, h === 1 && k === 0 ? reflection : (0.5 * reflection) / (h * h + k * k)]);
        }
      }
    }
    for (let r = 0; r < pixels[0]; r++) {
      for (let c = 0; c < pixels[1]; c++) {
        const y = r - rows[i]!;
        const x = c - columns[i]!;
        let mean = (dose * ground * 0.5) / size + (dose * ground * 0.5 * 0.02) / (1 + (y * y + x * x) / 36) / 6;
        for (const [sy, sx, strength] of spots) {
          if (Math.abs(y - sy) < 20 && Math.abs(x - sx) < 20)
            mean += ((dose * beam * strength) / area) * spot(y - sy, x - sx);
        }
        if (stop !== undefined && Math.abs(c - pixels[1] / 2) <= stop && r > pixels[0] / 2 - stop) mean *= 0.02;
        values[i * size + r * pixels[1] + c] = dtype === "u8" ? Math.min(255, poisson(mean)) : poisson(mean);
      }
    }
    for (const pixel of hot) values[i * size + pixel] = dtype === "u8" ? 255 : 5000;
    for (const pixel of dead) values[i * size + pixel] = 0;
  }
  return { source: arraySource({ positions, pixels, dtype, values }), rows, columns };
}

/** Share of positions whose shift equals the true one, up to the common offset that serves most of them. */
export function hitRate(shifts: Float32Array, rows: Float64Array, columns: Float64Array): number {
  const counts = new Map<string, number>();
  for (let i = 0; i < rows.length; i++) {
    const key = `${Math.round(shifts[i]! - rows[i]! + rows[0]!)},${Math.round(shifts[rows.length + i]! - columns[i]! + columns[0]!)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Math.max(...counts.values()) / rows.length;
}
