import { random } from "../../src/algebra/random.ts";
import { area, type Images, images, type Patterns, patterns, type Scan, type Size } from "../../src/scan/scan.ts";
import { denseScan } from "../learn/dense-scan.ts";
import { smoothFields, syntheticMaps } from "./synthetic-maps.ts";
import { syntheticPatterns } from "./synthetic-patterns.ts";

/** What kind of scan: every choice is one axis of the families. */
export interface Kind {
  /** What methods are told. */
  readonly components: number;
  /** Part of the reflections that crystals have in common; 1: all of the first crystal's are in every other. */
  readonly shared: number;
  /**
   * many: grains with narrow boundaries; few: boundaries wider than most grains; none: no component is anywhere more than 0.82;
   * embedded: as many, but the last component is only inside the first crystal, at most 0.6 of a position.
   */
  readonly pure: "many" | "few" | "none" | "embedded";
  /** Electrons per pattern. */
  readonly dose: number;
  readonly vacuum: boolean;
  /** one: loadings sum to 1 and patterns have one total; unequal: patterns of other totals; varying: a slow drift of 50 … 100 % besides. */
  readonly intensity: "one" | "unequal" | "varying";
  /** A carbon film over part of the scan, up to 0.15 of the intensity: one of the components, or besides them. */
  readonly film: "none" | "counted" | "besides";
  /** By how much reflections at the rim vary over the field of view, standard deviation [1]: 0 for a flat specimen. */
  readonly bending: number;
  /** Scan positions; 36 × 40 where nothing else is said. */
  readonly positions?: Size;
}

export const usual: Kind = {
  components: 3,
  shared: 0.5,
  pure: "many",
  dose: 5000,
  vacuum: true,
  intensity: "one",
  film: "none",
  bending: 0,
};

export interface Truth {
  readonly factors: Patterns;
  readonly loadings: Images;
}

export interface Synthetic {
  readonly scan: Scan;
  /** Counts, positions × pixels. */
  readonly counts: Float64Array;
  /** Of the components that methods are told of. */
  readonly truth: Truth;
}

const usualPositions: Size = [36, 40];
const pixels: Size = [48, 44];

/** A scan of known patterns and maps with Poisson counts. The same for the same seed. */
export function syntheticScan(kind: Kind, seed: number): Synthetic {
  const { positions = usualPositions } = kind;
  const draw = random(seed, 7);
  const { factors, tilted } = syntheticPatterns(kind, pixels, draw);
  const field = smoothFields(positions, draw);
  const loadings = syntheticMaps(kind, positions, seed, field);
  const tilt = kind.bending > 0 ? [field(7), field(7)] : [];
  const [n, p] = [area(positions), area(pixels)];
  const counts = new Float64Array(n * p);
  const mean = new Float64Array(p);
  for (let i = 0; i < n; i++) {
    mean.fill(0);
    for (let t = 0; t < factors.count; t++) {
      const part = loadings.values[t * n + i];
      if (part === 0) continue;
      for (let j = 0; j < p; j++) mean[j] += part * factors.values[t * p + j];
      tilt.forEach((angle, axis) => {
        // No side of a pattern becomes negative, however far the specimen is bent.
        const bent = part * Math.max(-0.95, Math.min(0.95, kind.bending * angle[i]));
        for (let j = 0; j < p; j++) mean[j] += bent * tilted[axis][t * p + j];
      });
    }
    for (let j = 0; j < p; j++) counts[i * p + j] = draw.poisson(Math.max(0, mean[j]));
  }
  const told = {
    factors: patterns(pixels, factors.values.subarray(0, kind.components * p)),
    loadings: images(positions, loadings.values.subarray(0, kind.components * n)),
  };
  return { scan: denseScan(positions, pixels, counts), counts, truth: told };
}
