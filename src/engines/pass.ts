import { ShapeError } from "../scan/errors.ts";
import type { RowStep } from "../scan/row-steps.ts";
import { area, type Images, type Patterns, type Size } from "../scan/scan.ts";

/**
 * One read of X as plain data: what a worker, a GPU or a job on another machine needs to know beside the source and
 * the slab. Operands that the product does not need are absent.
 */
export interface Pass {
  readonly product: "toImages" | "toPatterns" | "sweep" | "power" | "ratioSweep" | "maximum";
  /** Number of images or patterns. */
  readonly count: number;
  /** B, count × pixels: toImages, sweep, power and ratioSweep. */
  readonly patterns?: Float32Array;
  /** A, count × positions: toPatterns and ratioSweep. */
  readonly images?: Float32Array;
  /** sweep and power: what happens to T before it weighs the patterns. */
  readonly steps: readonly RowStep[];
  /** ratioSweep: how often A is improved before it weighs the quotients. */
  readonly rounds?: number;
  /** Subtracted from every pattern while it is loaded, before squaring. */
  readonly minus?: Float32Array;
  readonly squared: boolean;
  /** Pixels that are seen, ascending; all others are left out of X, and operands are as long as this. */
  readonly selection?: Uint32Array;
  /** Operands may be rounded to 14 bits where that is faster. */
  readonly coarse?: true;
}

/** Images that a pass leaves: a ratio sweep adds the divergence as the last. */
export const imagesLeft = ({ product, count }: Pass): number => (product === "ratioSweep" ? count + 1 : count);

/** Whether a pass leaves images at all. */
export const leavesImages = ({ product }: Pass): boolean =>
  product === "toImages" || product === "sweep" || product === "ratioSweep";

/** How an engine loads X: shared by the scans it hands out (as recorded, less a pattern, squared). */
export interface Load {
  readonly minus?: Float32Array;
  readonly squared: boolean;
  readonly selection?: Uint32Array;
  readonly coarse?: true;
}

/** Checks B at the door, so that the loops inside need no ifs. */
export function checkPatterns(operand: Patterns, pixels: Size): void {
  if (operand.kind !== "patterns" || operand.count < 1 || operand.values.length !== operand.count * area(pixels)) {
    throw new ShapeError(
      `toImages: expected at least one pattern of ${pixels.join("×")} pixels, found ${operand.count} ${operand.kind} of ${operand.size.join("×")}`,
      { expected: pixels, got: operand.size },
    );
  }
}

/** Checks A at the door. */
export function checkImages(operand: Images, positions: Size): void {
  if (operand.kind !== "images" || operand.count < 1 || operand.values.length !== operand.count * area(positions)) {
    throw new ShapeError(
      `toPatterns: expected at least one image of ${positions.join("×")} positions, found ${operand.count} ${operand.kind} of ${operand.size.join("×")}`,
      { expected: positions, got: operand.size },
    );
  }
}

/** Checks a pattern to be subtracted, and that it comes before squaring. */
export function checkMinus(pattern: Float32Array, pixels: Size, load: Load): void {
  if (load.squared) {
    throw new ShapeError("minus: expected a scan that is not squared; subtract first, then square", {
      expected: "centred(scan).squared()",
      got: "squared().minus()",
    });
  }
  if (pattern.length !== area(pixels)) {
    throw new ShapeError(`minus: expected ${area(pixels)} pixels, found ${pattern.length}`, {
      expected: area(pixels),
      got: pattern.length,
    });
  }
}

/** The load after one more pattern is subtracted. */
export function subtracting(load: Load, pattern: Float32Array): Load {
  const before = load.minus;
  return { ...load, minus: before ? pattern.map((value, i) => value + before[i]) : pattern };
}

/** The load squared; squaring twice is refused: nothing needs the fourth power. */
export function squaring(load: Load): Load {
  if (load.squared) {
    throw new ShapeError("squared: expected a scan or its square, found a square; the fourth power is not offered", {
      expected: "X or X∘X",
      got: "X∘X∘X∘X",
    });
  }
  return { ...load, squared: true };
}

/** The load of some pixels only, of those that were seen before. */
export function selecting(load: Load, chosen: Uint32Array): Load {
  const { minus, selection } = load;
  return {
    ...load,
    selection: selection ? chosen.map((pixel) => selection[pixel]) : chosen,
    ...(minus && { minus: Float32Array.from(chosen, (pixel) => minus[pixel]) }),
  };
}

/** Checks that pixels to be seen are there, each once and in order. */
export function checkSelection(chosen: Uint32Array, pixels: Size): void {
  const wrong = chosen.findIndex((pixel, i) => pixel >= area(pixels) || (i > 0 && pixel <= chosen[i - 1]));
  if (chosen.length === 0 || wrong >= 0) {
    throw new ShapeError(
      `selected: expected ascending pixels below ${area(pixels)}, found ${chosen.length === 0 ? "none" : `${chosen[wrong]} at ${wrong}`}`,
      { expected: area(pixels), got: chosen.length },
    );
  }
}
