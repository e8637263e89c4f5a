import { random } from "../../src/algebra/random.ts";
import type { Size } from "../../src/scan/scan.ts";

/** A small scan with known truth: spots on a common beam, smooth abundances that sum to one, Poisson counts (dose 0: none). */
export function example(
  endmembers: number,
  dose: number,
  seed: number,
  positions: Size = [14, 17],
  pixels: Size = [18, 21],
) {
  const { uniform, poisson } = random(seed);
  const [n, p] = [positions[0] * positions[1], pixels[0] * pixels[1]];
  const spots = (): [number, number, number][] =>
    Array.from({ length: 6 }, () => [uniform() * pixels[0], uniform() * pixels[1], 2 + 8 * uniform()]);
  const patternsTrue = Array.from({ length: endmembers }, () => {
    const peaks: [number, number, number][] = [[pixels[0] / 2, pixels[1] / 2, 20], ...spots()];
    const pattern = Array.from({ length: p }, (_, j) => {
      const [y, x] = [Math.floor(j / pixels[1]), j % pixels[1]];
      return peaks.reduce(
        (sum, [py, px, height]) => sum + height * Math.exp(-((y - py) ** 2 + (x - px) ** 2) / 2.5),
        0.05,
      );
    });
    const sum = pattern.reduce((a, b) => a + b, 0);
    return pattern.map((value) => value / sum);
  });
  const centres = Array.from({ length: endmembers }, () => [uniform() * positions[0], uniform() * positions[1]]);
  const x = new Float64Array(n * p);
  for (let i = 0; i < n; i++) {
    const [r, c] = [Math.floor(i / positions[1]), i % positions[1]];
    const weights = centres.map(([y, z]) => Math.exp(-((r - y) ** 2 + (c - z) ** 2) / 12));
    const sum = weights.reduce((a, b) => a + b, 1e-300);
    for (let j = 0; j < p; j++) {
      const mean = weights.reduce((a, w, k) => a + (w / sum) * patternsTrue[k][j], 0) * (dose || 1);
      x[i * p + j] = dose ? poisson(mean) : mean;
    }
  }
  return { positions, pixels, x };
}
