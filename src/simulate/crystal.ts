import { electronScatteringFactor } from "./scattering-factors.ts";

export type Miller = readonly [h: number, k: number, l: number];

export interface Atom {
  readonly element: string;
  /** Fractions of the cell edge. */
  readonly place: readonly [number, number, number];
  /** Debye–Waller factor B [Å²]. */
  readonly debyeWaller: number;
}

/** A cubic crystal. */
export interface Crystal {
  /** Cell edge [Å]. */
  readonly edge: number;
  readonly atoms: readonly Atom[];
}

const faceCentred = (element: string, at: number, debyeWaller: number): Atom[] =>
  (
    [
      [0, 0, 0],
      [0, 0.5, 0.5],
      [0.5, 0, 0.5],
      [0.5, 0.5, 0],
    ] as const
  ).map(([x, y, z]) => ({ element, place: [x + at, y + at, z + at], debyeWaller }));

/** Zinc blende GaAs, F-43m, at room temperature. Cell edge: Blakemore, J. Appl. Phys. 53 (1982) R123. */
export const galliumArsenide: Crystal = {
  edge: 5.6533,
  atoms: [...faceCentred("Ga", 0, 0.7), ...faceCentred("As", 0.25, 0.6)],
};

/** Length of the reciprocal lattice vector [1/Å]. */
export const reciprocalLength = ({ edge }: Crystal, [h, k, l]: Miller): number =>
  Math.sqrt(h * h + k * k + l * l) / edge;

/**
 * |F|² of a reflection [Å²]: F = Σ f(g/2) exp(−B g²/4) exp(2πi g·r).
 *
 * Exactly 0 where the structure forbids the reflection: phases are counted in quarter turns where they are such, so
 * nothing is left over from rounding.
 */
export function structureFactorSquared(crystal: Crystal, [h, k, l]: Miller): number {
  const s = reciprocalLength(crystal, [h, k, l]) / 2;
  let real = 0;
  let imaginary = 0;
  const factors = new Map<string, number>();
  for (const { element, place, debyeWaller } of crystal.atoms) {
    const key = `${element} ${debyeWaller}`;
    const factor = factors.get(key) ?? electronScatteringFactor(element, s) * Math.exp(-debyeWaller * s * s);
    factors.set(key, factor);
    const turns = h * place[0] + k * place[1] + l * place[2];
    real += factor * cosineOfTurns(turns);
    imaginary += factor * cosineOfTurns(turns - 0.25);
  }
  return real * real + imaginary * imaginary;
}

function cosineOfTurns(turns: number): number {
  const quarter = (turns - Math.floor(turns)) * 4;
  return Number.isInteger(quarter) ? [1, 0, -1, 0][quarter]! : Math.cos(2 * Math.PI * turns);
}

/** Reflections hkl ≠ 000 of the zone up to a length [1/Å], forbidden ones left out, in order of h, k, l. */
export function zoneReflections(crystal: Crystal, zone: Miller, longest: number): Miller[] {
  const most = Math.ceil(longest * crystal.edge);
  const found: Miller[] = [];
  for (let h = -most; h <= most; h++) {
    for (let k = -most; k <= most; k++) {
      for (let l = -most; l <= most; l++) {
        if (h * zone[0] + k * zone[1] + l * zone[2] !== 0 || (h === 0 && k === 0 && l === 0)) continue;
        if (reciprocalLength(crystal, [h, k, l]) > longest) continue;
        if (structureFactorSquared(crystal, [h, k, l]) > 0) found.push([h, k, l]);
      }
    }
  }
  return found;
}
