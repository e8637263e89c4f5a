import { ShapeError } from "../scan/errors.ts";
import type { Masks } from "../scan/masked.ts";
import { area, type Images, type Size } from "../scan/scan.ts";
import type { Analysis } from "./analysis.ts";
import { maskFromRuns } from "./mask-runs.ts";
import type { Recipe } from "./recipe.ts";

interface Sized {
  readonly positions: Size;
  readonly pixels: Size;
}

/**
 * Masks drawn on the recorded detector, for the aligned scan. A pixel of the aligned pattern was recorded by another pixel of
 * the detector at every shift; it counts where all of those are there and count. Where alignment filled the edge, the pixels
 * that not every position recorded are thus left out even without a mask.
 *
 * @param masks     1 = used; pixels as recorded
 * @param recorded  size of the scan as recorded
 * @param aligned   size after alignment
 * @param shifts    whole-pixel shifts, rows and columns over the scan; absent where nothing was moved
 * @param edge      whether alignment cropped or filled
 * @throws ShapeError a mask of another size, or one that leaves nothing
 */
export function alignedMasks(
  masks: Masks,
  recorded: Sized,
  aligned: Sized,
  shifts: Images | undefined,
  edge: "crop" | "fill",
): Masks {
  check("scan mask", masks.positions, recorded.positions);
  check("detector mask", masks.pixels, recorded.pixels);
  if (!shifts || (!masks.pixels && edge === "crop")) return masks;
  const pixels = new Uint8Array(area(aligned.pixels)).fill(1);
  const count = area(shifts.size);
  const [rowOrigin, columnOrigin] =
    edge === "crop" ? [-least(shifts.values.subarray(0, count)), -least(shifts.values.subarray(count))] : [0, 0];
  const done = new Set<string>();
  for (let position = 0; position < count; position++) {
    if (masks.positions?.[position] === 0) continue;
    const down = rowOrigin + shifts.values[position];
    const right = columnOrigin + shifts.values[count + position];
    if (done.has(`${down},${right}`)) continue;
    done.add(`${down},${right}`);
    for (let r = 0; r < aligned.pixels[0]; r++) {
      for (let c = 0; c < aligned.pixels[1]; c++) {
        const [row, column] = [r + down, c + right];
        const inside = row >= 0 && row < recorded.pixels[0] && column >= 0 && column < recorded.pixels[1];
        if (!inside || masks.pixels?.[row * recorded.pixels[1] + column] === 0) pixels[r * aligned.pixels[1] + c] = 0;
      }
    }
  }
  check("detector mask after alignment", pixels, aligned.pixels);
  return { ...masks, pixels };
}

const least = (values: Float32Array): number => values.reduce((low, value) => Math.min(low, value), values[0]);

function check(what: string, mask: Uint8Array | undefined, size: Size): void {
  if (!mask) return;
  if (mask.length !== area(size)) {
    throw new ShapeError(`${what}: expected ${size.join("×")} values, found ${mask.length}`, {
      expected: size,
      got: mask.length,
    });
  }
  if (mask.every((used) => used === 0)) {
    throw new ShapeError(`${what}: expected something to be left, found everything masked; 1 = used`, {
      expected: "some 1",
      got: "all 0",
    });
  }
}

/** The masks that the recipe holds, over positions and over the detector as recorded. */
export function masksOf({ masks = {} }: Recipe, { positions, pixels }: Sized): Masks {
  return {
    ...(masks.positions && { positions: maskFromRuns(masks.positions, area(positions)) }),
    ...(masks.pixels && { pixels: maskFromRuns(masks.pixels, area(pixels)) }),
  };
}

/** What an analysis learned from: positions and pixels of the analysed patterns, 1 = used; absent where all were. */
export const usedIn = ({ scan, recipe, alignment }: Pick<Analysis, "scan" | "recipe" | "alignment">): Masks =>
  alignedMasks(
    masksOf(recipe, scan),
    scan,
    { positions: scan.positions, pixels: scan.analysedPixels },
    alignment?.shifts,
    recipe.edge,
  );
