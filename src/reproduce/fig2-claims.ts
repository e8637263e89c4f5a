import type { Ica } from "../learn/ica.ts";
import type { Svd } from "../learn/results.ts";
import { type Images, item } from "../scan/scan.ts";
import { type Claim, percent, shown } from "./reproduction.ts";
import type { Twins } from "./twins.ts";
import type { WireScan } from "./wire-scans.ts";

/** One scan's scree plot. */
export interface Scree {
  readonly label: string;
  readonly wire: WireScan;
  readonly svd: Svd;
  readonly above: number;
}

/** A step of the scree plot that is a clear change of regime: a decade of its logarithmic axis. */
export const clear = 10;

/** After which component a scree plot falls most, from the second to the tenth on, and by what factor. */
export function regimeChange({ explained }: Pick<Svd, "explained">): {
  readonly after: number;
  readonly factor: number;
} {
  let [after, factor] = [0, 0];
  for (let k = 2; k <= Math.min(10, explained.length - 1); k++) {
    const step = explained[k]! > 0 ? explained[k - 1]! / explained[k]! : 0;
    if (step > factor) [after, factor] = [k, step];
  }
  return { after, factor };
}

export function claims(screes: readonly Scree[], turned: Ica, parts: Twins): Claim[] {
  const [precessed, little, still] = screes;
  const other = { reason: "This scan has one precession angle only." };
  const change = ({ svd }: Scree): string => {
    const { after, factor } = regimeChange(svd);
    return `largest step after ${after}, a factor ${shown(factor, 2)}`;
  };
  const [atMost, at9, at0] = screes.map(({ svd }) => regimeChange(svd));
  const fourth = little && correlationWithPlace(little);
  const svdLoadings = precessed!.svd.loadings;
  const negative = [
    ...[1, 2].map((k) => item(precessed!.svd.factors, k)),
    ...[0, 1, 2].map((k) => item(turned.factors, k)),
  ].map(negativePart);
  const [difference, alone] = [[parts.contrast], [parts.first, parts.second]].map((maps) =>
    [svdLoadings, turned.loadings].map((loadings) => maps.map((map) => needed(loadings, map))),
  ) as [Needed[][], Needed[][]];
  const counts = (found: readonly Needed[]): string =>
    found.map(({ count, told }) => `${count} (${told.map((part) => percent(part, 0)).join(", ")})`).join(" and ");
  return [
    {
      claim: "With 35 mrad the regime changes after 3 components",
      expected:
        "the largest step between neighbouring singular values squared, from the second on, is after 3 and a decade or more",
      measured: change(precessed!),
      holds: little ? atMost!.after === 3 && atMost!.factor >= clear : null,
      ...(little ? {} : { reason: "Its precession angle is not known here." }),
    },
    {
      claim: "With 9 mrad it changes after 4",
      expected: "the same measure, after 4",
      measured: little ? change(little) : "–",
      holds: at9 ? at9.after === 4 : null,
      ...(!at9
        ? other
        : at9.after === 4
          ? {}
          : {
              reason: `9 mrad integrate over less than half of the bend of 24 mrad, so several components describe orientation here; ${little!.above} rise above the noise. docs/figures.md has the same for other bends.`,
            }),
    },
    {
      claim: "Without precession no change can clearly be identified; a small one is after 4",
      expected: "no step of a decade from the second component on, the largest after 4",
      measured: still ? change(still) : "–",
      holds: at0 ? at0.factor < clear && at0.after === 4 : null,
      ...(still ? {} : other),
    },
    {
      claim: "Precession reduces the number of components needed to describe the data",
      expected: "fewer Poisson-weighted singular values above the noise edge (Marchenko–Pastur) the larger the angle",
      measured: screes.map(({ label, above }) => `${above} at ${label}`).join(", "),
      holds: still ? precessed!.above < little!.above && little!.above < still.above : null,
      ...(still ? {} : other),
    },
    {
      claim: "The fourth component at 9 mrad arises from the different orientation of both ends of the bent wire",
      expected: "its loading follows the place along the wire: |correlation| above 0.5 on the wire",
      measured: fourth === undefined ? "–" : shown(fourth, 2),
      holds: fourth === undefined ? null : fourth > 0.5,
      ...(fourth === undefined ? other : {}),
    },
    {
      claim: "SVD needs two components to describe the two twins, ICA only one: read as a twin's map",
      expected: "least number of loadings that tell 90 % of the variance of either twin's map: 2 for SVD, 1 for ICA",
      measured: `SVD ${counts(alone[0]!)}; ICA ${counts(alone[1]!)}`,
      holds: alone[0]!.every(({ count }) => count === 2) && alone[1]!.every(({ count }) => count === 1),
      reason: `In brackets what the best one, two, three loadings tell.${splitTwin(alone[1]!)}`,
    },
    {
      claim: "The same, read as the difference between the twins on the wire",
      expected: "2 for SVD, 1 for ICA",
      measured: `SVD ${counts(difference[0]!)}; ICA ${counts(difference[1]!)}`,
      holds: difference[0]![0]!.count === 2 && difference[1]![0]!.count === 1,
      ...(difference[0]![0]!.count === 1
        ? {
            reason: `One SVD component, the third or second, is the difference of the twins itself: it tells ${percent(difference[0]![0]!.told[0]!, 0)} of it. The other is the wire as a whole.`,
          }
        : {}),
    },
    {
      claim: "SVD and ICA patterns hold many negative values, so they are no diffraction patterns",
      expected: "above 5 % of the sum of squares is negative in SVD patterns 2 and 3, and in one ICA pattern at least",
      measured: `SVD ${negative
        .slice(0, 2)
        .map((part) => percent(part, 0))
        .join(", ")}; ICA ${negative
        .slice(2)
        .map((part) => percent(part, 0))
        .join(", ")}`,
      holds: negative.slice(0, 2).every((part) => part > 0.05) && Math.max(...negative.slice(2)) > 0.05,
    },
  ];
}

/** Which of the twins ICA does not have in one loading, and by how much. */
function splitTwin(byIca: readonly Needed[]): string {
  const split = byIca.flatMap(({ count, told }, k) =>
    count > 1
      ? [
          ` ICA has the ${["first", "second"][k]} twin's map to ${percent(told[0]!, 0)} in one loading, 90 % are asked for.`,
        ]
      : [],
  );
  return split.join("");
}

/** |correlation| of the fourth loading with the place along the wire, over its pure positions. */
function correlationWithPlace({ wire: { truth, scan }, svd }: Scree): number | undefined {
  if (!truth || svd.loadings.count < 4) return undefined;
  const vacuum = item(truth.abundances, 2);
  const inside = [...vacuum.keys()].filter((i) => vacuum[i]! < 0.05);
  const loading = item(svd.loadings, 3);
  return Math.abs(
    correlation(
      inside.map((i) => loading[i]!),
      inside.map((i) => i % scan.positions[1]),
    ),
  );
}

export function correlation(a: readonly number[], b: readonly number[]): number {
  const [ma, mb] = [a, b].map((values) => values.reduce((x, y) => x + y, 0) / values.length) as [number, number];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i]! - ma) * (b[i]! - mb);
    aa += (a[i]! - ma) ** 2;
    bb += (b[i]! - mb) ** 2;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}

interface Needed {
  /** Least number of loadings that tell 90 % of the map's variance; 4 where three do not. */
  readonly count: number;
  /** What the best one, two and three tell. */
  readonly told: readonly number[];
}

/** How many of three loadings are needed to describe a map where it is a number, by linear regression on the best of them. */
export function needed(loadings: Images, map: Float32Array): Needed {
  const inside = [...map.keys()].filter((i) => !Number.isNaN(map[i]!));
  const centred = (values: Float32Array): number[] => {
    const mean = inside.reduce((sum, i) => sum + values[i]!, 0) / inside.length;
    return inside.map((i) => values[i]! - mean);
  };
  const wanted = centred(map);
  const all = [0, 1, 2].map((k) => centred(item(loadings, k)));
  const told = [
    [[0], [1], [2]],
    [
      [0, 1],
      [0, 2],
      [1, 2],
    ],
    [[0, 1, 2]],
  ].map((sets) =>
    Math.max(
      ...sets.map((set) =>
        determination(
          wanted,
          set.map((k) => all[k]!),
        ),
      ),
    ),
  );
  const enough = told.findIndex((part) => part >= 0.9);
  return { count: enough < 0 ? 4 : enough + 1, told };
}

/** R² of a regression on some centred regressors, by taking each one's part off in turn. */
function determination(wanted: readonly number[], regressors: readonly (readonly number[])[]): number {
  const dot = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const basis: number[][] = [];
  let told = 0;
  for (const regressor of regressors) {
    let left = [...regressor];
    for (const other of basis) {
      const part = dot(left, other);
      left = left.map((value, i) => value - part * other[i]!);
    }
    const norm = Math.sqrt(dot(left, left));
    if (norm < 1e-9 * Math.sqrt(dot(regressor, regressor))) continue;
    const unit = left.map((value) => value / norm);
    basis.push(unit);
    told += dot(wanted, unit) ** 2;
  }
  return told / dot(wanted, wanted);
}

/** Part of a pattern's sum of squares that is in negative values. */
function negativePart(values: Float32Array): number {
  let [below, all] = [0, 0];
  for (const value of values) {
    all += value * value;
    if (value < 0) below += value * value;
  }
  return below / all;
}
