import { ShapeError } from "./errors.ts";
import type { RowStep } from "./row-steps.ts";
import { area, coarse, type Images, images, type Patterns, patterns, type Scan } from "./scan.ts";
import { power, sweep } from "./sweep.ts";

/**
 * The scan diag(positions) · X · diag(pixels): the one view that masks and Poisson weighting are made of.
 * Nothing is copied; the operands are scaled instead, and squaring squares the weights. In a sweep, T is 0 at positions
 * of weight 0, whatever the steps.
 *
 * @param scan       X: positions × pixels
 * @param positions  a weight per position, or undefined for 1
 * @param pixels     a weight per pixel, or undefined for 1
 * @throws ShapeError a weight is missing or there is one too many
 */
export function weighted(scan: Scan, positions?: Float32Array, pixels?: Float32Array): Scan {
  check("positions", positions, area(scan.positions));
  check("pixels", pixels, area(scan.pixels));
  const steps: readonly RowStep[] = positions ? [{ step: "scale", values: positions }] : [];
  const { minus, ratioSweep } = scan;
  return {
    positions: scan.positions,
    pixels: scan.pixels,
    async toImages(operand) {
      return scaling(await scan.toImages(scaledPatterns(operand, pixels)), positions);
    },
    async toPatterns(operand) {
      return scaling(await scan.toPatterns(scaledImages(operand, positions)), pixels);
    },
    squared: () => weighted(scan.squared(), positions?.map(square), pixels?.map(square)),
    async sweep(operand, inner) {
      const swept = await sweep(scan, scaledPatterns(operand, pixels), [...steps, ...inner, ...steps]);
      return { images: unscaling(swept.images, positions), patterns: scaling(swept.patterns, pixels) };
    },
    async power(operand, inner) {
      return scaling(await power(scan, scaledPatterns(operand, pixels), [...steps, ...inner, ...steps]), pixels);
    },
    ...(scan.coarse && { coarse: () => weighted(coarse(scan), positions, pixels) }),
    ...(scan.selected && {
      selected: (chosen: Uint32Array) =>
        weighted(scan.selected!(chosen), positions, pixels && Float32Array.from(chosen, (pixel) => pixels[pixel])),
    }),
    // Masked positions and pixels have a model of 0, and are left out.
    ...(ratioSweep && isMask(positions) && isMask(pixels)
      ? {
          async ratioSweep(before: Images, operand: Patterns, rounds: number) {
            const swept = await ratioSweep.call(
              scan,
              scaledImages(before, positions),
              scaledPatterns(operand, pixels),
              rounds,
            );
            return { ...swept, patterns: scaling(swept.patterns, pixels) };
          },
        }
      : {}),
    // diag(r)(X − 1mᵀ)diag(c) subtracts r·(m∘c)ᵀ; only where r is 0 or 1 and m is 0 outside the mask is that X's own centring.
    ...(minus && isMask(positions) && isMask(pixels)
      ? { minus: (pattern: Float32Array) => weighted(minus.call(scan, pattern), positions, pixels) }
      : {}),
  };
}

const square = (value: number): number => value * value;

const isMask = (weights?: Float32Array): boolean => weights?.every((weight) => weight === 0 || weight === 1) ?? true;

function check(what: string, weights: Float32Array | undefined, expected: number): void {
  if (weights && weights.length !== expected) {
    throw new ShapeError(`weights of ${what}: expected ${expected} values, found ${weights.length}`, {
      expected,
      got: weights.length,
    });
  }
}

/** A stack, times the weights: in place, for what a product has just made. */
function scaling<Stack extends Images | Patterns>(stack: Stack, weights?: Float32Array): Stack {
  if (weights) scale(stack.values, weights, stack.values);
  return stack;
}

function scaled(values: Float32Array, weights: Float32Array): Float32Array {
  const result = new Float32Array(values.length);
  scale(values, weights, result);
  return result;
}

function scale(values: Float32Array, weights: Float32Array, to: Float32Array): void {
  for (let start = 0; start < values.length; start += weights.length) {
    for (let i = 0; i < weights.length; i++) to[start + i] = values[start + i] * weights[i];
  }
}

const scaledPatterns = (stack: Patterns, weights?: Float32Array): Patterns =>
  weights ? patterns(stack.size, scaled(stack.values, weights)) : stack;

const scaledImages = (stack: Images, weights?: Float32Array): Images =>
  weights ? images(stack.size, scaled(stack.values, weights)) : stack;

/** Undoes the last scaling of a sweep: its images weighed the patterns once more than the view's own images do. */
const unscaling = (stack: Images, weights?: Float32Array): Images =>
  scaling(
    stack,
    weights?.map((weight) => (weight === 0 ? 0 : 1 / weight)),
  );
