import { area, type Size } from "../scan/scan.ts";

export interface WireGeometry {
  readonly positions: Size;
  /** Between positions [nm]. */
  readonly stepSize: number;
  /** Vertex to vertex [nm]. */
  readonly diameter: number;
  /** Of the wire's axis in the scan, anticlockwise from the columns' direction [°]. */
  readonly wireAngle: number;
  /** Of the wire out of the plane across the beam [°]. */
  readonly tilt: number;
  /** Where the twins change along the wire, from the field's middle, ascending [nm]. The first segment is the first twin. */
  readonly boundaries: readonly number[];
}

/** How far the beam goes through each twin at every position [nm], and where along the wire it enters. */
export interface WirePaths {
  readonly first: Float32Array;
  readonly second: Float32Array;
  /** Along the wire, −½ … ½ over the field. */
  readonly along: Float32Array;
  /** Longest path through the wire [nm]. */
  readonly longest: number;
}

/** A position is so many by so many places: edges are not stairs. */
const places = 4;

/**
 * A straight hexagonal wire, twinned across its axis, seen along a facet's normal and tilted about the perpendicular of axis and beam: rays of
 * the beam are followed through it. With tilt a ray crosses the twin planes, and both twins overlap in projection.
 */
export function hexagonalWire(geometry: WireGeometry): WirePaths {
  const { positions, stepSize, diameter, boundaries } = geometry;
  const count = area(positions);
  const paths = { first: new Float32Array(count), second: new Float32Array(count), along: new Float32Array(count) };
  const [angle, tilt] = [geometry.wireAngle, geometry.tilt].map((degrees) => (degrees * Math.PI) / 180) as [
    number,
    number,
  ];
  const [rows, columns] = positions;
  const extent = Math.max(rows, columns) * stepSize;
  for (let i = 0; i < count; i++) {
    for (let place = 0; place < places * places; place++) {
      const offset = (n: number): number => (n + 0.5) / places - 0.5;
      const y = (Math.floor(i / columns) - (rows - 1) / 2 + offset(Math.floor(place / places))) * stepSize;
      const x = ((i % columns) - (columns - 1) / 2 + offset(place % places)) * stepSize;
      const along = x * Math.cos(angle) - y * Math.sin(angle);
      const across = x * Math.sin(angle) + y * Math.cos(angle);
      // Half the height of the hexagon that stands on a facet.
      const half = Math.max(
        0,
        Math.min((Math.sqrt(3) / 4) * diameter, Math.sqrt(3) * (diameter / 2 - Math.abs(across))),
      );
      const path = (2 * half) / Math.cos(tilt);
      const middle = along / Math.cos(tilt);
      const reach = half * Math.tan(tilt);
      const second = path * partInSecond(boundaries, middle - reach, middle + reach);
      paths.first[i]! += (path - second) / places ** 2;
      paths.second[i]! += second / places ** 2;
      paths.along[i]! += along / extent / places ** 2;
    }
  }
  return { ...paths, longest: ((Math.sqrt(3) / 2) * diameter) / Math.cos(tilt) };
}

/** Part of a stretch along the wire that lies in segments of the second twin. */
function partInSecond(boundaries: readonly number[], from: number, to: number): number {
  if (to - from < 1e-9) return boundaries.filter((at) => at < from).length % 2;
  let second = 0;
  for (let n = 0; n < boundaries.length; n += 2) {
    const start = Math.max(from, boundaries[n]!);
    const end = Math.min(to, boundaries[n + 1] ?? Number.POSITIVE_INFINITY);
    second += Math.max(0, end - start);
  }
  return second / (to - from);
}
