import { nmf } from "../../src/learn/nmf.ts";
import { type Geometry, unmix } from "../../src/learn/unmix.ts";
import { type Errors, errorsOf, limitsOf } from "./errors-of.ts";
import type { Family } from "./families.ts";
import { syntheticScan } from "./synthetic-scan.ts";

/** Means over the scans of a family and over components. */
export interface Row {
  readonly family: string;
  readonly method: string;
  /** Pattern angle [°]: mean, and the worst component of any scan. */
  readonly angle: number;
  readonly worstAngle: number;
  /** RMS error of the maps [1]. */
  readonly map: number;
  readonly angleLimit: number;
  readonly mapLimit: number;
  /** Of the scans, how many reach 1.1 × the angle limit in every component, and 1.05 × the map limit. */
  readonly anglesAtLimit: number;
  readonly mapsAtLimit: number;
  readonly scans: number;
  readonly assumptions: readonly string[];
}

export type Method = Geometry | "nmf";

export async function measure(
  { name, kind }: Family,
  methods: readonly Method[],
  seeds: readonly number[],
): Promise<Row[]> {
  const found = new Map<Method, { errors: Errors; limits: Errors; assumptions: readonly string[] }[]>();
  for (const seed of seeds) {
    const { scan, counts, truth } = syntheticScan(kind, seed);
    const limits = limitsOf(counts, truth);
    for (const method of methods) {
      const result =
        method === "nmf"
          ? { ...(await nmf(scan, { components: kind.components, seed })), assumptions: [] }
          : await unmix(scan, { components: kind.components, seed, geometry: method });
      // Where intensity varies freely, and in NMF, the scale of a component is not knowable.
      const errors = errorsOf(result, truth, method === "nmf" || kind.intensity === "varying");
      const assumptions = result.assumptions.map(({ code }) => code);
      found.set(method, [...(found.get(method) ?? []), { errors, limits, assumptions }]);
    }
  }
  return methods.map((method) => {
    const scans = found.get(method)!;
    const within = (which: keyof Errors, factor: number): number =>
      scans.filter(({ errors, limits }) => errors[which].every((value, t) => value <= factor * limits[which][t]))
        .length;
    return {
      family: name,
      method,
      angle: mean(scans.flatMap(({ errors }) => errors.angles)),
      worstAngle: Math.max(...scans.flatMap(({ errors }) => errors.angles)),
      map: mean(scans.flatMap(({ errors }) => errors.maps)),
      angleLimit: mean(scans.flatMap(({ limits }) => limits.angles)),
      mapLimit: mean(scans.flatMap(({ limits }) => limits.maps)),
      anglesAtLimit: within("angles", 1.1),
      mapsAtLimit: within("maps", 1.05),
      scans: scans.length,
      assumptions: [...new Set(scans.flatMap(({ assumptions }) => assumptions))].sort(),
    };
  });
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
