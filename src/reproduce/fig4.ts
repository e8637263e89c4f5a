import { below, beside, figure, lettered, type Panel } from "../figures/panel.ts";
import { type Curve, profilePanel } from "../figures/profile-plot.ts";
import { element } from "../figures/svg.ts";
import { reflections } from "../imaging/apertures.ts";
import { lineProfile } from "../imaging/line-profile.ts";
import { virtualImages } from "../imaging/virtual-image.ts";
import { type Images, item, type Patterns } from "../scan/scan.ts";
import type { BentNanowireOptions } from "../simulate/bent-nanowire.ts";
import { boundaryLine } from "./boundary-line.ts";
import { wireParameters } from "./fig1.ts";
import { claims, type Profiles, unitRange } from "./fig4-claims.ts";
import { colours, mapRow, patternRow, wholeFigure } from "./layout.ts";
import { learnedFromWire, unmixedCaption } from "./learned-wire.ts";
import { type Reproduction, shown, type Tools } from "./reproduction.ts";
import { type Spot, spotsOnlyIn } from "./wire-spots.ts";

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
      `${wires.own ? "This scan across the boundary of its two crystals, where they are mixed most." : "The wire tilted by about 30° away from [1-10], so that the twin boundary is oblique to the beam and both twins overlap in projection; 18 mrad of precession."} Profiles run along the red line, averaged over 3 positions.`,
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
