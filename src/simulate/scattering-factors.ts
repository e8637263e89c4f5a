import { UnsupportedError } from "../scan/errors.ts";
import { pengCoefficients } from "./peng-coefficients.ts";

/**
 * Electron scattering factor of a neutral atom at rest [Å], first Born approximation without relativistic correction.
 *
 * Within 0.5 % of the Mott–Bethe formula on X-ray factors for most elements and s < 1.5; beyond s = 2 it falls off too fast, which matters
 * only for atoms without thermal vibration.
 *
 * @param element  symbol, H … Cf
 * @param s        sin θ / λ = |g|/2 [1/Å]
 * @throws UnsupportedError  an element without parameters
 * @see Peng, Ren, Dudarev & Whelan, Acta Cryst. A52 (1996) 257, table of five Gaussians for 0 ≤ s ≤ 2 Å⁻¹
 */
export function electronScatteringFactor(element: string, s: number): number {
  const coefficients = pengCoefficients.get(element);
  if (coefficients === undefined) {
    throw new UnsupportedError(`scattering factor: expected an element, H … Cf, found ${element}`, {
      feature: `scattering factor of ${element}`,
    });
  }
  let sum = 0;
  for (let i = 0; i < 5; i++) sum += coefficients[i]! * Math.exp(-coefficients[5 + i]! * s * s);
  return sum;
}

export const isElement = (symbol: string): boolean => pengCoefficients.has(symbol);
