import { below, beside, figure, lettered, type Panel } from "../figures/panel.ts";
import { type Curve, profilePanel } from "../figures/profile-plot.ts";
import { element } from "../figures/svg.ts";
import { reflections } from "../imaging/apertures.ts";
import { lineProfile } from "../imaging/line-profile.ts";
import { virtualImages } from "../imaging/virtual-image.ts";
import { type Images, item, type Patterns } from "../scan/scan.ts";
import type { BentNanowireOptions } from "../simulate/bent-nanowire.ts";
import { boundaryLine } from "./boundary-line.ts";
import { boundaryWidth } from "./boundary-width.ts";
import { wireParameters } from "./fig1.ts";
import { correlation } from "./fig2.ts";
import { type LearnedWire, learnedFromWire, unmixedCaption } from "./fig3.ts";
import { colours, mapRow, patternRow, wholeFigure } from "./layout.ts";
import { rmsDifference } from "./matching.ts";
import { type Claim, percent, type Reproduction, shown, type Tools } from "./reproduction.ts";
import type { WireScan } from "./wire-scans.ts";
import { directBeamShare, type Spot, spotsOnlyIn } from "./wire-spots.ts";

/** The wire of Figs 1–3 nearer by, tilted so that both twins are at a ⟨311⟩ zone axis and overlap where they meet. */
const tilted: BentNanowireOptions = {
  positions: [26, 44],
  precession: 18,
  tilt: 31.5,
  boundaries: [0],
  bend: 12,
  misorientation: 0,
};

/** Radius of the dark-field aperture, px: 4 px in diameter. */
const aperture = 2;

/** Profiles of two twins and the background along one line. */
type Profiles = readonly [Float32Array, Float32Array, Float32Array];

/** Fig 4: a twin boundary at an oblique angle: dark field, NMF and clusters along a line across it. */
export async function fig4({ wires, seed, onProgress }: Tools): Promise<Omit<Reproduction, "seconds">> {
  const wire = await wires.of(tilted);
  onProgress?.("learn", 0.4);
  const learned = await learnedFromWire(wire, seed);
  const { scan, source, truth } = wire;
  const { nmf, fcm, unmix } = learned;
  const spots = [
    spotsOnlyIn(item(fcm.centres, 0), item(fcm.centres, 1), scan.pixels, wire, 3),
    spotsOnlyIn(item(fcm.centres, 1), item(fcm.centres, 0), scan.pixels, wire, 3),
  ] as const;
  const darkField = await virtualImages(
    scan,
    spots.map((own) =>
      reflections(
        scan.pixels,
        own.map(({ row, column }) => [row, column, aperture]),
      ),
    ),
  );
  const { from, to } = boundaryLine(unmix.loadings, Math.min(11, Math.max(...scan.positions) / 3));
  const along = (stack: Images): Float32Array[] =>
    lineProfile(stack, from, to, { width: 3 }).values.map((values) => values);
  const profiles = {
    darkField: along(darkField).map(unitRange),
    nmf: along(nmf.loadings) as unknown as Profiles,
    fcm: along(fcm.memberships) as unknown as Profiles,
    unmix: along(unmix.loadings) as unknown as Profiles,
    truth: truth && (along(truth.abundances) as unknown as Profiles),
  };
  const axes = source.axes;
  const step = Math.hypot(to[0] - from[0], to[1] - from[1]) / (profiles.nmf[0].length - 1);
  const [size, unit] =
    axes.positions[0].unit === "px"
      ? [step, "positions"]
      : [step * Math.abs(axes.positions[0].step), axes.positions[0].unit];
  const line = (perColumn: number, perRow: number): string =>
    element("path", {
      d: `M${(from[1] + 0.5) * perColumn},${(from[0] + 0.5) * perRow}L${(to[1] + 0.5) * perColumn},${(to[0] + 0.5) * perRow}`,
      stroke: "#ff3b30",
      "stroke-width": 2,
    });
  const plot = (curves: readonly Curve[], ordinate: string): Panel =>
    profilePanel({ curves, step: size, unit, ordinate, size: [250, 150], limits: [0, 1.08], key: "none" });
  const three = ([first, second, background]: readonly Float32Array[]): Curve[] => [
    ...(background ? [{ label: "background", values: background, colour: colours.second }] : []),
    { label: "first twin", values: first!, colour: "#1c2430" },
    { label: "second twin", values: second!, colour: "#8b95a1" },
  ];
  const recoloured = (list: readonly Float32Array[]): Curve[] =>
    three(list).map((curve) => (curve.label === "background" ? { ...curve, colour: colours.first } : curve));
  const box = [150, 150] as const;
  const mapBox = [150, 110] as const;
  const row = (
    patterns: Patterns,
    maps: Images,
    names: readonly [string, string],
    curves: readonly Curve[],
    ordinate: string,
    circled?: typeof spots,
  ): Panel =>
    beside(
      [
        beside(
          [0, 1].map((k) =>
            below(
              [
                patternRow(
                  { ...patterns, count: 1, values: item(patterns, k) },
                  { axes, box, titles: [`${names[0]} ${k + 1}`], ...(circled && { overlay: circles(circled[k]!) }) },
                ),
                mapRow(
                  { ...maps, count: 1, values: item(maps, k) },
                  {
                    axes,
                    box: mapBox,
                    titles: [`${names[1]} ${k + 1}`],
                    overlay: line,
                    ...(circled ? {} : { range: [0, 1] as const }),
                  },
                ),
              ],
              8,
            ),
          ),
          14,
        ),
        plot(curves, ordinate),
      ],
      18,
    );

  return {
    name: "fig4",
    title: "Twins that overlap: dark field, NMF and clusters across an oblique boundary",
    about: [
      "The wire tilted by about 30° away from [1-10], so that the twin boundary is oblique to the beam and both twins overlap in projection; 18 mrad of precession. Profiles run along the red line, averaged over 3 positions.",
      ...(wires.own
        ? []
        : [
            "Simulated as Figs 1 to 3, tilted by 31.5°: then both twins have a ⟨311⟩ zone axis along the beam, and the boundary is as wide in projection as the wire's height times tan 31.5°.",
          ]),
    ],
    figure: {
      svg: wholeFigure(
        [
          lettered(
            "a",
            row(
              fcm.centres,
              darkField,
              ["Apertures, twin", "dark field"],
              recoloured(profiles.darkField),
              "dark field, normalised",
              spots,
            ),
          ),
          lettered(
            "b",
            row(nmf.factors, nmf.loadings, ["NMF factor", "loading"], recoloured(profiles.nmf), "NMF loading"),
          ),
          lettered(
            "c",
            row(fcm.centres, fcm.memberships, ["Cluster centre", "membership"], recoloured(profiles.fcm), "membership"),
          ),
        ],
        "Figure 4",
        "Two overlapping twins of a wire by dark field, NMF and clusters, each with profiles across their boundary.",
      ),
      caption:
        "a Dark field through the circled spots, which only one twin has (apertures 4 px in diameter, drawn on the cluster centres). b NMF factors and loadings. c Cluster centres and memberships. Profiles along the red lines: first twin black, second grey, background blue.",
    },
    claims: claims(wire, learned, profiles),
    unmixed: {
      svg: figure(
        beside(
          [
            row(unmix.factors, unmix.loadings, ["Unmixed pattern", "part"], recoloured(profiles.unmix), "part"),
            ...(profiles.truth ? [plot(recoloured(profiles.truth), "true part by thickness")] : []),
          ],
          18,
        ),
        {
          title: "Unmixing of the same data",
          description: "Whole patterns of both twins and their parts across the boundary.",
        },
      ),
      caption: unmixedCaption(wire, learned),
    },
    parameters: wireParameters(wire, seed, [
      ["dark field", "3 brightest spots that one twin has and the other lacks, apertures of radius 2 px"],
      ["NMF, clustering", "3 components, 3 clusters; as in Fig 3"],
      [
        "line",
        `from ${from.map((value) => shown(value)).join(", ")} to ${to.map((value) => shown(value)).join(", ")}, through where both twins are mixed most; 3 positions wide`,
      ],
      ["not stated in the paper", "numbers of components and clusters, width of the profiles, which spots"],
    ]),
  };
}

const circles =
  (spots: readonly Spot[]) =>
  (perColumn: number, perRow: number): string =>
    spots
      .map(({ row, column }) =>
        element("circle", {
          cx: (column + 0.5) * perColumn,
          cy: (row + 0.5) * perRow,
          r: (aperture + 1) * perColumn,
          fill: "none",
          stroke: "#4dd0e1",
          "stroke-width": 1.4,
        }),
      )
      .join("");

/** Values scaled so that their least is 0 and their most 1. */
function unitRange(values: Float32Array): Float32Array {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return values.map((value) => (most > least ? (value - least) / (most - least) : 0));
}

interface All {
  readonly darkField: readonly Float32Array[];
  readonly nmf: Profiles;
  readonly fcm: Profiles;
  readonly truth: Profiles | undefined;
}

function claims(wire: WireScan, { nmf, fcm, unmix }: LearnedWire, profiles: All): Claim[] {
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
      holds: widths.fcm < widths.darkField && widths.fcm < widths.nmf,
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
        : { reason: "Where the film's edge lies under the line is not stated in the paper; here it may miss it." }),
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
