import { UnsupportedError } from "../scan/errors.ts";
import { pengCoefficients } from "./peng-coefficients.ts";

/**
 * Electron scattering factor of a neutral atom at rest [Å], first Born approximation without relativistic correction.
 *
 * Within 1 % of the Mott–Bethe formula on X-ray factors for 0.15 < s < 1.2 (nine elements, C … Au), 2 % up to s = 1.5; 0.1 to 4 % low at 2, where
 * only atoms without thermal motion would show it.
 *
 * @param element  symbol, H … Cf
 * @param s        sin θ / λ = |g|/2 [1/Å]
 * @throws UnsupportedError  an element without parameters
 * @see Peng, Ren, Dudarev & Whelan, Acta Cryst. A52 (1996) 257, table of five Gaussians for 0 ≤ s ≤ 2 Å⁻¹
 */
export function electronScatteringFactor(element: string, s: number): number {
  return gaussians(element).reduce((sum, [a, b]) => sum + a * Math.exp(-b * s * s), 0);
}

/** The Gaussians that make up a scattering factor: a [Å] and b [Å²] of a exp(−b s²). @throws UnsupportedError as above */
export function gaussians(element: string): readonly (readonly [a: number, b: number])[] {
  const found = pengCoefficients.get(element);
  if (found !== undefined) return found;
  throw new UnsupportedError(`scattering factor: expected an element, H … Cf, found ${element}`, {
    feature: `scattering factor of ${element}`,
  });
}

export const isElement = (symbol: string): boolean => pengCoefficients.has(symbol);
