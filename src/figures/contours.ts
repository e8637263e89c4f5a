import type { Size } from "../scan/scan.ts";

/**
 * Contour lines of a field on a grid by marching squares with linear interpolation; ambiguous squares are decided by their mean.
 *
 * @param field  rows × columns, row-major; squares with a corner that is no number are left out
 * @param level  the value to follow
 * @returns      lines as (column, row) pairs in grid units; a closed line ends where it began
 * @see Lorensen & Cline, Comput. Graph. 21 (1987) 163, in two dimensions
 */
export function contours(field: Float32Array, [rows, columns]: Size, level: number): number[][] {
  const starts = new Map<number, Segment>();
  // Every crossing lies on one grid edge; edges are numbered so that neighbouring squares agree on it.
  const across = (row: number, column: number): number => (row * columns + column) * 2;
  const down = (row: number, column: number): number => (row * columns + column) * 2 + 1;
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const corner = row * columns + column;
      const a = field[corner]! - level;
      const b = field[corner + 1]! - level;
      const c = field[corner + columns + 1]! - level;
      const d = field[corner + columns]! - level;
      if (Number.isNaN(a + b + c + d)) continue;
      const code = (a >= 0 ? 8 : 0) + (b >= 0 ? 4 : 0) + (c >= 0 ? 2 : 0) + (d >= 0 ? 1 : 0);
      // All on one side: most squares.
      if (code === 0 || code === 15) continue;
      const top: Crossing = { edge: across(row, column), x: column + a / (a - b), y: row };
      const right: Crossing = { edge: down(row, column + 1), x: column + 1, y: row + b / (b - c) };
      const bottom: Crossing = { edge: across(row + 1, column), x: column + d / (d - c), y: row + 1 };
      const left: Crossing = { edge: down(row, column), x: column, y: row + a / (a - d) };
      const centreHigh = a + b + c + d >= 0;
      // Segments run with the higher side on their left, so that end meets start in the next square.
      for (const [from, to] of segments(code, centreHigh, top, right, bottom, left))
        starts.set(from.edge, { from, to });
    }
  }
  return joined(starts);
}

interface Crossing {
  readonly edge: number;
  readonly x: number;
  readonly y: number;
}

interface Segment {
  readonly from: Crossing;
  readonly to: Crossing;
}

function segments(
  code: number,
  centreHigh: boolean,
  top: Crossing,
  right: Crossing,
  bottom: Crossing,
  left: Crossing,
): (readonly [Crossing, Crossing])[] {
  switch (code) {
    case 1:
      return [[bottom, left]];
    case 2:
      return [[right, bottom]];
    case 3:
      return [[right, left]];
    case 4:
      return [[top, right]];
    case 5:
      return centreHigh
        ? [
            [top, left],
            [bottom, right],
          ]
        : [
            [top, right],
            [bottom, left],
          ];
    case 6:
      return [[top, bottom]];
    case 7:
      return [[top, left]];
    case 8:
      return [[left, top]];
    case 9:
      return [[bottom, top]];
    case 10:
      return centreHigh
        ? [
            [right, top],
            [left, bottom],
          ]
        : [
            [left, top],
            [right, bottom],
          ];
    case 11:
      return [[right, top]];
    case 12:
      return [[left, right]];
    case 13:
      return [[bottom, right]];
    case 14:
      return [[left, bottom]];
    default:
      return [];
  }
}

function joined(starts: Map<number, Segment>): number[][] {
  const ends = new Set([...starts.values()].map(({ to }) => to.edge));
  const lines: number[][] = [];
  const follow = (first: Segment): void => {
    const line = [first.from.x, first.from.y];
    for (let segment: Segment | undefined = first; segment !== undefined; ) {
      starts.delete(segment.from.edge);
      line.push(segment.to.x, segment.to.y);
      segment = starts.get(segment.to.edge);
    }
    lines.push(line);
  };
  // Open lines begin where no segment ends; what is left afterwards is closed.
  for (const segment of [...starts.values()]) if (!ends.has(segment.from.edge)) follow(segment);
  for (const segment of [...starts.values()]) if (starts.has(segment.from.edge)) follow(segment);
  return lines;
}
