import { ShapeError } from "../scan/errors.ts";
import { area, type Images, item, type Patterns, type Scan } from "../scan/scan.ts";
import type { Fits, PairStart } from "./alternating-fits.ts";
import { holding, nonNegativeFit } from "./fits.ts";

/** What is known beforehand and stays as it is: components of which the patterns are known come first, then those with known maps. */
export interface Fixed {
  /** Patterns measured or computed, in any scale: their maps are learned. */
  readonly patterns?: Patterns;
  /** Maps measured, e.g. a dark-field image: their patterns are learned. */
  readonly maps?: Images;
}

/** How many components are known in part. */
export const countOf = ({ patterns, maps }: Fixed): number => (patterns?.count ?? 0) + (maps?.count ?? 0);

/** @throws ShapeError of another size than the scan, more than there are components, or negative */
export function requireFixed(method: string, scan: Scan, { patterns, maps }: Fixed, k: number): void {
  for (const [what, known, size] of [
    ["patterns", patterns, scan.pixels],
    ["maps", maps, scan.positions],
  ] as const) {
    if (!known) continue;
    if (known.values.length !== known.count * area(size)) {
      throw new ShapeError(`${method}: expected fixed ${what} of ${size.join("×")}, found ${known.size.join("×")}`, {
        expected: size,
        got: known.size,
      });
    }
    const wrong = known.values.find((value) => !(value >= 0 && Number.isFinite(value)));
    if (wrong !== undefined) {
      throw new ShapeError(`${method}: expected fixed ${what} ≥ 0, found ${wrong}`, { expected: "≥ 0", got: wrong });
    }
  }
  const count = countOf({ patterns, maps } as Fixed);
  if (count > k) {
    throw new ShapeError(`${method}: expected at most ${k} fixed patterns and maps (all components), found ${count}`, {
      expected: k,
      got: count,
    });
  }
}

/** Fits that leave what is fixed alone. */
export function fixedFits({ patterns, maps }: Fixed): Fits {
  const first = patterns?.count ?? 0;
  const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, t) => from + t);
  return {
    loadings: holding(range(first, maps?.count ?? 0), nonNegativeFit),
    factors: holding(range(0, first), nonNegativeFit),
  };
}

/** A start with what is fixed in its place: it replaces the components that are most like it. */
export function fixedStart(
  { patterns, maps }: Fixed,
  { loadings, factors }: Required<PairStart>,
  k: number,
): Required<PairStart> {
  const [positions, pixels] = [loadings.length / k, factors.length / k];
  const pairs = Array.from({ length: k }, (_, t) => ({
    loading: loadings.slice(t * positions, (t + 1) * positions),
    factor: factors.slice(t * pixels, (t + 1) * pixels),
  }));
  const taken = (part: "loading" | "factor", known: Float32Array) => {
    const alike = pairs.map((pair) => cosine(pair[part], known));
    const [pair] = pairs.splice(alike.indexOf(Math.max(...alike)), 1);
    return { ...pair, [part]: known };
  };
  const known = [
    ...items(patterns).map((pattern) => taken("factor", pattern)),
    ...items(maps).map((map) => taken("loading", map)),
  ];
  const joined = { loadings: new Float64Array(loadings.length), factors: new Float64Array(factors.length) };
  [...known, ...pairs].forEach(({ loading, factor }, t) => {
    joined.loadings.set(loading, t * positions);
    joined.factors.set(factor, t * pixels);
  });
  return joined;
}

const items = (stack: Images | Patterns | undefined): Float32Array[] =>
  stack ? Array.from({ length: stack.count }, (_, t) => item(stack, t)) : [];

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let x = 0; x < a.length; x++) {
    ab += a[x] * b[x];
    aa += a[x] * a[x];
    bb += b[x] * b[x];
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}
