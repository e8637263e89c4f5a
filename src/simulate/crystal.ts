import { type Cell, combined, directBasis, length, reciprocalBasis, type Vector } from "./lattice.ts";
import { electronScatteringFactor, gaussians } from "./scattering-factors.ts";

export type Miller = readonly [h: number, k: number, l: number];

export interface Atom {
  readonly element: string;
  /** Fractions of the cell's edges. */
  readonly place: Vector;
  /** Debye–Waller factor B = 8π²⟨u²⟩ [Å²]. */
  readonly debyeWaller: number;
  /** Part of the places that hold this element, 0 … 1, default 1. */
  readonly occupancy?: number;
}

export interface Crystal {
  readonly name: string;
  readonly cell: Cell;
  /** Every atom of the cell. */
  readonly atoms: readonly Atom[];
}

/** A structure factor [Å]. */
export interface Complex {
  readonly real: number;
  readonly imaginary: number;
}

/** Length of the reciprocal lattice vector [1/Å]. */
export const reciprocalLength = (crystal: Crystal, miller: Miller): number =>
  length(combined(miller, reciprocalBasis(directBasis(crystal.cell))));

/**
 * Structure factors of one crystal: F = Σ occupancy f(g/2) exp(−B g²/4) exp(−2πi g·r) [Å], the Fourier coefficients of its potential.
 *
 * Exactly 0 where the structure forbids the reflection: what rounding leaves over of a sum that cancels is dropped.
 */
export function structureFactors(crystal: Crystal): (miller: Miller) => Complex {
  const reciprocal = reciprocalBasis(directBasis(crystal.cell));
  const kinds = new Map<string, Atom[]>();
  for (const atom of crystal.atoms) {
    const key = `${atom.element} ${atom.debyeWaller} ${atom.occupancy ?? 1}`;
    kinds.set(key, [...(kinds.get(key) ?? []), atom]);
  }
  return (miller) => {
    const s = length(combined(miller, reciprocal)) / 2;
    let real = 0;
    let imaginary = 0;
    let whole = 0;
    for (const atoms of kinds.values()) {
      const factor = atomicFactor(atoms[0]!, s);
      for (const { place } of atoms) {
        const turns = miller[0] * place[0] + miller[1] * place[1] + miller[2] * place[2];
        real += factor * cosineOfTurns(turns);
        imaginary -= factor * cosineOfTurns(turns - 0.25);
        whole += Math.abs(factor);
      }
    }
    const left = 1e-12 * whole;
    return {
      real: Math.abs(real) < left ? 0 : real,
      imaginary: Math.abs(imaginary) < left ? 0 : imaginary,
    };
  };
}

/** The atom's part of F as Gaussians of g: weights [Å] and β [Å²] of weight · exp(−β g²/4). */
export const atomicGaussians = ({ element, debyeWaller, occupancy = 1 }: Atom): [weight: number, beta: number][] =>
  gaussians(element).map(([a, b]) => [occupancy * a, b + debyeWaller]);

/** occupancy · f(s) exp(−B s²) [Å]. */
export const atomicFactor = ({ element, debyeWaller, occupancy = 1 }: Atom, s: number): number =>
  occupancy * electronScatteringFactor(element, s) * Math.exp(-debyeWaller * s * s);

/** |F|² of a reflection [Å²]. */
export function structureFactorSquared(crystal: Crystal, miller: Miller): number {
  const { real, imaginary } = structureFactors(crystal)(miller);
  return real * real + imaginary * imaginary;
}

function cosineOfTurns(turns: number): number {
  const quarter = (turns - Math.floor(turns)) * 4;
  return Number.isInteger(quarter) ? [1, 0, -1, 0][quarter]! : Math.cos(2 * Math.PI * turns);
}

/** Reflections hkl ≠ 000 of the zone up to a length [1/Å], forbidden ones left out, in order of h, k, l. */
export function zoneReflections(crystal: Crystal, zone: Miller, longest: number): Miller[] {
  const factor = structureFactors(crystal);
  return latticePoints(crystal, longest).filter((miller) => {
    if (miller[0] * zone[0] + miller[1] * zone[1] + miller[2] * zone[2] !== 0) return false;
    const { real, imaginary } = factor(miller);
    return miller.some((index) => index !== 0) && (real !== 0 || imaginary !== 0);
  });
}

/** All hkl up to a length [1/Å], in order of h, k, l. */
export function latticePoints(crystal: Crystal, longest: number): Miller[] {
  const direct = directBasis(crystal.cell);
  const reciprocal = reciprocalBasis(direct);
  // h = g·a, so |h| ≤ |g| |a|.
  const [most, mostK, mostL] = direct.map((edge) => Math.floor(longest * length(edge) + 1e-9)) as [
    number,
    number,
    number,
  ];
  const found: Miller[] = [];
  for (let h = -most; h <= most; h++) {
    for (let k = -mostK; k <= mostK; k++) {
      for (let l = -mostL; l <= mostL; l++) {
        if (length(combined([h, k, l], reciprocal)) <= longest) found.push([h, k, l]);
      }
    }
  }
  return found;
}

/**
 * Translations that map the crystal onto itself, as fractions of the cell's edges: 0, and those of a centred cell.
 *
 * @returns at least [0, 0, 0]; together with whole numbers of edges they are all lattice vectors
 */
export function centrings(crystal: Crystal): readonly Vector[] {
  const found = knownCentrings.get(crystal) ?? centringsOf(crystal);
  knownCentrings.set(crystal, found);
  return found;
}

const knownCentrings = new WeakMap<Crystal, readonly Vector[]>();

function centringsOf({ atoms }: Crystal): Vector[] {
  const alike = (a: Atom, b: Atom) =>
    a.element === b.element && a.debyeWaller === b.debyeWaller && (a.occupancy ?? 1) === (b.occupancy ?? 1);
  const apart = (a: Vector, b: Vector): Vector => [fraction(a[0] - b[0]), fraction(a[1] - b[1]), fraction(a[2] - b[2])];
  const first = atoms[0];
  if (first === undefined) return [[0, 0, 0]];
  const shifts = atoms.filter((atom) => alike(atom, first)).map((atom) => apart(atom.place, first.place));
  return shifts.filter((shift) =>
    atoms.every((atom) =>
      atoms.some(
        (other) =>
          alike(atom, other) &&
          apart(apart(other.place, atom.place), shift).every((left) => Math.min(left, 1 - left) < 1e-4),
      ),
    ),
  );
}

const fraction = (x: number): number => {
  const left = x - Math.floor(x);
  return left > 1 - 1e-9 ? 0 : left;
};
