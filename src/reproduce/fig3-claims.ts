import type { Clustering } from "../learn/results.ts";
import { area, type Images, item, type Patterns } from "../scan/scan.ts";
import { coordinates, type LearnedWire } from "./learned-wire.ts";
import { angle } from "./matching.ts";
import { type Claim, percent, shown } from "./reproduction.ts";
import { onTriangle } from "./triangle.ts";
import type { WireScan } from "./wire-scans.ts";
import { diskMean, ringMedian, spotsOnlyIn } from "./wire-spots.ts";

/** How deep a pattern dips where only another has spots: mean in the spot over the median around it, 1 for none. One number for each spot. */
export function dips(
  pattern: Float32Array,
  other: Patterns,
  which: readonly [own: number, other: number],
  wire: WireScan,
): number[] {
  const size = wire.source.pixels;
  const spot = Math.max(1.5, wire.radius - 0.5);
  return spotsOnlyIn(item(other, which[1]), item(other, which[0]), size, wire, 8).map(({ row, column }) => {
    const surroundings = ringMedian(pattern, size, [row, column], wire.radius + 1.5, wire.radius + 4);
    return surroundings > 0 ? diskMean(pattern, size, [row, column], spot) / surroundings : 0;
  });
}

/** A spot darker than nine tenths of what is around it is taken for subtracted. */
export const dip = 0.9;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

export function claims(
  wire: WireScan,
  { svd: found, nmf, fcm, unmix }: LearnedWire,
  errors: Readonly<Record<string, number>>,
): Claim[] {
  const { truth, scan } = wire;
  const count = area(scan.positions);
  const inNmf = [
    ...dips(item(nmf.factors, 0), fcm.centres, [0, 1], wire),
    ...dips(item(nmf.factors, 1), fcm.centres, [1, 0], wire),
  ];
  const inCentres = [
    ...dips(item(fcm.centres, 0), fcm.centres, [0, 1], wire),
    ...dips(item(fcm.centres, 1), fcm.centres, [1, 0], wire),
  ];
  const inUnmixed = [
    ...dips(item(unmix.factors, 0), fcm.centres, [0, 1], wire),
    ...dips(item(unmix.factors, 1), fcm.centres, [1, 0], wire),
  ];
  const dark = (values: readonly number[]): number => values.filter((value) => value < dip).length;
  const own = [0, 1].map((k) =>
    angle(withoutBeam(item(nmf.factors, k), wire), withoutBeam(item(fcm.centres, k), wire)),
  );
  const across = [0, 1].map((k) =>
    angle(withoutBeam(item(nmf.factors, k), wire), withoutBeam(item(fcm.centres, 1 - k), wire)),
  );
  const fall = (k: number): number =>
    (errors[k]! ** 2 - errors[k + 1]! ** 2) / Math.max(errors[k + 1]! ** 2 - errors[k + 2]! ** 2, 1e-12 * found.total);
  const steps = [1, 2, 3, 4].filter((k) => errors[k + 2] !== undefined).map(fall);
  const plane = coordinates(wire, found);
  const triangle = onTriangle(plane[1]!, plane[2]!);
  const degrees = (values: readonly number[]): string => values.map((value) => `${shown(value, 2)}°`).join(" and ");
  return [
    {
      claim: "Of three NMF components one is the background and two are the twins",
      expected: "each loading tells 80 % of the variance of its own true map",
      measured: truth
        ? maps(nmf.loadings, truth.abundances, count)
            .map((part) => percent(part, 0))
            .join(", ")
        : "–",
      holds: truth ? maps(nmf.loadings, truth.abundances, count).every((part) => part > 0.8) : null,
      ...(truth ? {} : { reason: "The truth of this scan is not known." }),
    },
    {
      claim: "NMF reconstruction error against the number of components changes its regime where the scree plot does",
      expected: "the fall of the squared error drops most after 3 components",
      measured: `each step's fall over that of the next: ${steps.map((value, k) => `${shown(value, 2)} after ${k + 2}`).join(", ")}`,
      holds: steps.length > 1 ? steps.indexOf(Math.max(...steps)) === 1 : null,
    },
    {
      claim: "Spots of intensity below the background are seen in NMF factors: pseudo-subtractive contributions",
      expected: `at 8 places for each twin where only the other has spots, over a quarter lies below ${dip} of what is around it`,
      measured: `${dark(inNmf)} of ${inNmf.length}; median ${shown(median(inNmf), 2)}`,
      holds: dark(inNmf) > inNmf.length / 4,
    },
    {
      claim: "They are not in the cluster centres",
      expected: "none of the same places",
      measured: `${dark(inCentres)} of ${inCentres.length}; median ${shown(median(inCentres), 3)}`,
      holds: dark(inCentres) === 0,
      reason: `Unmixed patterns: ${dark(inUnmixed)}; median ${shown(median(inUnmixed), 2)}.`,
    },
    {
      claim: "Cluster centres correspond to the background and the twinned crystals",
      expected: "each membership map tells 80 % of the variance of its own true map",
      measured: truth
        ? maps(fcm.memberships, truth.abundances, count)
            .map((part) => percent(part, 0))
            .join(", ")
        : "–",
      holds: truth ? maps(fcm.memberships, truth.abundances, count).every((part) => part > 0.8) : null,
      ...(truth ? {} : { reason: "The truth of this scan is not known." }),
    },
    {
      claim: "NMF factors and cluster centres represent the same orientations",
      expected: "without the direct beam, each factor is nearer to its own centre than to the other twin's",
      measured: `${degrees(own)}, to the other's ${degrees(across)}`,
      holds: own.every((value, k) => value < across[k]!),
    },
    {
      claim: "The loadings are approximately distributed about a triangle",
      expected:
        "90 % of the positions in or within 5 % of its height of the largest triangle between positions, and 70 % about its sides and corners",
      measured: `${percent(triangle.inside, 0)} in or near it, ${percent(triangle.edges, 0)} near its sides or corners`,
      holds: triangle.inside >= 0.9 && triangle.edges >= 0.7,
    },
    ...(truth ? subclusters(wire, plane, fcm) : []),
    brightLines(wire, fcm),
  ];
}

/** R² of each map with its true one. */
export function maps(found: Images, truth: Images, count: number): number[] {
  return [0, 1, 2].map((k) => {
    const [a, b] = [
      found.values.subarray(k * count, (k + 1) * count),
      truth.values.subarray(k * count, (k + 1) * count),
    ];
    const [ma, mb] = [a, b].map((values) => values.reduce((x, y) => x + y, 0) / count) as [number, number];
    let [ab, aa, bb] = [0, 0, 0];
    for (let i = 0; i < count; i++) {
      ab += (a[i]! - ma) * (b[i]! - mb);
      aa += (a[i]! - ma) ** 2;
      bb += (b[i]! - mb) ** 2;
    }
    return aa > 0 && bb > 0 ? ab ** 2 / (aa * bb) : 0;
  });
}

/** A pattern with the direct beam at 0: twins share it. */
export function withoutBeam(pattern: Float32Array, { centre, radius, source }: WireScan): Float32Array {
  const columns = source.pixels[1];
  return pattern.map((value, i) =>
    Math.hypot(Math.floor(i / columns) - centre[0], (i % columns) - centre[1]) <= radius + 2 ? 0 : value,
  );
}

/** Within each twin's cluster: positions of full thickness on the film and off it, in the plane of the second and third loading. */
function subclusters({ truth }: WireScan, plane: readonly Float32Array[], fcm: Clustering): Claim[] {
  const film = item(truth!.abundances, 3);
  const most = film.reduce((a, b) => Math.max(a, b), 0);
  const background = [1, 2].map((d) => fcm.loadingCentres[6 + d]!);
  const found = [0, 1].map((twin) => {
    const thickness = item(truth!.abundances, twin);
    const groups = [(i: number) => film[i]! < 0.01 * most, (i: number) => film[i]! > 0.99 * most].map((wanted) =>
      [...film.keys()]
        .filter((i) => wanted(i) && thickness[i]! > 0.95 * (1 - film[i]!))
        .map((i) => [plane[1]![i]!, plane[2]![i]!] as const),
    );
    const means = groups.map((points) =>
      [0, 1].map((d) => points.reduce((sum, point) => sum + point[d]!, 0) / points.length),
    );
    const [bare, covered] = means as [number[], number[]];
    const between = [covered[0]! - bare[0]!, covered[1]! - bare[1]!];
    const distance = Math.hypot(...between);
    const offsets = groups.flatMap((points, g) =>
      points.map(
        (point) => ((point[0]! - means[g]![0]!) * between[0]! + (point[1]! - means[g]![1]!) * between[1]!) / distance,
      ),
    );
    const spread = Math.sqrt(offsets.reduce((sum, value) => sum + value * value, 0) / offsets.length);
    const from = (point: readonly number[]): number =>
      Math.hypot(point[0]! - background[0]!, point[1]! - background[1]!);
    const towards = [background[0]! - bare[0]!, background[1]! - bare[1]!];
    const along = (between[0]! * towards[0]! + between[1]! * towards[1]!) / (distance * Math.hypot(...towards));
    return {
      apart: distance / spread,
      nearer: 1 - from(covered) / from(bare),
      off: (Math.acos(along) * 180) / Math.PI,
    };
  });
  return [
    {
      claim: "The clusters of both twins comprise two smaller sub-clusters each, by the carbon film",
      expected:
        "positions of full thickness on and off the film are at least 3 of their standard deviations apart in the plane of the second and third loading",
      measured: found.map(({ apart }) => shown(apart, 2)).join(" and "),
      holds: found.every(({ apart }) => apart >= 3),
    },
    {
      claim: "In each case the sub-cluster nearer to the background cluster is where the film is",
      expected: "its mean lies nearer to the background's centre",
      measured: found
        .map(({ nearer }) => `${percent(Math.abs(nearer))} ${nearer > 0 ? "nearer" : "farther"}`)
        .join(" and "),
      holds: found.every(({ nearer }) => nearer > 0),
      reason: `The film moves the twins by ${found.map(({ off }) => `${shown(off, 2)}°`).join(" and ")} off the direction to the background: sideways, by its own rings, more than towards it, by the tenth that it takes from everything else. Which outweighs depends on what the film scatters.`,
    },
  ];
}

/** Raised memberships along the wire's edge, in the map of the twin that is not there. */
function brightLines({ truth, scan }: WireScan, fcm: Clustering): Claim {
  const claim = {
    claim:
      "Bright lines lie along the boundaries between wire and vacuum in the membership maps, from the overlap of clusters",
    expected:
      "at the edge of one twin the other's membership is at least three times that in its middle and in the vacuum",
  };
  if (!truth) return { ...claim, measured: "–", holds: null, reason: "Where the edge lies in this scan is not known." };
  const count = area(scan.positions);
  const vacuum = item(truth.abundances, 2);
  const ratios = [0, 1].map((twin) => {
    const there = item(truth.abundances, twin);
    const absent = item(truth.abundances, 1 - twin);
    const other = fcm.memberships.values.subarray((1 - twin) * count, (2 - twin) * count);
    const meanOf = (wanted: (i: number) => boolean): number => {
      const chosen = [...other.keys()].filter((i) => absent[i]! < 1e-6 && wanted(i));
      return chosen.reduce((sum, i) => sum + other[i]!, 0) / chosen.length;
    };
    const edge = meanOf((i) => there[i]! > 0.25 && there[i]! < 0.65);
    return {
      edge,
      middle: meanOf((i) => there[i]! > 0.85),
      outside: meanOf((i) => vacuum[i]! > 0.85 && there[i]! === 0),
    };
  });
  return {
    ...claim,
    measured: ratios
      .map(
        ({ edge, middle, outside }) =>
          `${percent(edge)} at the edge, ${percent(middle, 2)} in the middle, ${percent(outside, 2)} outside`,
      )
      .join("; "),
    holds: ratios.every(({ edge, middle, outside }) => edge >= 3 * middle && edge >= 3 * outside),
  };
}
