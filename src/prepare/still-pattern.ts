import { gaussianBlur } from "../algebra/blur.ts";
import { exp, log } from "../algebra/elementary.ts";
import { area, type Size } from "../scan/scan.ts";

/** The displacement of one pattern from the mean pattern, px, and its standard deviation. */
export interface Displaced {
  readonly row: number;
  readonly column: number;
  /** Of the less certain direction, px. */
  readonly uncertainty: number;
  /** Counts that it was found from. */
  readonly counts: number;
}

export interface Still {
  /** The mean pattern without displacements, and 1 where it was seen. */
  readonly template: Float32Array;
  readonly seen: Uint8Array;
  /** Finds the displacement of the pattern at `start` of `values`, at most `reach` px from where it is expected. */
  find(
    values: ArrayLike<number>,
    start: number,
    expected: readonly [row: number, column: number],
    reach: number,
    prior?: number,
  ): Displaced;
}

const mostPixels = 4000;

/**
 * Finds displacements from everything but the direct beam: the displacement s at which the counts p are most likely drawn from the mean pattern T,
 * ℓ(s) = Σ p(x) · ln T(x − s) − Σ p · ln Σ T(x − s), sums over up to 4000 pixels that nothing hides, those where T changes most
 * against its counting noise, away from the beam. ℓ is divided by the variance of p in units of its Poisson variance, as p is not T where the specimen varies.
 */
export function stillPattern(
  patterns: readonly Float32Array[],
  shifts: readonly (readonly [number, number])[],
  hidden: Uint8Array,
  size: Size,
  blur: number,
  beam: { readonly centre: readonly [number, number]; readonly radius: number },
): Still {
  const [rows, columns] = size;
  const { template, seen } = averaged(patterns, shifts, hidden, size, blur);
  const logs = template.map(Math.log);
  const telling = Uint8Array.from(seen);
  for (let i = 0; i < telling.length; i++) {
    const distance = Math.hypot(Math.floor(i / columns) - beam.centre[0], (i % columns) - beam.centre[1]);
    // What is visible of the beam changes with the displacement, and is far brighter than all else.
    if (distance <= beam.radius) telling[i] = 0;
  }
  const told = information(template, hidden, size);
  const order = Array.from(told.keys())
    .filter((i) => told[i]! > 0)
    .sort((a, b) => told[b]! - told[a]! || a - b);
  const views = new Map<string, View>();

  /** The pixels with which displacements around a whole one can be compared fairly: the same for all of them. */
  function view(row: number, column: number, reach: number): View {
    const key = `${row},${column},${reach}`;
    const known = views.get(key);
    if (known !== undefined) return known;
    const pixels: number[] = [];
    for (const i of order) {
      if (pixels.length >= mostPixels) break;
      const y = Math.floor(i / columns) - row;
      const x = (i % columns) - column;
      if (y < reach || y >= rows - reach || x < reach || x >= columns - reach) continue;
      let all = true;
      for (let dy = -reach; dy <= reach && all; dy++) {
        for (let dx = -reach; dx <= reach && all; dx++) all = telling[(y - dy) * columns + x - dx] === 1;
      }
      if (all) pixels.push(i);
    }
    const sums = new Float64Array((2 * reach + 1) ** 2);
    let k = 0;
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++, k++) {
        const offset = (row + dy) * columns + column + dx;
        for (const i of pixels) sums[k]! += template[i - offset]!;
      }
    }
    const made = { pixels: Int32Array.from(pixels), sums };
    views.set(key, made);
    return made;
  }

  return {
    template,
    seen,
    find(values, start, expected, reach, prior = Number.POSITIVE_INFINITY) {
      const row = Math.round(expected[0]);
      const column = Math.round(expected[1]);
      const { pixels, sums } = view(row, column, reach);
      const side = 2 * reach + 1;
      const likely = new Float64Array(side * side);
      let total = 0;
      for (const i of pixels) {
        const count = values[start + i]!;
        if (!(count > 0)) continue;
        total += count;
        for (let dy = -reach, k = 0; dy <= reach; dy++) {
          let at = i - (row + dy) * columns - column + reach;
          for (const end = k + side; k < end; k++, at--) likely[k]! += count * logs[at]!;
        }
      }
      if (total === 0)
        return { row: expected[0], column: expected[1], uncertainty: Number.POSITIVE_INFINITY, counts: 0 };
      let best = 0;
      for (let k = 0; k < likely.length; k++) {
        likely[k]! -= total * log(sums[k]!);
        if (likely[k]! > likely[best]!) best = k;
      }
      // Pearson's χ² per pixel at the best displacement
      const bestOffset = (row + Math.floor(best / side) - reach) * columns + column + (best % side) - reach;
      const scale = total / sums[best]!;
      let squares = 0;
      for (const i of pixels) {
        const mean = scale * template[i - bestOffset]!;
        const count = Math.max(0, values[start + i]!) || 0;
        squares += (count - mean) ** 2 / Math.max(mean, 1e-12);
      }
      const dispersion = Math.max(1, squares / pixels.length);
      const width = 1 / (2 * prior * prior);
      let most = Number.NEGATIVE_INFINITY;
      for (let dy = -reach, k = 0; dy <= reach; dy++) {
        for (let dx = -reach; dx <= reach; dx++, k++) {
          const away = (row + dy - expected[0]) ** 2 + (column + dx - expected[1]) ** 2;
          likely[k] = likely[k]! / dispersion - away * width;
          if (likely[k]! > most) most = likely[k]!;
        }
      }
      let weight = 0;
      const moments = [0, 0, 0, 0];
      for (let dy = -reach, k = 0; dy <= reach; dy++) {
        for (let dx = -reach; dx <= reach; dx++, k++) {
          const w = exp(likely[k]! - most);
          weight += w;
          moments[0]! += w * dy;
          moments[1]! += w * dx;
          moments[2]! += w * dy * dy;
          moments[3]! += w * dx * dx;
        }
      }
      const [y, x, yy, xx] = moments.map((moment) => moment / weight) as [number, number, number, number];
      return {
        row: row + y,
        column: column + x,
        uncertainty: Math.sqrt(Math.max(0, yy - y * y, xx - x * x)),
        counts: total,
      };
    },
  };
}

interface View {
  readonly pixels: Int32Array;
  readonly sums: Float64Array;
}

/** The mean of the patterns moved back, over those in which the pixel was not hidden, and where enough of them were. */
function averaged(
  patterns: readonly Float32Array[],
  shifts: readonly (readonly [number, number])[],
  hidden: Uint8Array,
  [rows, columns]: Size,
  blur: number,
): { template: Float32Array; seen: Uint8Array } {
  const sums = new Float32Array(rows * columns);
  const counts = new Float32Array(rows * columns);
  for (const [k, pattern] of patterns.entries()) {
    const row = Math.round(shifts[k]![0]);
    const column = Math.round(shifts[k]![1]);
    for (let r = Math.max(0, row); r < Math.min(rows, rows + row); r++) {
      for (let c = Math.max(0, column); c < Math.min(columns, columns + column); c++) {
        const from = r * columns + c;
        if (hidden[from] === 1) continue;
        const to = (r - row) * columns + c - column;
        sums[to]! += pattern[from]!;
        counts[to]!++;
      }
    }
  }
  const least = Math.max(1, 0.02 * patterns.length);
  const seen = Uint8Array.from(counts, (count) => (count >= least ? 1 : 0));
  const weighed = gaussianBlur(sums, rows, columns, blur);
  const weights = gaussianBlur(counts, rows, columns, blur);
  const mean = weighed.map((sum, i) => (weights[i]! > 0 ? sum / weights[i]! : 0));
  // A stray count where the mean has none would outweigh all others.
  const floor = 1e-3 * (mean.reduce((sum, value) => sum + value, 0) / area([rows, columns])) + 1e-9;
  return { template: mean.map((value) => value + floor), seen };
}

/** |∇T|² ÷ T: what a pixel tells about displacements; 0 where hidden or next to it. */
function information(template: Float32Array, hidden: Uint8Array, [rows, columns]: Size): Float32Array {
  const told = new Float32Array(template.length);
  for (let r = 1; r < rows - 1; r++) {
    for (let c = 1; c < columns - 1; c++) {
      const i = r * columns + c;
      if (hidden[i] === 1 || hidden[i - 1] === 1 || hidden[i + 1] === 1) continue;
      if (hidden[i - columns] === 1 || hidden[i + columns] === 1) continue;
      const down = template[i + columns]! - template[i - columns]!;
      const right = template[i + 1]! - template[i - 1]!;
      told[i] = (down * down + right * right) / template[i]!;
    }
  }
  return told;
}
