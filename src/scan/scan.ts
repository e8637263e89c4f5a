import { ShapeError } from "./errors.ts";
import type { RowStep } from "./row-steps.ts";

/** Rows first (slow axis), then columns (fast axis); origin top left. */
export type Size = readonly [rows: number, columns: number];

/** k images over scan positions: virtual images, loadings, memberships. values: k × positions, row-major; image i is a subarray. */
export interface Images {
  readonly kind: "images";
  readonly count: number;
  readonly size: Size;
  readonly values: Float32Array;
}

/** k patterns over detector pixels: virtual apertures, factors, cluster centres. values: k × pixels, row-major; pattern i is a subarray. */
export interface Patterns {
  readonly kind: "patterns";
  readonly count: number;
  readonly size: Size;
  readonly values: Float32Array;
}

/** The two results of one read of X: the images after the row steps, and the patterns summed with those images as weights. */
export interface Swept {
  readonly images: Images;
  readonly patterns: Patterns;
}

/** The results of one read of X in which images are improved against its quotients; see {@link Scan.ratioSweep}. */
export interface RatioSwept extends Swept {
  /** Σⱼ x ln(x/m) − x + m of every position, m from the improved images: one image. */
  readonly divergence: Images;
}

/**
 * The data matrix X (positions × pixels), seen only through its products. X itself is never handed out.
 *
 * Every engine and every view passes one conformance suite; its heart is the adjoint test
 * ⟨toImages(B), A⟩ = ⟨B, toPatterns(A)⟩.
 */
export interface Scan {
  readonly positions: Size;
  readonly pixels: Size;
  /** X·B: what each pattern looks like as an image. One read of X. */
  toImages(patterns: Patterns): Promise<Images>;
  /** Xᵀ·A: the patterns summed with each image as weight. One read of X. */
  toPatterns(images: Images): Promise<Patterns>;
  /** X∘X seen the same way: norms, variances, distances, residuals. */
  squared(): Scan;
  /** Both products in one read of X: T = steps(X·B), then Xᵀ·T. Use the function {@link sweep}, which falls back to two reads. */
  sweep?(patterns: Patterns, steps: readonly RowStep[]): Promise<Swept>;
  /** Xᵀ·steps(X·B): a sweep whose images nobody needs. Use the function {@link power}. */
  power?(patterns: Patterns, steps: readonly RowStep[]): Promise<Patterns>;
  /** X − 1·patternᵀ, subtracted element by element on load, so that nothing cancels. Use the view {@link centred}. */
  minus?(pattern: Float32Array): Scan;
  /**
   * Multiplicative updates towards the least Kullback–Leibler divergence of X from AᵀB, in one read: `rounds` times
   * A ← A ∘ (Q·B) ÷ ΣB, then Qᵀ·A, where Q = X ⊘ AᵀB, element by element. No sum of products tells Q, so engines divide while they load.
   * Negative values count as 0; elements whose model is 0 are left out. Use the function {@link ratioSweep}.
   */
  ratioSweep?(images: Images, patterns: Patterns, rounds: number): Promise<RatioSwept>;
  /**
   * The same X for finding directions, not numbers: products may be off by 10⁻³ of their largest entry where that is faster
   * (about twice, for 8-bit counts and 16-bit counts up to 4095). Use the function {@link coarse}.
   */
  coarse?(): Scan;
  /** The largest value of each pixel: no product, but one read of the same kind. See `maximumPattern`. */
  maximum?(): Promise<Patterns>;
  /**
   * X through some of its pixels only, given by number in ascending order: patterns are 1 × as many. Engines keep a copy of what is
   * seen, in the detector's element type, for as long as nothing else is asked of them.
   */
  selected?(pixels: Uint32Array): Scan;
}

/** The scan multiplied coarsely, where it can be; see {@link Scan.coarse}. */
export const coarse = (scan: Scan): Scan => scan.coarse?.() ?? scan;

/** Rows times columns: how many positions or pixels a size holds. */
export const area = (size: Size): number => size[0] * size[1];

/** A stack of images over the positions of a scan; values is taken as it is, not copied. */
export function images(size: Size, values: Float32Array): Images {
  return { kind: "images", count: stackCount("images", size, values), size, values };
}

/** A stack of patterns over the pixels of a scan; values is taken as it is, not copied. */
export function patterns(size: Size, values: Float32Array): Patterns {
  return { kind: "patterns", count: stackCount("patterns", size, values), size, values };
}

/** Item `index` of a stack, as a view of its values. */
export function item(stack: Images | Patterns, index: number): Float32Array {
  const length = area(stack.size);
  return stack.values.subarray(index * length, (index + 1) * length);
}

function stackCount(what: string, size: Size, values: Float32Array): number {
  const count = values.length / area(size);
  if (!Number.isInteger(count)) {
    throw new ShapeError(`${what}: expected a multiple of ${size.join("×")} values, found ${values.length}`, {
      expected: size,
      got: values.length,
    });
  }
  return count;
}
