import { gaussianBlur } from "../../src/algebra/blur.ts";
import { type Random, random } from "../../src/algebra/random.ts";
import { projectOntoSimplex } from "../../src/algebra/simplex.ts";
import { area, type Images, images, type Patterns, patterns, type Scan, type Size } from "../../src/scan/scan.ts";
import { denseScan } from "../learn/dense-scan.ts";

/** What kind of scan: every choice is one axis of the families. */
export interface Kind {
  readonly components: number;
  /** Part of the reflections that crystals have in common; 1: all of the first crystal's are in every other. */
  readonly shared: number;
  /** many: grains with narrow boundaries; few: boundaries wider than most grains; none: no component is anywhere more than 0.82. */
  readonly pure: "many" | "few" | "none";
  /** Electrons per pattern. */
  readonly dose: number;
  readonly vacuum: boolean;
  /** one: loadings sum to 1 and patterns have one total; unequal: patterns of other totals; varying: a slow drift of 50 … 100 % besides. */
  readonly intensity: "one" | "unequal" | "varying";
}

export const usual: Kind = { components: 3, shared: 0.5, pure: "many", dose: 5000, vacuum: true, intensity: "one" };

export interface Synthetic {
  readonly scan: Scan;
  /** Counts, positions × pixels. */
  readonly counts: Float64Array;
  readonly truth: { readonly factors: Patterns; readonly loadings: Images };
}

const positions: Size = [36, 40];
const pixels: Size = [48, 44];

/** A scan of known patterns and maps with Poisson counts. The same for the same seed. */
export function syntheticScan(kind: Kind, seed: number): Synthetic {
  const draw = random(seed, 7);
  const factors = syntheticPatterns(kind, draw);
  const loadings = syntheticMaps(kind, seed, draw);
  const [n, p, k] = [area(positions), area(pixels), kind.components];
  const counts = new Float64Array(n * p);
  const mean = new Float64Array(p);
  for (let i = 0; i < n; i++) {
    mean.fill(0);
    for (let t = 0; t < k; t++) {
      const part = loadings.values[t * n + i];
      if (part > 0) for (let j = 0; j < p; j++) mean[j] += part * factors.values[t * p + j];
    }
    for (let j = 0; j < p; j++) counts[i * p + j] = draw.poisson(mean[j]);
  }
  return { scan: denseScan(positions, pixels, counts), counts, truth: { factors, loadings } };
}

interface Spot {
  readonly row: number;
  readonly column: number;
  readonly height: number;
}

/** Spots of a random lattice within reach of the beam. */
function lattice({ uniform }: Random, reach: number): Spot[] {
  const angle = Math.PI * uniform();
  const between = 1.1 + 0.9 * uniform();
  const [a, b] = [6 + 3 * uniform(), 6 + 5 * uniform()];
  const spots: Spot[] = [];
  for (let h = -9; h <= 9; h++) {
    for (let l = -9; l <= 9; l++) {
      const row = h * a * Math.cos(angle) + l * b * Math.cos(angle + between);
      const column = h * a * Math.sin(angle) + l * b * Math.sin(angle + between);
      const q = Math.hypot(row, column);
      const height = (0.1 + 0.9 * uniform()) * Math.exp(-2 * (q / reach) ** 2);
      if ((h !== 0 || l !== 0) && q < reach) spots.push({ row, column, height });
    }
  }
  return spots;
}

function syntheticPatterns({ components, shared, dose, vacuum, intensity }: Kind, draw: Random): Patterns {
  const centre = [pixels[0] / 2 - 0.3, pixels[1] / 2 + 0.4] as const;
  const reach = Math.min(...pixels) / 2;
  const canvas = (height: (row: number, column: number) => number): Float64Array => {
    const values = Float64Array.from({ length: area(pixels) }, (_, j) =>
      height(Math.floor(j / pixels[1]) - centre[0], (j % pixels[1]) - centre[1]),
    );
    const total = values.reduce((sum, value) => sum + value, 0);
    return values.map((value) => value / total);
  };
  const beam = canvas((y, x) => 1 / (1 + Math.exp((Math.hypot(y, x) - 2.2) / 0.5)));
  const tail = (width: number) => canvas((y, x) => (1 + (y * y + x * x) / width ** 2) ** -1.5);
  const [stray, diffuse] = [tail(4), tail(10)];
  const spotted = (spots: readonly Spot[]) =>
    canvas((y, x) =>
      spots.reduce((sum, s) => sum + s.height * Math.exp(-((y - s.row) ** 2 + (x - s.column) ** 2) / 3.4), 0),
    );
  const common = lattice(draw, reach);
  const values = new Float32Array(components * area(pixels));
  for (let t = 0; t < components; t++) {
    const isVacuum = vacuum && t === 0;
    const own = lattice(draw, reach);
    const first = t === (vacuum ? 1 : 0);
    const spots =
      shared === 1
        ? [...common, ...(first ? [] : own)]
        : [...common.filter(() => draw.uniform() < shared), ...own.filter(() => draw.uniform() > 0.7 * shared)];
    const [bragg, scattered] = [spotted(spots), isVacuum ? 0 : 0.4 + 0.25 * draw.uniform()];
    const total = intensity === "one" || isVacuum ? dose : dose * (0.8 + 0.17 * draw.uniform());
    for (let j = 0; j < area(pixels); j++) {
      const elastic = (1 - scattered) * beam[j] + scattered * (0.62 * bragg[j] + 0.38 * diffuse[j]);
      values[t * area(pixels) + j] = total * (0.08 * stray[j] + 0.92 * elastic);
    }
  }
  return patterns(pixels, values);
}

function syntheticMaps(kind: Kind, seed: number, draw: Random): Images {
  const { components: k, intensity } = kind;
  const [n, columns] = [area(positions), positions[1]];
  const field = (sigma: number): Float64Array => {
    const noise = Float32Array.from({ length: n }, draw.normal);
    const smooth = Float64Array.from(gaussianBlur(noise, positions[0], columns, sigma));
    const spread = Math.sqrt(smooth.reduce((sum, value) => sum + value * value, 0) / n);
    return smooth.map((value) => value / spread);
  };
  const rows = kind.pure === "none" ? mixtures(k, field) : grains(kind, seed);
  const drift =
    intensity === "varying" ? field(4).map((value) => Math.min(1, Math.max(0.5, 0.8 + 0.12 * value))) : undefined;
  const values = new Float32Array(k * n);
  for (let i = 0; i < n; i++) for (let t = 0; t < k; t++) values[t * n + i] = rows[i * k + t] * (drift?.[i] ?? 1);
  return images(positions, values);
}

/** Grains on a jittered grid, each component in several; a wedge down to vacuum on the right. */
function grains({ components: k, vacuum, pure }: Kind, seed: number): Float64Array {
  const { uniform } = random(seed, 11);
  const [rows, columns] = positions;
  const width = pure === "many" ? 1 : 4;
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
    const thickness = vacuum ? Math.min(1, Math.max(0, (edge - column) / (pure === "many" ? 4 : 10))) : 1;
    weights.forEach((weight, g) => {
      result[i * k + centres[g].component] += (thickness * weight) / total;
    });
    if (vacuum) result[i * k] += 1 - thickness;
  }
  return result;
}

/** Smooth fields projected onto the simplex: facets are reached, corners are cut at 0.82. */
function mixtures(k: number, field: (sigma: number) => Float64Array): Float64Array {
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
