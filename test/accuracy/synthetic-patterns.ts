import type { Random } from "../../src/algebra/random.ts";
import { area, type Patterns, patterns, type Size } from "../../src/scan/scan.ts";
import type { Kind } from "./synthetic-scan.ts";

/** What a position may record: one pattern for each component, and how bending changes those of crystals. */
export interface SyntheticPatterns {
  readonly factors: Patterns;
  /** By how much a tilt of 1 along rows, then along columns, changes each pattern: one side brighter, the other darker, the total kept. */
  readonly tilted: readonly [alongRows: Float32Array, alongColumns: Float32Array];
}

interface Spot {
  readonly row: number;
  readonly column: number;
  readonly height: number;
}

/** Patterns with a direct beam, stray and diffuse intensity, and for crystals the reflections of a random lattice. */
export function syntheticPatterns(kind: Kind, pixels: Size, draw: Random): SyntheticPatterns {
  const { components, shared, dose, vacuum, intensity, film } = kind;
  const centre = [pixels[0] / 2 - 0.3, pixels[1] / 2 + 0.4] as const;
  const reach = Math.min(...pixels) / 2;
  const drawn = (height: (row: number, column: number) => number): Float64Array =>
    Float64Array.from({ length: area(pixels) }, (_, j) =>
      height(Math.floor(j / pixels[1]) - centre[0], (j % pixels[1]) - centre[1]),
    );
  const normed = (height: (row: number, column: number) => number): Float64Array => {
    const values = drawn(height);
    const total = sum(values);
    return values.map((value) => value / total);
  };
  const spotted = (spots: readonly Spot[]) => (y: number, x: number) =>
    spots.reduce((all, s) => all + s.height * Math.exp(-((y - s.row) ** 2 + (x - s.column) ** 2) / 3.4), 0);
  const beam = normed((y, x) => 1 / (1 + Math.exp((Math.hypot(y, x) - 2.2) / 0.5)));
  const tail = (width: number) => normed((y, x) => (1 + (y * y + x * x) / width ** 2) ** -1.5);
  const [stray, diffuse] = [tail(4), tail(10)];
  const common = lattice(draw, reach);
  const crystals = film === "counted" ? components - 1 : components;
  const values = new Float32Array((film === "none" ? crystals : crystals + 1) * area(pixels));
  const tilted = [new Float32Array(values.length), new Float32Array(values.length)] as const;
  for (let t = 0; t < crystals; t++) {
    const isVacuum = vacuum && t === 0;
    const own = lattice(draw, reach);
    const first = t === (vacuum ? 1 : 0);
    const spots =
      shared === 1
        ? [...common, ...(first ? [] : own)]
        : [...common.filter(() => draw.uniform() < shared), ...own.filter(() => draw.uniform() > 0.7 * shared)];
    const bragg = drawn(spotted(spots));
    const scale = 1 / sum(bragg);
    const scattered = isVacuum ? 0 : 0.4 + 0.25 * draw.uniform();
    const total = intensity === "one" || isVacuum ? dose : dose * (0.8 + 0.17 * draw.uniform());
    for (let j = 0; j < area(pixels); j++) {
      const elastic = (1 - scattered) * beam[j] + scattered * (0.62 * bragg[j] * scale + 0.38 * diffuse[j]);
      values[t * area(pixels) + j] = total * (0.08 * stray[j] + 0.92 * elastic);
    }
    if (kind.bending === 0 || isVacuum) continue;
    [0, 1].forEach((axis) => {
      const side = (s: Spot): number => (axis === 0 ? s.row : s.column) / reach;
      const change = drawn(spotted(spots.map((s) => ({ ...s, height: s.height * side(s) }))));
      // What one side gains and the other does not lose comes from the direct beam.
      const gained = sum(change);
      for (let j = 0; j < area(pixels); j++) {
        tilted[axis][t * area(pixels) + j] = total * 0.92 * scattered * 0.62 * scale * (change[j] - gained * beam[j]);
      }
    });
  }
  if (film !== "none") {
    const ring = (q: number, width: number) => (y: number, x: number) =>
      Math.exp(-(((Math.hypot(y, x) - q * reach) / (width * reach)) ** 2));
    const [inner, outer] = [normed(ring(0.42, 0.13)), normed(ring(0.75, 0.16))];
    for (let j = 0; j < area(pixels); j++) {
      values[crystals * area(pixels) + j] =
        dose * (0.08 * stray[j] + 0.92 * (0.5 * inner[j] + 0.2 * outer[j] + 0.3 * diffuse[j]));
    }
  }
  return { factors: patterns(pixels, values), tilted };
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

const sum = (values: Float64Array): number => values.reduce((all, value) => all + value, 0);
