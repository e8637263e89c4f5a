import { median } from "../algebra/median.ts";
import { area, type Size } from "../scan/scan.ts";
import { inversionCentre } from "./inversion-centre.ts";

export interface BeamShadow {
  /** 1 where something hides the detector (row-major). */
  readonly mask: Uint8Array;
  /** Where the mean pattern has its centre of inversion, px. */
  readonly centre: readonly [row: number, column: number];
}

/**
 * Finds what hides the direct beam: a beam stop, or a region of the detector that is dead.
 *
 * A dark region counts only if it covers a tenth or more of the disk in which the beam is expected: around the centre of
 * inversion of what is not dark.
 *
 * @param mean     mean pattern, row-major
 * @param regions  see {@link darkRegions}
 * @param radius   of the spots, px
 * @returns undefined where nothing hides the beam
 */
export function findBeamShadow(
  mean: Float32Array,
  regions: Int32Array,
  size: Size,
  radius: number,
): BeamShadow | undefined {
  const mask = Uint8Array.from(regions, (region) => Math.min(1, region));
  const centre = inversionCentre(mean, mask, size);
  if (centre === undefined) return undefined;
  const reach = 1.5 * radius + 1;
  const inside = new Map<number, number>();
  let disk = 0;
  for (let i = 0; i < regions.length; i++) {
    if (Math.hypot(Math.floor(i / size[1]) - centre[0], (i % size[1]) - centre[1]) > reach) continue;
    disk++;
    inside.set(regions[i]!, (inside.get(regions[i]!) ?? 0) + 1);
  }
  const hides = [...inside].some(([region, pixels]) => region > 0 && pixels >= 0.1 * disk);
  return hides ? { mask, centre } : undefined;
}

/**
 * The number, from 1, of the dark region that a pixel belongs to; 0 for the others.
 *
 * Dark is what keeps less than 1/25 of the median of its wider surroundings where these have at least 8 counts in all, in connected
 * regions that hold a square of 3 × 3 px. Patterns on a ground of nothing therefore have none.
 *
 * @param mean  mean pattern over `count` patterns, row-major
 * @returns undefined where nothing is dark
 */
export function darkRegions(mean: Float32Array, size: Size, count: number): Int32Array | undefined {
  const [rows, columns] = size;
  const around = surroundings(mean, size);
  const dark = Uint8Array.from(mean, (value, i) => (around[i]! * count >= 8 && value < 0.04 * around[i]! ? 1 : 0));
  const regions = new Int32Array(area(size));
  let region = 0;
  const open: number[] = [];
  const block = (i: number, visit: (n: number) => void) => {
    const r = Math.floor(i / columns);
    const c = i % columns;
    for (let y = Math.max(0, r - 1); y <= Math.min(rows - 1, r + 1); y++) {
      for (let x = Math.max(0, c - 1); x <= Math.min(columns - 1, c + 1); x++) visit(y * columns + x);
    }
  };
  const solid = Uint8Array.from(dark, (_, i) => {
    let all = 1;
    block(i, (n) => {
      if (dark[n] === 0) all = 0;
    });
    return all;
  });
  for (let i = 0; i < regions.length; i++) {
    if (solid[i] === 0 || regions[i] !== 0) continue;
    regions[i] = ++region;
    open.push(i);
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const spreads = solid[next] === 1;
      block(next, (n) => {
        if (!spreads || dark[n] === 0 || regions[n] !== 0) return;
        regions[n] = region;
        open.push(n);
      });
    }
  }
  return region > 0 ? regions : undefined;
}

/** The median over a wide square around every pixel, computed on a grid. */
function surroundings(mean: Float32Array, [rows, columns]: Size): Float32Array {
  const reach = Math.max(4, Math.round(Math.min(rows, columns) / 5));
  const step = Math.max(4, Math.floor(Math.min(rows, columns) / 32));
  const stride = Math.ceil(reach / 10);
  const medians = new Float32Array(rows * columns);
  const kept = new Float64Array((2 * reach + 1) ** 2);
  for (let r = 0; r < rows; r += step) {
    for (let c = 0; c < columns; c += step) {
      let n = 0;
      for (let y = Math.max(0, r - reach); y <= Math.min(rows - 1, r + reach); y += stride) {
        for (let x = Math.max(0, c - reach); x <= Math.min(columns - 1, c + reach); x += stride) {
          kept[n++] = mean[y * columns + x]!;
        }
      }
      const middle = median(kept.subarray(0, n));
      for (let y = r; y < Math.min(rows, r + step); y++)
        medians.fill(middle, y * columns + c, y * columns + Math.min(columns, c + step));
    }
  }
  return medians;
}
