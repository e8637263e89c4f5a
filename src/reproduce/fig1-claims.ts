import { type Images, item } from "../scan/scan.ts";
import type { Seen } from "./fig1.ts";
import { acrossWire } from "./on-wire.ts";
import { type Claim, percent, shown } from "./reproduction.ts";
import type { WireScan } from "./wire-scans.ts";

/** Radius of the Laue circle [mrad]; NaN where it is not known. */
export const radiusOf = (centre: readonly [number, number] | undefined): number =>
  centre ? Math.hypot(...centre) : Number.NaN;

/** Dark-field values in the middle of the wire, one for each position along it, as a part of their mean. */
function coreProfile({ darkField, wire }: Seen): Float32Array {
  const profile = Float32Array.from(acrossWire(wire).sections, (section) => {
    // The middle third of the wire's width, where its thickness is even.
    const core = section.slice(Math.floor(section.length / 3), Math.ceil((2 * section.length) / 3));
    return core.reduce((sum, position) => sum + darkField.values[position]!, 0) / core.length;
  });
  const mean = profile.reduce((a, b) => a + b, 0) / profile.length;
  return profile.map((value) => value / mean);
}

const variation = (profile: Float32Array): number =>
  Math.sqrt(profile.reduce((sum, value) => sum + (value - 1) ** 2, 0) / profile.length);

/** Extremes of a profile that stand out from both neighbouring ones by so much: bend contours, bright or dark. */
export function contoursAlong(profile: ArrayLike<number>, prominence: number): number {
  let turns = 0;
  let [low, high] = [profile[0]!, profile[0]!];
  let rising: boolean | undefined;
  for (let i = 1; i < profile.length; i++) {
    const value = profile[i]!;
    low = Math.min(low, value);
    high = Math.max(high, value);
    if (rising !== true && value > low + prominence) {
      if (rising === false) turns++;
      [rising, high] = [true, value];
    } else if (rising !== false && value < high - prominence) {
      if (rising === true) turns++;
      [rising, low] = [false, value];
    }
    if (rising === true) low = value;
    if (rising === false) high = value;
    if (rising === true) high = Math.max(high, value);
    if (rising === false) low = Math.min(low, value);
  }
  return turns;
}

export function claims(seen: readonly Seen[]): Claim[] {
  const [still, precessed] = seen;
  const [a, b] = seen.map(coreProfile);
  const [spread, less] = [a, b].map((profile) => profile && variation(profile));
  const [turns, fewer] = [a, b].map((profile) => profile && contoursAlong(profile, 0.2));
  const onlyOne = "This scan has one precession angle only.";
  const angles = ({ laue }: Seen): string =>
    laue.every((centre) => centre === undefined)
      ? "–"
      : `${laue.map((centre) => shown(radiusOf(centre), 2)).join(", ")} mrad`;
  const unknown = still!.laue.some(Boolean)
    ? "What it should be depends on how this scan was recorded, which the file does not say."
    : "Without a calibration in 1/Å the angle of the Laue circle cannot be measured.";
  return [
    {
      claim:
        "Without precession the dark-field image shows numerous bend contours; with 35 mrad its intensity varies less",
      expected:
        "along the wire's middle, the relative standard deviation with precession is at most half of that without",
      measured: precessed
        ? `${percent(spread!, 0)} without, ${percent(less!, 0)} with precession`
        : percent(spread!, 0),
      holds: precessed ? less! <= spread! / 2 : null,
      ...(precessed ? {} : { reason: onlyOne }),
    },
    {
      claim: "The variation is less complex with precession",
      expected: "fewer extremes along the wire that stand out by 20 % of the mean, and at least 3 without precession",
      measured: precessed ? `${turns} without, ${fewer} with precession` : String(turns),
      holds: precessed ? turns! >= 3 && fewer! < turns! : null,
      ...(precessed
        ? turns! < 3
          ? { reason: "The wire bends in one plane here, so contours are few and broad." }
          : {}
        : { reason: onlyOne }),
    },
    {
      claim:
        "Without precession a Laue circle of about 24 mrad is seen at one end (i), and the zone axis is near at the other (iii)",
      expected: "Laue circle fitted to the spots: 24 ± 4 mrad at i, below 5 mrad at iii",
      measured: `${angles(still!)} at i, ii, iii`,
      holds:
        precessed && still!.laue.every(Boolean)
          ? Math.abs(radiusOf(still!.laue[0]) - 24) <= 4 && radiusOf(still!.laue[2]) < 5
          : null,
      ...(precessed ? {} : { reason: unknown }),
    },
    {
      claim: "With 35 mrad, more than the bend, all patterns appear close to the zone axis",
      expected: "Laue circle below 6 mrad at i, ii and iii: a quarter of the bend",
      measured: angles(precessed ?? still!),
      holds: precessed ? precessed.laue.every((centre) => radiusOf(centre) < 6) : null,
      ...(precessed ? {} : { reason: unknown }),
    },
  ];
}

/** The film in the dark-field image: over vacuum, with and without it. */
export function filmContrast(darkFields: readonly Images[], { truth }: WireScan): Claim {
  const vacuum = item(truth!.abundances, 2);
  const film = item(truth!.abundances, 3);
  const most = film.reduce((a, b) => Math.max(a, b), 0);
  const contrasts = darkFields.map(({ values }) => {
    const meanOf = (wanted: (i: number) => boolean): number => {
      const chosen = [...values.keys()].filter(wanted);
      return chosen.reduce((sum, i) => sum + values[i]!, 0) / chosen.length;
    };
    const bare = meanOf((i) => vacuum[i]! > 0.999);
    const covered = meanOf((i) => film[i]! > 0.99 * most && vacuum[i]! > 0.999 * (1 - most));
    const wire = meanOf((i) => vacuum[i]! < 0.02);
    return Math.abs(covered - bare) / Math.abs(wire - bare);
  });
  return {
    claim: "The carbon film is just visible in the dark-field images as a small variation in intensity",
    expected: "between 0.5 and 20 % of the wire's contrast",
    measured:
      contrasts.map((value) => percent(value)).join(" without and ") + (contrasts.length > 1 ? " with precession" : ""),
    holds: contrasts.every((value) => value > 0.005 && value < 0.2),
  };
}
