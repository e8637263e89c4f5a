import type { Kernels } from "./kernels.ts";
import type { Pass } from "./pass.ts";

/** Multiplicative updates of one ratio sweep on one thread, block by block. */
export interface RatioRounds {
  /** panel ← max(0, panel) ⊘ model, for the weights as they are. */
  divide(rows: number, offset: number, columns: number): void;
  /** Improves the weights of a block as often as the pass says; leaves the divergence of each row. */
  improve(rows: number, overPanels: OverPanels, divergence: Float32Array): void;
}

/** Widens every window of a block into the panel, one after the other, and lets `use` have it. */
export type OverPanels = (use: (offset: number, columns: number) => void) => void;

interface Operands {
  readonly patterns: number;
  readonly weights: number;
  readonly totals: number;
}

/**
 * @param panel  where windows are widened to
 * @param at     patterns as packed, weights and totals (rows × count) of a block
 */
export function ratioRounds(kernels: Kernels, pass: Pass, panel: number, stride: number, at: Operands): RatioRounds {
  const { count, rounds = 0 } = pass;
  const pixels = pass.patterns!.length / count;
  const sums = Float64Array.from({ length: count }, (_, k) => {
    let sum = 0;
    for (let i = k * pixels; i < (k + 1) * pixels; i++) sum += pass.patterns![i];
    return sum;
  });
  const divide = (rows: number, offset: number, columns: number): void =>
    kernels.divide(panel, rows, columns, at.weights, at.patterns, stride, offset, count);
  return {
    divide,
    improve(rows, overPanels, divergence) {
      const weights = new Float32Array(kernels.buffer(), at.weights, rows * count);
      const totals = new Float64Array(kernels.buffer(), at.totals, rows * count);
      for (let round = 0; round < rounds; round++) {
        totals.fill(0);
        overPanels((offset, columns) => {
          divide(rows, offset, columns);
          kernels.dots(panel, rows, columns, at.patterns, stride, offset, count, at.totals);
        });
        for (let i = 0; i < weights.length; i++) {
          const sum = sums[i % count];
          weights[i] = sum > 0 ? (weights[i] * totals[i]) / sum : 0;
        }
      }
      totals.fill(0);
      overPanels((offset, columns) =>
        kernels.divergence(panel, rows, columns, at.weights, at.patterns, stride, offset, count, at.totals),
      );
      for (let r = 0; r < rows; r++) divergence[r] = totals[r];
    },
  };
}
