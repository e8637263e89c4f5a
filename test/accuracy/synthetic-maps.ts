import { gaussianBlur } from "../../src/algebra/blur.ts";
import { type Random, random } from "../../src/algebra/random.ts";
import { projectOntoSimplex } from "../../src/algebra/simplex.ts";
import { area, type Images, images, type Size } from "../../src/scan/scan.ts";
import type { Kind } from "./synthetic-scan.ts";

/** A smooth field over the positions, mean square 1. */
export type Field = (sigma: number) => Float64Array;

export function smoothFields(positions: Size, draw: Random): Field {
  const n = area(positions);
  return (sigma) => {
    const noise = Float32Array.from({ length: n }, draw.normal);
    const smooth = Float64Array.from(gaussianBlur(noise, positions[0], positions[1], sigma));
    const spread = Math.sqrt(smooth.reduce((sum, value) => sum + value * value, 0) / n);
    return smooth.map((value) => value / spread);
  };
}

/** The part of every component at every position, a film that is there but not counted included as the last. */
export function syntheticMaps(kind: Kind, positions: Size, seed: number, field: Field): Images {
  const { components, film } = kind;
  const n = area(positions);
  const k = film === "counted" ? components - 1 : components;
  const rows = maps(kind, k, positions, seed, field);
  const drift =
    kind.intensity === "varying"
      ? field(4).map((value) => Math.min(1, Math.max(0.5, 0.8 + 0.12 * value)))
      : new Float64Array(n).fill(1);
  const carbon = film === "none" ? undefined : filmOver(positions, field);
  const values = new Float32Array((carbon ? k + 1 : k) * n);
  for (let i = 0; i < n; i++) {
    const rest = 1 - (carbon?.[i] ?? 0);
    for (let t = 0; t < k; t++) values[t * n + i] = rest * rows[i * k + t] * drift[i];
    if (carbon) values[k * n + i] = carbon[i] * drift[i];
  }
  return images(positions, values);
}

function maps(kind: Kind, k: number, positions: Size, seed: number, field: Field): Float64Array {
  switch (kind.pure) {
    case "none":
      return mixtures(k, field);
    case "embedded":
      return embedded(kind, k, positions, seed);
    case "many":
    case "few":
      return grains(kind, k, positions, seed);
    default:
      return kind.pure satisfies never;
  }
}

/** Grains on a jittered grid, each component in several; a wedge down to vacuum on the right. */
function grains({ vacuum, pure }: Kind, k: number, [rows, columns]: Size, seed: number): Float64Array {
  const { uniform } = random(seed, 11);
  const width = pure === "few" ? 4 : 1;
  const kinds = vacuum ? k - 1 : k;
  const [across, down] = [4, 3];
  const centres = Array.from({ length: across * down }, (_, g) => ({
    row: ((Math.floor(g / across) + 0.2 + 0.6 * uniform()) * rows) / down,
    column: (((g % across) + 0.2 + 0.6 * uniform()) * columns * (vacuum ? 0.85 : 1)) / across,
    // All kinds in turn, so that none is missing or hidden by vacuum; where columns would repeat, rows are shifted.
    component: (vacuum ? 1 : 0) + ((g + (across % kinds === kinds - 1 ? 0 : Math.floor(g / across))) % kinds),
  }));
  const result = new Float64Array(rows * columns * k);
  for (let i = 0; i < rows * columns; i++) {
    const [row, column] = [Math.floor(i / columns), i % columns];
    const distances = centres.map((centre) => Math.hypot(row - centre.row, column - centre.column));
    const nearest = Math.min(...distances);
    const weights = distances.map((distance) => Math.max(0, 1 - (distance - nearest) / (2 * width)));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const edge = columns * 0.85 + 3 * Math.sin(row / 7);
    const thickness = vacuum ? Math.min(1, Math.max(0, (edge - column) / (pure === "few" ? 10 : 4))) : 1;
    weights.forEach((weight, g) => {
      result[i * k + centres[g].component] += (thickness * weight) / total;
    });
    if (vacuum) result[i * k] += 1 - thickness;
  }
  return result;
}

/** Smooth fields projected onto the simplex: facets are reached, corners are cut at 0.82. */
function mixtures(k: number, field: Field): Float64Array {
  const fields = Array.from({ length: k }, () => field(3));
  const n = fields[0].length;
  const result = new Float64Array(n * k);
  for (let i = 0; i < n; i++) {
    const point = Float64Array.from(fields, (values) => 1.2 * values[i]);
    const ranked = Array.from(point.keys()).sort((a, b) => point[b] - point[a]);
    projectOntoSimplex(point);
    const over = Math.max(0, point[ranked[0]] - 0.82);
    point[ranked[0]] -= over;
    point[ranked[1]] += over;
    result.set(point, i * k);
  }
  return result;
}

/** Grains of the other components; in the first crystal, particles of the last, never more than 0.6 of a position. */
function embedded(kind: Kind, k: number, positions: Size, seed: number): Float64Array {
  const others = grains({ ...kind, pure: "many" }, k - 1, positions, seed);
  const { uniform } = random(seed, 13);
  const [rows, columns] = positions;
  const particles = Array.from({ length: 5 }, () => ({
    row: rows * (0.1 + 0.8 * uniform()),
    column: columns * (0.1 + 0.65 * uniform()),
    radius: 3 + 3 * uniform(),
  }));
  const matrix = kind.vacuum ? 1 : 0;
  const result = new Float64Array(rows * columns * k);
  for (let i = 0; i < rows * columns; i++) {
    const [row, column] = [Math.floor(i / columns), i % columns];
    // The thickness of a sphere.
    const thick = particles.map((p) =>
      Math.sqrt(Math.max(0, 1 - ((row - p.row) ** 2 + (column - p.column) ** 2) / p.radius ** 2)),
    );
    const particle = 0.6 * Math.max(...thick) * others[i * (k - 1) + matrix];
    for (let t = 0; t < k - 1; t++) result[i * k + t] = others[i * (k - 1) + t] - (t === matrix ? particle : 0);
    result[i * k + k - 1] = particle;
  }
  return result;
}

/** A carbon film over part of the scan: scatters up to 0.15 of the intensity, less where it is thinner, nothing beyond its edge. */
function filmOver([rows, columns]: Size, field: Field): Float64Array {
  const uneven = field(6);
  return Float64Array.from({ length: rows * columns }, (_, i) => {
    const inside = (Math.floor(i / columns) + 0.3 * (i % columns) - 0.45 * rows) / 3;
    return Math.min(0.15, Math.max(0, 0.11 + 0.025 * uneven[i])) / (1 + Math.exp(-inside));
  });
}
