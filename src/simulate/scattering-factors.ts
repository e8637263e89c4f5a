import { UnsupportedError } from "../scan/errors.ts";

type Gaussians = readonly (readonly [a: number, b: number])[];

/** Doyle & Turner, Acta Cryst. A24 (1968) 390, table 4: f(s) = Σ a exp(−b s²), a in Å, b in Å², 0 ≤ s ≤ 2 Å⁻¹. */
const parameters: Readonly<Record<string, Gaussians>> = {
  Ga: [
    [2.321, 65.602],
    [2.486, 15.458],
    [1.688, 2.581],
    [0.599, 0.351],
  ],
  As: [
    [2.399, 45.718],
    [2.79, 12.817],
    [1.529, 2.28],
    [0.594, 0.328],
  ],
};

/**
 * Electron scattering factor of a neutral atom at rest [Å], first Born approximation without relativistic correction.
 *
 * @param s  sin θ / λ = |g|/2 [1/Å], 0 … 2
 * @throws UnsupportedError  an element without parameters
 * @see Doyle & Turner, Acta Cryst. A24 (1968) 390
 */
export function electronScatteringFactor(element: string, s: number): number {
  const gaussians = parameters[element];
  if (gaussians === undefined) {
    throw new UnsupportedError(
      `scattering factor: expected one of ${Object.keys(parameters).join(", ")}, found ${element}`,
      { feature: `scattering factor of ${element}` },
    );
  }
  return gaussians.reduce((sum, [a, b]) => sum + a * Math.exp(-b * s * s), 0);
}
