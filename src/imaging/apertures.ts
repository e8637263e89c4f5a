import { ShapeError } from "../scan/errors.ts";
import { area, type Patterns, patterns, type Size } from "../scan/scan.ts";

/**
 * Virtual apertures: weights of 1 on the detector pixels that an image is summed over, 0 elsewhere.
 *
 * A pixel belongs to an aperture when its centre does; pixel (row, column) has its centre at exactly (row, column).
 * Weights are never fractional, so counts stay counts. What lies off the detector is clipped.
 */
export type Point = readonly [row: number, column: number];

/**
 * A round aperture: pixels at a distance ≤ radius from the centre.
 *
 * @param pixels  size of the detector
 * @param centre  row and column, px; need not be whole, may lie off the detector
 * @param radius  > 0, px
 * @returns one pattern of weights 0 and 1
 * @throws ShapeError  a number that is not finite, radius ≤ 0, or no pixel of the detector inside
 * @example
 * const brightField = disk(scan.pixels, [10, 12], 3);
 */
export function disk(pixels: Size, centre: Point, radius: number): Patterns {
  checkPoint("disk", centre);
  checkRadius("disk", radius);
  return aperture(
    "disk",
    pixels,
    (row, column) => (row - centre[0]) ** 2 + (column - centre[1]) ** 2 <= radius * radius,
  );
}

/**
 * A ring: the disk of the outer radius without the disk of the inner radius, so that rings that follow each other share no
 * pixel and leave none out. An inner radius of 0 cuts nothing out.
 *
 * @param pixels  size of the detector
 * @param centre  row and column, px
 * @param inner   ≥ 0, px
 * @param outer   > inner, px
 * @returns one pattern of weights 0 and 1
 * @throws ShapeError  a number outside its range, or no pixel of the detector inside
 * @example
 * const darkField = annulus(scan.pixels, [10, 12], 4, 9);
 */
export function annulus(pixels: Size, centre: Point, inner: number, outer: number): Patterns {
  checkPoint("annulus", centre);
  checkRadius("annulus", outer);
  if (!(inner >= 0 && inner < outer)) {
    throw new ShapeError(`annulus: expected an inner radius from 0 up to the outer radius ${outer}, found ${inner}`, {
      expected: [0, outer],
      got: inner,
    });
  }
  const cut = inner === 0 ? -1 : inner * inner;
  return aperture("annulus", pixels, (row, column) => {
    const distance2 = (row - centre[0]) ** 2 + (column - centre[1]) ** 2;
    return distance2 <= outer * outer && distance2 > cut;
  });
}

/**
 * The inside of a polygon, by the even-odd rule. An upper or left edge belongs to it and a lower or right edge does not, so
 * that polygons that share an edge share no pixel.
 *
 * @param pixels    size of the detector
 * @param vertices  at least 3, row and column, px; the last is joined to the first
 * @returns one pattern of weights 0 and 1
 * @throws ShapeError  fewer than 3 vertices, a number that is not finite, or no pixel of the detector inside
 * @example
 * const wedge = polygon(scan.pixels, [[2, 2], [2, 15], [14, 8]]);
 */
export function polygon(pixels: Size, vertices: readonly Point[]): Patterns {
  if (vertices.length < 3) {
    throw new ShapeError(`polygon: expected at least 3 vertices, found ${vertices.length}`, {
      expected: "at least 3 vertices",
      got: vertices.length,
    });
  }
  for (const vertex of vertices) checkPoint("polygon", vertex);
  return aperture("polygon", pixels, (row, column) => {
    let inside = false;
    let previous = vertices[vertices.length - 1];
    for (const vertex of vertices) {
      const crosses = vertex[0] > row !== previous[0] > row;
      const along = (row - vertex[0]) / (previous[0] - vertex[0]);
      if (crosses && column < vertex[1] + along * (previous[1] - vertex[1])) inside = !inside;
      previous = vertex;
    }
    return inside;
  });
}

/**
 * Disks on a set of reflections: the aperture that follows one crystal, for the dark-field image of all its spots.
 * Where disks overlap, a pixel counts once.
 *
 * @param pixels  size of the detector
 * @param spots   at least one: row and column of the centre, and radius > 0, px
 * @returns one pattern of weights 0 and 1
 * @throws ShapeError  no spot, a number outside its range, or no pixel of the detector inside
 * @example
 * const crystal = reflections(scan.pixels, [[4, 5, 2], [16, 19, 2]]);
 */
export function reflections(
  pixels: Size,
  spots: readonly (readonly [row: number, column: number, radius: number])[],
): Patterns {
  if (spots.length === 0) {
    throw new ShapeError("reflections: expected at least one spot, found none", { expected: "at least 1", got: 0 });
  }
  for (const [row, column, radius] of spots) {
    checkPoint("reflections", [row, column]);
    checkRadius("reflections", radius);
  }
  return aperture("reflections", pixels, (row, column) =>
    spots.some((spot) => (row - spot[0]) ** 2 + (column - spot[1]) ** 2 <= spot[2] * spot[2]),
  );
}

function aperture(what: string, pixels: Size, inside: (row: number, column: number) => boolean): Patterns {
  const [rows, columns] = pixels;
  const values = new Float32Array(area(pixels));
  let covered = false;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (!inside(row, column)) continue;
      values[row * columns + column] = 1;
      covered = true;
    }
  }
  if (!covered) {
    throw new ShapeError(
      `${what}: expected an aperture over at least one pixel of the ${rows}×${columns} detector, found none inside; move or enlarge it`,
      { expected: pixels, got: 0 },
    );
  }
  return patterns(pixels, values);
}

function checkPoint(what: string, point: Point): void {
  if (point.length !== 2 || !point.every(Number.isFinite)) {
    throw new ShapeError(`${what}: expected a row and a column, found ${point.join(", ")}`, {
      expected: "two finite numbers",
      got: point,
    });
  }
}

function checkRadius(what: string, radius: number): void {
  if (!(radius > 0 && Number.isFinite(radius))) {
    throw new ShapeError(`${what}: expected a radius above 0 px, found ${radius}`, { expected: "> 0", got: radius });
  }
}
