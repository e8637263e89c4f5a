import { item } from "../../src/scan/scan.ts";
import { boundaryWidth } from "./boundary-width.ts";
import { type Errors, errorsOf, limitsOf, matched } from "./errors-of.ts";
import type { Family } from "./families.ts";
import { type Found, given, methods, rankOf } from "./methods.ts";
import { syntheticScan, type Truth } from "./synthetic-scan.ts";

/** One method on the scans of one family. */
export interface Row {
  readonly family: string;
  readonly method: string;
  /** Pattern angle [°]: mean over scans and components, and the worst component of any scan. */
  readonly angle: number;
  readonly worstAngle: number;
  /** RMS error of the maps [1]. */
  readonly map: number;
  /** Width of boundaries in the maps, 10 to 90 %, as a part of the true one; absent where no component is both pure and absent somewhere. */
  readonly width?: number;
  readonly angleLimit: number;
  readonly mapLimit: number;
  /** The worst component of any scan, as a multiple of its limit. */
  readonly worstAngleRatio: number;
  readonly worstMapRatio: number;
  /** Of the scans, how many reach 1.1 × the angle limit in every component, and 1.05 × the map limit. */
  readonly anglesAtLimit: number;
  readonly mapsAtLimit: number;
  readonly scans: number;
  /** Number of components that each scan itself suggests, and the true one. */
  readonly ranks: readonly number[];
  readonly components: number;
  readonly assumptions: readonly string[];
}

/** What a method of another program found on a scan. */
export type Peer = (counts: Float64Array, truth: Truth, seed: number) => Found;

interface Outcome {
  readonly errors: Errors;
  readonly limits: Errors;
  readonly widths: readonly number[];
  readonly assumptions: readonly string[];
}

export async function measure(
  { name, kind }: Family,
  names: readonly string[],
  seeds: readonly number[],
  peers: Readonly<Record<string, Peer>> = {},
): Promise<Row[]> {
  const outcomes = new Map<string, Outcome[]>();
  const ranks: number[] = [];
  for (const seed of seeds) {
    const { scan, counts, truth } = syntheticScan(kind, seed);
    const limits = limitsOf(counts, truth);
    const shared = await given(scan, counts, kind.components, seed);
    ranks.push(await rankOf(shared));
    const record = (method: string, found: Found): void => {
      // Where intensity varies freely the scale of a component is not knowable.
      const errors = errorsOf(found, truth, !found.scaled || kind.intensity === "varying");
      const widths = matched(found.factors, truth.factors).flatMap(
        (f, t) => boundaryWidth(item(found.loadings, f), item(truth.loadings, t)) ?? [],
      );
      const assumptions = (found.assumptions ?? []).map(({ code }) => code);
      outcomes.set(method, [...(outcomes.get(method) ?? []), { errors, limits, widths, assumptions }]);
    };
    for (const method of names) record(method, await methods[method](shared));
    for (const [peer, find] of Object.entries(peers)) record(peer, find(counts, truth, seed));
  }
  return Array.from(outcomes, ([method, scans]) => row(name, method, scans, ranks, kind.components));
}

function row(
  family: string,
  method: string,
  scans: readonly Outcome[],
  ranks: readonly number[],
  components: number,
): Row {
  const ratios = (which: keyof Errors) =>
    scans.map(({ errors, limits }) => Math.max(...errors[which].map((value, t) => value / limits[which][t])));
  const [angleRatios, mapRatios] = [ratios("angles"), ratios("maps")];
  const angles = scans.flatMap(({ errors }) => errors.angles);
  const widths = scans.flatMap((outcome) => outcome.widths);
  return {
    family,
    method,
    angle: mean(angles),
    worstAngle: Math.max(...angles),
    map: mean(scans.flatMap(({ errors }) => errors.maps)),
    ...(widths.length > 0 && { width: mean(widths) }),
    angleLimit: mean(scans.flatMap(({ limits }) => limits.angles)),
    mapLimit: mean(scans.flatMap(({ limits }) => limits.maps)),
    worstAngleRatio: Math.max(...angleRatios),
    worstMapRatio: Math.max(...mapRatios),
    anglesAtLimit: angleRatios.filter((ratio) => ratio <= 1.1).length,
    mapsAtLimit: mapRatios.filter((ratio) => ratio <= 1.05).length,
    scans: scans.length,
    ranks,
    components,
    assumptions: [...new Set(scans.flatMap(({ assumptions }) => assumptions))].sort(),
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
