import { corners, type Outline, type Point } from "../state/shapes.ts";

/** A shape as SVG path data in columns and rows. */
export function shapePath(shape: Outline): string {
  switch (shape.kind) {
    case "disk":
      return circle(shape.centre, shape.radius);
    case "annulus":
      return circle(shape.centre, shape.outer) + (shape.inner > 0 ? circle(shape.centre, shape.inner) : "");
    case "polygon":
      return through(shape.vertices);
    case "rectangle":
      return through(corners(shape.from, shape.to));
    default:
      return shape satisfies never;
  }
}

const circle = ([row, column]: Point, radius: number): string =>
  `M${column - radius} ${row}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0Z`;

const through = (points: readonly Point[]): string =>
  `${points.map(([row, column], i) => `${i === 0 ? "M" : "L"}${column} ${row}`).join("")}Z`;
