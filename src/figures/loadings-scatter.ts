import type { Size } from "../scan/scan.ts";
import { legend, type Plot, plotWithAxes } from "./axes.ts";
import { rgb } from "./colour-maps.ts";
import { contours } from "./contours.ts";
import { below, figure, grid, type Panel, titled } from "./panel.ts";
import { dataUri, rgbaPng } from "./png.ts";
import { element, pathThrough } from "./svg.ts";
import { colourOf } from "./typography.ts";

export interface ScatterOptions {
  readonly title: string;
  /** One array of coordinates per dimension, each over all positions: loadings. */
  readonly coordinates: readonly Float32Array[];
  /** Cluster of every position, 0 …; its colour. */
  readonly labels: Uint8Array;
  /** Cluster centres, clusters × dimensions. */
  readonly centres: Float64Array;
  /** Exponent m > 1 of fuzzy c-means; contours are drawn of the memberships that it gives. */
  readonly fuzzifier: number;
  /** Which dimensions to set against each other, 0 … */
  readonly pairs: readonly (readonly [across: number, up: number])[];
}

const levels = [0.5, 0.7, 0.9] as const;

/**
 * Loadings against each other, coloured by cluster, with centres (crosses) and contours of membership 0.5, 0.7 and 0.9.
 * A contour shows the membership that the two loadings of its plot alone would give: the plane is a shadow of the full space.
 */
export function loadingsScatter(options: ScatterOptions): string {
  const { title, coordinates, centres, labels, pairs } = options;
  const clusters = centres.length / coordinates.length;
  const panels = pairs.map((pair) =>
    scatterPanel(options, pair, pairs.length === 1 ? [520, 420] : pairs.length === 2 ? [440, 380] : [280, 260]),
  );
  const keys = Array.from({ length: clusters }, (_, c) =>
    legend([{ label: `cluster ${c + 1}`, colour: colourOf(c), mark: "dot" }]),
  );
  const body = below([grid(panels, Math.min(3, panels.length), 18), grid(keys, 10, 16, 2)], 8);
  return figure(titled(title, body), {
    title,
    description:
      `${labels.length} positions in ${clusters} clusters, loadings ${pairs.map(([i, j]) => `${i + 1} against ${j + 1}`).join(", ")}; ` +
      `crosses mark the cluster centres, lines memberships of ${levels.join(", ")}.`,
  });
}

/** One pair of loadings against each other, as a panel without a title: the plot area is so many px wide and high. */
export function scatterPanel(
  options: Omit<ScatterOptions, "title" | "pairs">,
  [i, j]: readonly [number, number],
  [width, height]: readonly [number, number],
): Panel {
  const { coordinates, labels, centres, fuzzifier } = options;
  const dimensions = coordinates.length;
  const clusters = centres.length / dimensions;
  const flat = Array.from(
    { length: clusters },
    (_, c) => [centres[c * dimensions + i]!, centres[c * dimensions + j]!] as const,
  );
  const horizontal = padded(
    coordinates[i]!,
    flat.map(([x]) => x),
  );
  const vertical = padded(
    coordinates[j]!,
    flat.map(([, y]) => y),
  );
  return plotWithAxes(
    {
      width,
      height,
      x: { label: `loading ${i + 1}`, domain: horizontal },
      y: { label: `loading ${j + 1}`, domain: vertical },
    },
    (plot) => {
      let body = points(coordinates[i]!, coordinates[j]!, labels, clusters, plot);
      // Two px a square: finer than the eye follows a line of 1.2 px.
      const size = [Math.round(height / 2) + 1, Math.round(width / 2) + 1] as const;
      const fields = membershipFields(flat, fuzzifier, { size, x: horizontal, y: [vertical[1], vertical[0]] });
      for (let c = 0; clusters > 1 && c < clusters; c++) {
        for (const [rank, level] of levels.entries()) {
          const d = contours(fields[c]!, size, level)
            .map((line) =>
              pathThrough(
                line.map((value, k) =>
                  k % 2 === 0 ? (value * width) / (size[1] - 1) : (value * height) / (size[0] - 1),
                ),
              ),
            )
            .join("");
          if (d === "") continue;
          body += element("path", {
            d,
            fill: "none",
            stroke: colourOf(c),
            "stroke-width": 0.8 + rank * 0.5,
            "stroke-opacity": "0.85",
          });
        }
      }
      for (const [x, y] of flat) if (Number.isFinite(x + y)) body += cross(plot.x(x), plot.y(y));
      return body;
    },
  );
}

/** A grid over a rectangle: coordinates of its first and last column and row. */
interface Grid {
  readonly size: Size;
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** {@link fuzzyMemberships} at every point of a grid, rows first, an array for each cluster. */
function membershipFields(
  centres: readonly (readonly [number, number])[],
  fuzzifier: number,
  { size: [rows, columns], x, y }: Grid,
): Float32Array[] {
  const fields = centres.map(() => new Float32Array(rows * columns));
  const point: [number, number] = [0, 0];
  const memberships = new Array<number>(centres.length).fill(0);
  for (let row = 0; row < rows; row++) {
    point[1] = y[0] + ((y[1] - y[0]) * row) / (rows - 1);
    for (let column = 0; column < columns; column++) {
      point[0] = x[0] + ((x[1] - x[0]) * column) / (columns - 1);
      fuzzyMemberships(point, centres, fuzzifier, memberships);
      for (let c = 0; c < centres.length; c++) fields[c]![row * columns + column] = memberships[c]!;
    }
  }
  return fields;
}

/**
 * Memberships of a point: u_c = 1 ÷ Σ_k (d_c ÷ d_k)^(2 ÷ (m − 1)); on a centre, all of it there.
 *
 * @param found  written into and returned, default a new array
 * @see Bezdek, Ehrlich & Full, Comput. Geosci. 10 (1984) 191, equation 6
 */
export function fuzzyMemberships(
  point: readonly [number, number],
  centres: readonly (readonly [number, number])[],
  fuzzifier: number,
  found: number[] = new Array<number>(centres.length),
): number[] {
  let nearest = Infinity;
  for (let c = 0; c < centres.length; c++) {
    const [x, y] = centres[c]!;
    const square = (point[0] - x) ** 2 + (point[1] - y) ** 2;
    found[c] = square;
    if (square < nearest) nearest = square;
  }
  const exponent = 1 / (fuzzifier - 1);
  let sum = 0;
  for (let c = 0; c < found.length; c++) {
    const ratio = nearest === 0 ? (found[c] === 0 ? 1 : 0) : nearest / found[c]!;
    found[c] = exponent === 1 ? ratio : ratio ** exponent;
    sum += found[c]!;
  }
  for (let c = 0; c < found.length; c++) found[c]! /= sum;
  return found;
}

function padded(values: Float32Array, more: readonly number[]): [number, number] {
  let lower = Number.POSITIVE_INFINITY;
  let upper = Number.NEGATIVE_INFINITY;
  for (const list of [values, more]) {
    for (let i = 0; i < list.length; i++) {
      const value = list[i]!;
      if (value < lower) lower = value;
      if (value > upper) upper = value;
    }
  }
  if (!(upper >= lower)) return [0, 1];
  const margin = (upper - lower) * 0.05 || Math.abs(upper) * 0.05 || 1;
  return [lower - margin, upper + margin];
}

/**
 * Points as one transparent picture at two dots a px, as figures are drawn, so that a million positions cost what a thousand do. Each dot's opacity is
 * 1 − (1 − a)^n for the n points that cover it; a falls with the density of the crowded places, so that these do not just fill up.
 */
function points(x: Float32Array, y: Float32Array, labels: Uint8Array, clusters: number, plot: Plot): string {
  const resolution = 2;
  const columns = Math.round(plot.width * resolution);
  const rows = Math.round(plot.height * resolution);
  const radius = resolution * (x.length > 20_000 ? 0.8 : x.length > 3_000 ? 1.4 : 2);
  const counts = new Float32Array(rows * columns);
  const colours = new Float32Array(rows * columns * 3);
  const palette = Array.from({ length: Math.max(1, clusters) }, (_, c) => rgb(colourOf(c)));
  const dot = within(radius);
  for (let n = 0; n < x.length; n++) {
    const column = Math.round(plot.x(x[n]!) * resolution);
    const row = Math.round(plot.y(y[n]!) * resolution);
    if (!(column >= 0 && column < columns && row >= 0 && row < rows)) continue;
    const [red, green, blue] = palette[labels[n]!] ?? [80, 80, 80];
    for (const [down, right] of dot) {
      const r = row + down;
      const c = column + right;
      if (r < 0 || c < 0 || r >= rows || c >= columns) continue;
      const at = r * columns + c;
      counts[at]! += 1;
      colours[at * 3]! += red;
      colours[at * 3 + 1]! += green;
      colours[at * 3 + 2]! += blue;
    }
  }
  const covered = counts.filter((count) => count > 0).sort();
  const crowded = covered[Math.floor(covered.length * 0.9)] ?? 1;
  const opacity = Math.max(0.02, 1 - 0.15 ** (1 / Math.max(1, crowded)));
  const opacities: number[] = [];
  const pixels = new Uint8Array(rows * columns * 4);
  for (let at = 0; at < counts.length; at++) {
    const count = counts[at]!;
    if (count === 0) continue;
    for (let channel = 0; channel < 3; channel++)
      pixels[at * 4 + channel] = Math.round(colours[at * 3 + channel]! / count);
    // A single position must stay visible in any crowd.
    pixels[at * 4 + 3] = opacities[count] ??= Math.round(255 * Math.max(0.3, 1 - (1 - opacity) ** count));
  }
  return element("image", {
    width: plot.width,
    height: plot.height,
    preserveAspectRatio: "none",
    href: dataUri(rgbaPng(pixels, [rows, columns])),
  });
}

/** Steps from the middle of a dot to all that it covers. */
function within(radius: number): readonly (readonly [down: number, right: number])[] {
  const reach = Math.ceil(radius);
  const steps = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
  return steps.flatMap((down) =>
    steps.filter((right) => down * down + right * right <= radius * radius).map((right) => [down, right] as const),
  );
}

function cross(x: number, y: number): string {
  const d = `M${x - 6},${y}h12M${x},${y - 6}v12`;
  return (
    element("path", { d, stroke: "#fff", "stroke-width": 4.5, "stroke-linecap": "round" }) +
    element("path", { d, stroke: "#111", "stroke-width": 2, "stroke-linecap": "round" })
  );
}
