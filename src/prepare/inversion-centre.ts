import type { Size } from "../scan/scan.ts";

/**
 * The centre c about which a pattern is most nearly its own inversion, p(c + q) = p(c − q) (Friedel's law), to half a pixel.
 *
 * The greatest correlation coefficient of √p with its inversion over the pairs of pixels of which neither is hidden, with c in the middle half of
 * the detector; first on pixels binned to at most 64 a side, then in full.
 *
 * @param hidden  1 where a pixel tells nothing
 * @returns undefined where nowhere a tenth of the pixels are in pairs
 */
export function inversionCentre(
  pattern: Float32Array,
  hidden: Uint8Array,
  [rows, columns]: Size,
): readonly [row: number, column: number] | undefined {
  const bin = Math.ceil(Math.max(rows, columns) / 64);
  const coarseSize = [Math.floor(rows / bin), Math.floor(columns / bin)] as const;
  const coarse = new Float32Array(coarseSize[0] * coarseSize[1]);
  const coarseHidden = new Uint8Array(coarse.length);
  for (let r = 0; r < coarseSize[0] * bin; r++) {
    for (let c = 0; c < coarseSize[1] * bin; c++) {
      const to = Math.floor(r / bin) * coarseSize[1] + Math.floor(c / bin);
      coarse[to]! += pattern[r * columns + c]!;
      coarseHidden[to]! |= hidden[r * columns + c]!;
    }
  }
  const rough = mostSymmetric(
    coarse,
    coarseHidden,
    coarseSize,
    [coarseSize[0] - 1, coarseSize[1] - 1].map((twice) => [Math.round(twice / 2), Math.round(1.5 * twice)] as const),
  );
  if (rough === undefined) return undefined;
  const twice = rough.map((sum) => Math.round(bin * (sum + 1) - 1));
  const fine = mostSymmetric(
    pattern,
    hidden,
    [rows, columns],
    twice.map((middle) => [middle - 2 * bin, middle + 2 * bin] as const),
  );
  return fine === undefined ? undefined : [fine[0]! / 2, fine[1]! / 2];
}

/** Twice the best centre, with twice the centre's row and column in the ranges given. */
function mostSymmetric(
  pattern: Float32Array,
  hidden: Uint8Array,
  [rows, columns]: Size,
  ranges: readonly (readonly [number, number])[],
): readonly number[] | undefined {
  const root = pattern.map((value) => Math.sqrt(Math.max(0, value)));
  let best: readonly number[] | undefined;
  let highest = Number.NEGATIVE_INFINITY;
  for (let sumRow = ranges[0]![0]; sumRow <= ranges[0]![1]; sumRow++) {
    for (let sumColumn = ranges[1]![0]; sumColumn <= ranges[1]![1]; sumColumn++) {
      let n = 0;
      let sum = 0;
      let squares = 0;
      let products = 0;
      for (let r = Math.max(0, sumRow - rows + 1); 2 * r <= sumRow; r++) {
        const first = Math.max(0, sumColumn - columns + 1);
        const last = Math.min(columns - 1, sumColumn);
        let at = r * columns + first;
        let partner = (sumRow - r) * columns + sumColumn - first;
        for (let c = first; c <= last; c++, at++, partner--) {
          if (hidden[at] === 1 || hidden[partner] === 1) continue;
          const a = root[at]!;
          const b = root[partner]!;
          n++;
          sum += a + b;
          squares += a * a + b * b;
          products += a * b;
        }
      }
      if (n < 0.05 * pattern.length) continue;
      const mean = sum / (2 * n);
      const variance = squares / (2 * n) - mean * mean;
      const value = variance > 0 ? (products / n - mean * mean) / variance : -1;
      if (value > highest) {
        highest = value;
        best = [sumRow, sumColumn];
      }
    }
  }
  return best;
}
