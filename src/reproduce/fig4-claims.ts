import { item } from "../scan/scan.ts";
import { boundaryWidth } from "./boundary-width.ts";
import { correlation } from "./fig2-claims.ts";
import type { LearnedWire } from "./learned-wire.ts";
import { rmsDifference } from "./matching.ts";
import { type Claim, percent, shown } from "./reproduction.ts";
import type { WireScan } from "./wire-scans.ts";
import { directBeamShare } from "./wire-spots.ts";

/** Profiles of two twins and the background along one line. */
export type Profiles = readonly [Float32Array, Float32Array, Float32Array];

/** Values scaled so that their least is 0 and their most 1. */
export function unitRange(values: Float32Array): Float32Array {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return values.map((value) => (most > least ? (value - least) / (most - least) : 0));
}

interface All {
  readonly darkField: readonly Float32Array[];
  readonly nmf: Profiles;
  readonly fcm: Profiles;
  readonly truth: Profiles | undefined;
}

export function claims(wire: WireScan, { nmf, fcm, unmix }: LearnedWire, profiles: All): Claim[] {
  const widths = {
    darkField: boundaryWidth(profiles.darkField[1]!),
    nmf: boundaryWidth(unitRange(profiles.nmf[1])),
    fcm: boundaryWidth(unitRange(profiles.fcm[1])),
    truth: profiles.truth && boundaryWidth(unitRange(profiles.truth[1])),
  };
  const apart = [0, 1].map((k) => rmsDifference(profiles.darkField[k]!, unitRange(profiles.nmf[k]!)));
  const background = profiles.fcm[2];
  const third = Math.floor(background.length / 3);
  const inside = Math.max(...background.slice(third, background.length - third));
  const ends = Math.max(median(background.slice(0, third / 2)), median(background.slice(-third / 2)));
  const places = [...profiles.nmf[2].keys()];
  const trend = correlation([...profiles.nmf[2]], places);
  const shares = {
    nmf: [0, 1].map((k) => directBeamShare(item(nmf.factors, k), wire.source.pixels, wire)),
    fcm: [0, 1].map((k) => directBeamShare(item(fcm.centres, k), wire.source.pixels, wire)),
    unmix: [0, 1].map((k) => directBeamShare(item(unmix.factors, k), wire.source.pixels, wire)),
  };
  const whole = wire.truth ? trueShares(wire) : shares.fcm;
  const lacking = shares.nmf.filter((share, k) => share < whole[k]! / 2).length;
  const listed = (values: readonly number[]): string => values.map((value) => percent(value, 0)).join(" and ");
  const both = [
    profiles.darkField.map((values) => values),
    [unitRange(profiles.nmf[0]), unitRange(profiles.nmf[1])],
    [profiles.fcm[0], profiles.fcm[1]],
  ].map(([a, b]) => [...a!.keys()].filter((i) => a![i]! > 0.1 && b![i]! > 0.1).length);
  return [
    {
      claim: "The region in which the crystals overlap can be identified by all three methods",
      expected: "at least 2 positions of the profile with over 10 % of both twins, by each",
      measured: `dark field ${both[0]}, NMF ${both[1]}, clusters ${both[2]}`,
      holds: both.every((count) => count >= 2),
    },
    {
      claim: "Dark-field images and NMF loadings agree well",
      expected: "profiles scaled from 0 to 1 differ by at most 0.1 (root mean square)",
      measured: apart.map((value) => shown(value, 2)).join(" and "),
      holds: apart.every((value) => value <= 0.1),
    },
    {
      claim: "The boundary is slightly narrower in the membership map",
      expected: "10–90 % width of the second twin below that of dark field and NMF",
      measured: `${shown(widths.fcm, 2)} positions; dark field ${shown(widths.darkField, 2)}, NMF ${shown(widths.nmf, 2)}${widths.truth === undefined ? "" : `, true ${shown(widths.truth, 2)}`}`,
      ...(Number.isNaN(widths.fcm + widths.darkField + widths.nmf)
        ? {
            holds: null,
            reason:
              "A profile does not rise from below 10 % to above 90 % along the line: no boundary between two crystals that are pure at its ends.",
          }
        : { holds: widths.fcm < widths.darkField && widths.fcm < widths.nmf }),
    },
    {
      claim: "The NMF background loading decreases along the profile, perhaps by the carbon film under it",
      expected: "it follows the distance, in one direction or the other: |correlation| above 0.7",
      measured: `correlation ${shown(trend, 2)}, from ${shown(profiles.nmf[2][0]!, 2)} to ${shown(profiles.nmf[2][profiles.nmf[2].length - 1]!, 2)}`,
      holds: Math.abs(trend) > 0.7,
      ...(Math.abs(trend) > 0.7
        ? Math.max(...shares.nmf) > 1.5 * Math.min(...shares.nmf)
          ? {
              reason:
                "Here mostly for another reason: one NMF pattern lacks the direct beam, which the background must add wherever that twin is, and the other has it.",
            }
          : {}
        : {
            reason: wire.truth
              ? "Where the film's edge lies under the line is not stated in the paper; here it may miss it."
              : "Whether a film's edge lies under the line of this scan is not known.",
          }),
    },
    {
      claim: "The background's membership has a spurious peak where the twins overlap",
      expected: "at least twice what it is at the ends of the line, and 1 % more",
      measured: `${percent(inside)} in the overlap, ${percent(ends)} at the ends`,
      holds: inside > 2 * ends && inside > ends + 0.01,
    },
    {
      claim: "The direct beam is much weaker in NMF patterns than in the true signals",
      expected: `its share of the counts below half of that in ${wire.truth ? "the true patterns" : "the cluster centres"}, for both twins`,
      measured: `${listed(shares.nmf)}; ${wire.truth ? `true ${listed(trueShares(wire))}; ` : ""}cluster centres ${listed(shares.fcm)}; unmixed ${listed(shares.unmix)}`,
      holds: lacking === 2,
      ...(lacking === 1
        ? {
            reason:
              "NMF may book intensity that all patterns share to any of them: one twin's pattern lacks the direct beam, the other's keeps it.",
          }
        : {}),
    },
  ];
}

const median = (values: Float32Array): number => values.toSorted()[Math.floor(values.length / 2)] ?? Number.NaN;

/** Share of the direct beam in the true patterns, with the offset that the camera adds. */
function trueShares({ truth, radius, options }: WireScan): number[] {
  const detector = options?.detector;
  const offset = detector === undefined ? 2 : detector.kind === "ccd" ? detector.offset : 0;
  return [0, 1].map((k) =>
    directBeamShare(
      item(truth!.patterns, k).map((value) => value + offset),
      truth!.patterns.size,
      { centre: truth!.centre, radius },
    ),
  );
}
