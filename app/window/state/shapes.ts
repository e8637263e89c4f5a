import {
  annulus,
  area,
  disk,
  type Images,
  images,
  type Patterns,
  patterns,
  polygon,
  type Size,
} from "../../../src/index.ts";

/** Row and column, px; pixel (i, j) has its centre at exactly (i, j). */
export type Point = readonly [row: number, column: number];

/** What is drawn on a picture: an aperture on the pattern, a region on the image. */
export type Outline =
  | { readonly kind: "disk"; readonly centre: Point; readonly radius: number }
  | { readonly kind: "annulus"; readonly centre: Point; readonly inner: number; readonly outer: number }
  | { readonly kind: "polygon"; readonly vertices: readonly Point[] }
  | { readonly kind: "rectangle"; readonly from: Point; readonly to: Point };

export type Shape = Outline & { readonly id: number };

export type ShapeKind = Outline["kind"];

/** Bright on any colour map, told apart without red against green; the dark rim around each line is the stylesheet's. */
export const shapeColours = ["#4dd0e1", "#ffb74d", "#f48fb1", "#aed581", "#b39ddb", "#fff176"] as const;

export const colourOfShape = (id: number): string => shapeColours[id % shapeColours.length];

export const nameOfKind: Readonly<Record<ShapeKind, string>> = {
  disk: "Disk",
  annulus: "Annulus",
  polygon: "Polygon",
  rectangle: "Rectangle",
};

export const nameOfShape = (shape: Shape): string => `${nameOfKind[shape.kind]} ${shape.id + 1}`;

/** The least number that no shape has: colours are used again when a shape is removed. */
export function freeId(shapes: readonly Shape[]): number {
  let id = 0;
  while (shapes.some((shape) => shape.id === id)) id++;
  return id;
}

/** The weights of a shape, or undefined where it covers no pixel. */
export function weightsOf(shape: Outline, size: Size): Float32Array | undefined {
  try {
    switch (shape.kind) {
      case "disk":
        return disk(size, shape.centre, shape.radius).values;
      case "annulus":
        return annulus(size, shape.centre, shape.inner, shape.outer).values;
      case "polygon":
        return polygon(size, shape.vertices).values;
      case "rectangle":
        return polygon(size, corners(shape.from, shape.to)).values;
      default:
        return shape satisfies never;
    }
  } catch {
    return undefined;
  }
}

/** The corners of a rectangle of whole pixels, outside their edges. */
export function corners(from: Point, to: Point): readonly [Point, Point, Point, Point] {
  const top = Math.min(from[0], to[0]) - 0.5;
  const bottom = Math.max(from[0], to[0]) + 0.5;
  const left = Math.min(from[1], to[1]) - 0.5;
  const right = Math.max(from[1], to[1]) + 0.5;
  return [
    [top, left],
    [top, right],
    [bottom, right],
    [bottom, left],
  ];
}

/** Shapes as one stack of weights, and the shapes that are in it: those that cover at least one pixel. */
export function stackOf<Kind extends "images" | "patterns">(
  kind: Kind,
  shapes: readonly Shape[],
  size: Size,
): { readonly shapes: readonly Shape[]; readonly stack: Kind extends "images" ? Images : Patterns } | undefined {
  const covered = shapes.flatMap((shape) => {
    const weights = weightsOf(shape, size);
    return weights ? [{ shape, weights }] : [];
  });
  if (covered.length === 0) return undefined;
  const values = new Float32Array(covered.length * area(size));
  for (const [i, { weights }] of covered.entries()) values.set(weights, i * area(size));
  const stack = kind === "images" ? images(size, values) : patterns(size, values);
  return {
    shapes: covered.map(({ shape }) => shape),
    stack: stack as Kind extends "images" ? Images : Patterns,
  };
}

/** The shape, moved. */
export function movedBy(shape: Shape, rows: number, columns: number): Shape {
  const move = ([row, column]: Point): Point => [row + rows, column + columns];
  switch (shape.kind) {
    case "disk":
    case "annulus":
      return { ...shape, centre: move(shape.centre) };
    case "polygon":
      return { ...shape, vertices: shape.vertices.map(move) };
    case "rectangle":
      return { ...shape, from: move(shape.from), to: move(shape.to) };
    default:
      return shape satisfies never;
  }
}

/** The shape, larger by so many px; no smaller than one px. */
export function grownBy(shape: Shape, by: number): Shape {
  switch (shape.kind) {
    case "disk":
      return { ...shape, radius: Math.max(0.5, shape.radius + by) };
    case "annulus":
      return { ...shape, outer: Math.max(shape.inner + 1, shape.outer + by) };
    case "polygon": {
      const count = shape.vertices.length;
      const row = shape.vertices.reduce((sum, vertex) => sum + vertex[0], 0) / count;
      const column = shape.vertices.reduce((sum, vertex) => sum + vertex[1], 0) / count;
      return {
        ...shape,
        vertices: shape.vertices.map(([r, c]): Point => {
          const distance = Math.hypot(r - row, c - column) || 1;
          const scale = Math.max(1, distance + by) / distance;
          return [row + (r - row) * scale, column + (c - column) * scale];
        }),
      };
    }
    case "rectangle":
      return { ...shape, to: [shape.to[0] + by, shape.to[1] + by] };
    default:
      return shape satisfies never;
  }
}
