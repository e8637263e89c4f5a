export type Vector = readonly [x: number, y: number, z: number];

/** A crystal's cell as CIFs give it: edges [Å], angles [°]. */
export interface Cell {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
}

/** Three vectors that span a lattice, in right-angled coordinates. */
export type Basis = readonly [Vector, Vector, Vector];

export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
export const times = (factor: number, a: Vector): Vector => [factor * a[0], factor * a[1], factor * a[2]];
export const plus = (a: Vector, b: Vector): Vector => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const length = (a: Vector): number => Math.hypot(...a);
export const unit = (a: Vector): Vector => times(1 / length(a), a);

/** The vector with these components along the basis. */
export const combined = ([u, v, w]: Vector, [a, b, c]: Basis): Vector =>
  plus(plus(times(u, a), times(v, b)), times(w, c));

/** Coordinates of a vector along three directions at right angles, or its components along a basis if given the reciprocal one. */
export const along = (basis: Basis, vector: Vector): Vector => [
  dot(basis[0], vector),
  dot(basis[1], vector),
  dot(basis[2], vector),
];

/** Edges in right-angled coordinates [Å]: a along x, b in the plane of x and y. Right angles leave exact zeros. */
export function directBasis({ a, b, c, alpha, beta, gamma }: Cell): Basis {
  const [cosAlpha, cosBeta, cosGamma] = [cosine(alpha), cosine(beta), cosine(gamma)];
  const sinGamma = Math.sqrt(1 - cosGamma * cosGamma);
  const y = (cosAlpha - cosBeta * cosGamma) / sinGamma;
  return [
    [a, 0, 0],
    [b * cosGamma, b * sinGamma, 0],
    [c * cosBeta, c * y, c * Math.sqrt(Math.max(0, 1 - cosBeta * cosBeta - y * y))],
  ];
}

/** Reciprocal vectors a*, b*, c* [1/Å]: a*·a = 1, a*·b = 0. */
export function reciprocalBasis([a, b, c]: Basis): Basis {
  const perVolume = 1 / dot(a, cross(b, c));
  return [times(perVolume, cross(b, c)), times(perVolume, cross(c, a)), times(perVolume, cross(a, b))];
}

/** Volume of the cell [Å³]. */
export const volume = ([a, b, c]: Basis): number => Math.abs(dot(a, cross(b, c)));

/** Rotates by half a turn about an axis. */
export const halfTurn = (axis: Vector, vector: Vector): Vector =>
  plus(times((2 * dot(axis, vector)) / dot(axis, axis), axis), times(-1, vector));

const cosine = (degrees: number): number => (degrees === 90 ? 0 : Math.cos((degrees * Math.PI) / 180));
