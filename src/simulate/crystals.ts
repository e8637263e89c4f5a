import type { Atom, Crystal } from "./crystal.ts";
import type { Cell } from "./lattice.ts";

/** A crystal with a cubic cell of this edge [Å]. */
export interface CubicCrystal extends Crystal {
  readonly edge: number;
}

function faceCentred(element: string, at: number, debyeWaller: number): Atom[] {
  const corners = [
    [0, 0, 0],
    [0, 0.5, 0.5],
    [0.5, 0, 0.5],
    [0.5, 0.5, 0],
  ] as const;
  return corners.map(([x, y, z]) => ({ element, place: [x + at, y + at, z + at], debyeWaller }));
}

const cubic = (name: string, edge: number, atoms: readonly Atom[]): CubicCrystal => ({
  name,
  edge,
  cell: { a: edge, b: edge, c: edge, alpha: 90, beta: 90, gamma: 90 } satisfies Cell,
  atoms,
});

/** Zinc blende GaAs, F-43m. Cell edge: Blakemore, J. Appl. Phys. 53 (1982) R123. */
export const galliumArsenide = cubic("GaAs", 5.6533, [...faceCentred("Ga", 0, 0.7), ...faceCentred("As", 0.25, 0.6)]);

/**
 * Crystals known by name, at room temperature. Debye–Waller factors are rounded: measured ones scatter by 0.05 Å² and more, so give your own,
 * from a CIF, where high orders matter.
 */
export const crystals: Readonly<Record<"GaAs" | "Au" | "Ag" | "Al" | "Si" | "MgO", CubicCrystal>> = {
  GaAs: galliumArsenide,
  Au: cubic("Au", 4.0782, faceCentred("Au", 0, 0.6)),
  Ag: cubic("Ag", 4.0857, faceCentred("Ag", 0, 0.75)),
  Al: cubic("Al", 4.0495, faceCentred("Al", 0, 0.85)),
  Si: cubic("Si", 5.431, [...faceCentred("Si", 0, 0.47), ...faceCentred("Si", 0.25, 0.47)]),
  MgO: cubic("MgO", 4.2117, [...faceCentred("Mg", 0, 0.31), ...faceCentred("O", 0.5, 0.34)]),
};
