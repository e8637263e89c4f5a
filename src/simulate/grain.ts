import { ShapeError } from "../scan/errors.ts";
import { type Atom, type Crystal, centrings, type Miller } from "./crystal.ts";
import {
  along,
  type Basis,
  combined,
  cross,
  directBasis,
  dot,
  halfTurn,
  length,
  plus,
  reciprocalBasis,
  times,
  unit,
  type Vector,
} from "./lattice.ts";

/** A crystal as it stands under the beam: its cell's edges [Å] in the microscope's axes, z along the beam. */
export interface Grain {
  readonly crystal: Crystal;
  readonly edges: Basis;
}

/** Edges [Å] of a cell perpendicular to the beam: their x and y. */
export type PlaneCell = readonly [first: readonly [number, number], second: readonly [number, number]];

/**
 * A crystal with the beam along [uvw], and its twin: the same crystal turned by half a turn about the normal of the twin plane (hkl).
 * x is the direction into which the normal leans, so that an inclined boundary is crossed along x; where the beam is along the normal, the
 * crystals lie one above the other, and x is along the shortest period across the beam.
 *
 * @throws ShapeError  the beam or the normal is not a direction
 */
export function twinnedGrains(crystal: Crystal, beam: Vector, plane: Miller): readonly [Grain, Grain] {
  const direct = directBasis(crystal.cell);
  const z = direction("beam", combined(beam, direct));
  const normal = direction("twin plane", combined(plane, reciprocalBasis(direct)));
  const leaning = plus(normal, times(-dot(normal, z), z));
  const axes = length(leaning) < 1e-6 ? axesAlong(crystal, z) : rightHanded(unit(leaning), z);
  const turned = direct.map((edge) => along(axes, halfTurn(normal, edge))) as unknown as Basis;
  return [
    { crystal, edges: direct.map((edge) => along(axes, edge)) as unknown as Basis },
    { crystal, edges: turned },
  ];
}

/** Angle between the beam [uvw] and the normal of the plane (hkl) [rad], 0 … π. */
export function boundaryTilt(crystal: Crystal, beam: Vector, plane: Miller): number {
  const direct = directBasis(crystal.cell);
  const normal = combined(plane, reciprocalBasis(direct));
  return Math.acos(Math.max(-1, Math.min(1, dot(unit(normal), unit(combined(beam, direct))))));
}

/** A single crystal with the beam along [uvw]; x along its shortest period perpendicular to the beam. */
export function grainAlong(crystal: Crystal, beam: Vector): Grain {
  const direct = directBasis(crystal.cell);
  const axes = axesAlong(crystal, direction("beam", combined(beam, direct)));
  return { crystal, edges: direct.map((edge) => along(axes, edge)) as unknown as Basis };
}

/** z along the beam, x along the crystal's shortest period perpendicular to it. */
function axesAlong(crystal: Crystal, z: Vector): Basis {
  const [first] = latticeVectors({ crystal, edges: directBasis(crystal.cell) }, longestPeriod, sideways(z));
  return rightHanded(unit(first ?? (Math.abs(z[0]) < 0.9 ? cross(z, [1, 0, 0]) : cross(z, [0, 1, 0]))), z);
}

const rightHanded = (x: Vector, z: Vector): Basis => [x, cross(z, x), z];

function direction(name: string, vector: Vector): Vector {
  if (length(vector) > 0 && vector.every(Number.isFinite)) return unit(vector);
  throw new ShapeError(`${name}: expected three numbers that are not all 0, found ${vector.join(" ")}`, {
    expected: "a direction",
    got: vector,
  });
}

/** Longest period that is looked for [Å]: beyond it a simulation would take hours. */
const longestPeriod = 100;
/** By how much lattices may miss each other and still count as one [Å]. */
const close = 1e-3;

/**
 * The smallest cell perpendicular to the beam that repeats all grains.
 *
 * @throws ShapeError  they have none, or none below 100 Å
 */
export function commonCell(grains: readonly Grain[]): PlaneCell {
  const [first, ...others] = grains;
  const flat = sideways([0, 0, 1]);
  const shared = latticeVectors(
    first!,
    longestPeriod,
    (vector) => flat(vector) && others.every((grain) => inLattice(grain, vector)),
  );
  const shortest = shared[0];
  const second = shared.find((vector) => length(cross(shortest!, vector)) > 0.1);
  if (shortest === undefined || second === undefined) {
    throw new ShapeError(
      `beam: expected a direction across which the crystals repeat within ${longestPeriod} Å, found none; choose a zone axis of low indices`,
      { expected: longestPeriod, got: "no period" },
    );
  }
  const turned = cross(shortest, second)[2] > 0 ? second : times(-1, second);
  return [
    [shortest[0], shortest[1]],
    [turned[0], turned[1]],
  ];
}

/** Length of the shortest lattice vector along the beam [Å]. @throws ShapeError there is none below 100 Å */
export function periodAlongBeam(grain: Grain): number {
  const [found] = latticeVectors(grain, longestPeriod, ([x, y, z]) => z > close && Math.hypot(x, y) < close);
  if (found !== undefined) return found[2];
  throw new ShapeError(
    `beam: expected a direction along which the crystal repeats within ${longestPeriod} Å, found none; choose a zone axis of low indices`,
    { expected: longestPeriod, got: "no period" },
  );
}

/** An atom in a column of the plane cell: fractions of its edges, and depth [Å]. */
export interface PlacedAtom {
  readonly atom: Atom;
  readonly u: number;
  readonly v: number;
  readonly z: number;
}

/** Every atom of the plane cell over one period along the beam. */
export function atomsInColumn(grain: Grain, [a, b]: PlaneCell, period: number): PlacedAtom[] {
  const column: Basis = [
    [a[0], a[1], 0],
    [b[0], b[1], 0],
    [0, 0, period],
  ];
  const inColumn = reciprocalBasis(column);
  const wrapped = (x: number) => x - Math.floor(x + 1e-5);
  // Lattice points that differ by whole columns are one.
  const origins = new Map<string, Vector>();
  const reach = length(column[0]) + length(column[1]) + period;
  for (const vector of latticeVectors(grain, reach, () => true)) {
    const [u, v, w] = along(inColumn, vector).map(wrapped) as unknown as Vector;
    origins.set([u, v, w].map((x) => Math.round(x * 1e4)).join(), vector);
  }
  // One primitive cell: of the atoms that centring repeats, the first.
  const primitive = grain.crystal.atoms.length / centrings(grain.crystal).length;
  const motif = withoutCentring(grain.crystal);
  const atoms = [...origins.values()].flatMap((origin) =>
    motif.map((atom) => {
      const [u, v, w] = along(inColumn, plus(origin, combined(atom.place, grain.edges))).map(wrapped);
      return { atom, u: u!, v: v!, z: w! * period };
    }),
  );
  const expected =
    (Math.abs(dot(column[0], cross(column[1], column[2]))) / cellVolume(grain)) * grain.crystal.atoms.length;
  if (Math.abs(atoms.length - expected) > 1e-3 * expected || motif.length !== primitive) {
    throw new ShapeError(`crystal: expected ${expected.toFixed(2)} atoms in a column, found ${atoms.length}`, {
      expected,
      got: atoms.length,
    });
  }
  return atoms;
}

const cellVolume = ({ edges }: Grain): number => Math.abs(dot(edges[0], cross(edges[1], edges[2])));

function withoutCentring(crystal: Crystal): Atom[] {
  const shifts = centrings(crystal).slice(1);
  const kept: Atom[] = [];
  for (const atom of crystal.atoms) {
    const again = kept.some(
      (other) =>
        other.element === atom.element &&
        other.debyeWaller === atom.debyeWaller &&
        other.occupancy === atom.occupancy &&
        shifts.some((shift) =>
          atom.place.every((x, i) => {
            const left = x - other.place[i]! - shift[i]!;
            return Math.abs(left - Math.round(left)) < 1e-4;
          }),
        ),
    );
    if (!again) kept.push(atom);
  }
  return kept;
}

/** Lattice vectors other than 0 up to a length that are wanted, shortest first. */
function latticeVectors(grain: Grain, longest: number, wanted: (vector: Vector) => boolean): Vector[] {
  const { edges, crystal } = grain;
  const reciprocal = reciprocalBasis(edges);
  // |u| = |a*·r| ≤ |a*| |r|; a centring adds less than 1.
  const [m0, m1, m2] = reciprocal.map((g) => Math.ceil(longest * length(g)) + 1) as [number, number, number];
  const found: { vector: Vector; size: number }[] = [];
  for (const shift of centrings(crystal)) {
    for (let i = -m0; i <= m0; i++) {
      for (let j = -m1; j <= m1; j++) {
        for (let k = -m2; k <= m2; k++) {
          const vector = combined([i + shift[0], j + shift[1], k + shift[2]], edges);
          if (!wanted(vector)) continue;
          const size = length(vector);
          if (size <= longest && size > close) found.push({ vector, size });
        }
      }
    }
  }
  // Equally long ones by their components, so that the choice does not hang on rounding.
  const order = (p: Vector, q: Vector) =>
    q.reduce((first, x, i) => first || (Math.abs(x - p[i]!) > close ? x - p[i]! : 0), 0);
  return found
    .sort((p, q) => (Math.abs(p.size - q.size) > close ? p.size - q.size : order(p.vector, q.vector)))
    .map(({ vector }) => vector);
}

const sideways =
  (z: Vector) =>
  (vector: Vector): boolean =>
    Math.abs(dot(vector, z)) < close;

function inLattice({ crystal, edges }: Grain, vector: Vector): boolean {
  const place = along(reciprocalBasis(edges), vector);
  return centrings(crystal).some((shift) =>
    place.every((x, i) => Math.abs(x - shift[i]! - Math.round(x - shift[i]!)) < close / length(edges[i]!)),
  );
}
