import { heatmap, patternDisplay } from "../figures/heatmap.ts";
import { below, beside, lettered, type Panel } from "../figures/panel.ts";
import { element, text } from "../figures/svg.ts";
import { reflections } from "../imaging/apertures.ts";
import { regionMeanPattern } from "../imaging/mean-pattern.ts";
import { virtualImages } from "../imaging/virtual-image.ts";
import { area, type Images, images, item, type Patterns } from "../scan/scan.ts";
import { electronWavelength } from "../simulate/precession.ts";
import { claims, filmContrast, radiusOf } from "./fig1-claims.ts";
import { wholeFigure } from "./layout.ts";
import { acrossWire, onWire } from "./on-wire.ts";
import { type Drawing, type Reproduction, shown, type Tools } from "./reproduction.ts";
import type { WireScan } from "./wire-scans.ts";
import { brightestSpots, heightsIn, innermostSpots, laueCircle, quantile, type Spot } from "./wire-spots.ts";

/** A scan seen through the {111} reflections, and its patterns at three places along the wire. */
export interface Seen {
  readonly wire: WireScan;
  readonly title: string;
  readonly darkField: Images;
  readonly disks: readonly Spot[];
  readonly places: readonly (readonly [row: number, column: number])[];
  readonly patterns: Patterns;
  /** Centre of the Laue circle at each place [mrad]; undefined without calibration. */
  readonly laue: readonly (readonly [row: number, column: number] | undefined)[];
  /** px per mrad. */
  readonly perMrad: number;
}

/** Fig 1: bend contours without precession, and far fewer with it. */
export async function fig1(tools: Tools): Promise<Omit<Reproduction, "seconds">> {
  const { wires } = tools;
  const seen = wires.own
    ? [await look(await wires.of({}), "this scan")]
    : await (async () => {
        const precessed = await look(await wires.of({ precession: 35 }), "35 mrad");
        return [await look(await wires.of({ precession: 0 }), "no precession", precessed), precessed];
      })();
  const film =
    seen[0]!.wire.truth &&
    filmContrast(
      seen.map(({ darkField }) => darkField),
      seen[0]!.wire,
    );

  return {
    name: "fig1",
    title: "Bend contours, with and without precession",
    about: [
      ...(wires.own
        ? [
            "Virtual dark-field image of this scan through the innermost reflections, for a face-centred crystal near ⟨110⟩ its {111}, and patterns at three places along the wire.",
          ]
        : [
            "Virtual dark-field images of a twinned GaAs nanowire through its {111} reflections, and single patterns at three places. The wire bends over the field of view; precession by more than the bend integrates over it.",
            simulatedWire,
          ]),
    ],
    figure: drawn(seen),
    claims: [...claims(seen), ...(film === undefined ? [] : [film])],
    parameters: wireParameters(seen[0]!.wire, tools.seed, [
      [
        "dark field",
        `disks of ${shown(diskRadius(seen[0]!.wire))} px on the ${seen[0]!.disks.length} innermost reflections of the mean pattern`,
      ],
    ]),
  };
}

export const simulatedWire =
  "The wire is simulated: kinematical intensities from excitation errors over the precession circle and the convergent beam, a hexagonal cross-section, Σ3 twins, 24 mrad of bend, carbon film under its lower edge, and an 8-bit camera with readout noise.";

export function wireParameters(
  { source, options, radius, truth }: WireScan,
  seed: number,
  more: readonly (readonly [string, string | number])[] = [],
): (readonly [string, string | number])[] {
  return [
    [
      "scan",
      `${source.positions.join(" × ")} positions, ${source.pixels.join(" × ")} px after alignment, ${source.dtype}`,
    ],
    ...Object.entries(source.metadata).filter(([name]) => name !== "precession [mrad]"),
    ...(truth ? ([["wire", options?.tilt ? `tilted by ${options.tilt}° from [1-10]` : "near [1-10]"]] as const) : []),
    ["direct beam", `aligned by whole pixels, radius ${shown(radius)} px`],
    ...more,
    ["seed", seed],
  ];
}

const diskRadius = ({ radius }: WireScan): number => Math.max(1.5, radius + 0.5);

/**
 * @param lit  the same wire with all reflections lit: what is bright there and dark here says where the Laue circle is not
 */
async function look(wire: WireScan, title: string, lit?: Seen): Promise<Seen> {
  const { scan, centre } = wire;
  const bright = await regionMeanPattern(scan, onWire(wire));
  const spots = brightestSpots(item(bright, 0), bright.size, wire, 60);
  const disks = innermostSpots(spots.slice(0, 12), centre);
  const darkField = await virtualImages(scan, [
    reflections(
      bright.size,
      disks.map(({ row, column }) => [row, column, diskRadius(wire)]),
    ),
  ]);
  const places = alongWire(wire);
  // Means of 3 × 3 positions: a single pattern of a camera is noisy.
  const regions = images(scan.positions, new Float32Array(3 * area(scan.positions)));
  const [rows, columns] = scan.positions;
  for (const [k, [row, column]] of places.entries()) {
    for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r++) {
      for (let c = Math.max(0, column - 1); c <= Math.min(columns - 1, column + 1); c++)
        regions.values[(k * rows + r) * columns + c] = 1;
    }
  }
  const patterns = await regionMeanPattern(scan, regions);
  const step = wire.source.axes.pixels[0];
  const energy = Number(wire.source.metadata["beam energy [keV]"] ?? 300) * 1000;
  const perPixel = Math.abs(step.step) * electronWavelength(energy) * 1000;
  const laue = places.map((_, k) => {
    if (step.unit !== "1/Å") return undefined;
    const usual = lit ? spotsFrom(lit, k, wire) : spots;
    return laueCircle(
      heightsIn(item(patterns, k), patterns.size, usual, wire.radius),
      usual,
      centre,
      Math.abs(step.step),
      electronWavelength(energy),
    );
  });
  return { wire, title, darkField, disks, places, patterns, laue, perMrad: 1 / perPixel };
}

/** The spots of another scan's pattern at the same place, where they lie in this one. */
function spotsFrom({ patterns, wire: other }: Seen, k: number, { centre }: WireScan): Spot[] {
  const [down, right] = [centre[0] - other.centre[0], centre[1] - other.centre[1]];
  return brightestSpots(item(patterns, k), patterns.size, other, 60).map(({ row, column, height }) => ({
    row: row + down,
    column: column + right,
    height,
  }));
}

/** Three positions in the middle of the wire: near both ends of the field along it, and between. */
function alongWire(wire: WireScan): (readonly [number, number])[] {
  const columns = wire.scan.positions[1];
  const { sections } = acrossWire(wire);
  return [0.94, 0.5, 0.06].map((part) => {
    const section = sections[Math.round(part * (sections.length - 1))]!;
    const mean = (of: (i: number) => number): number =>
      Math.round(section.reduce((sum, i) => sum + of(i), 0) / section.length);
    return [mean((i) => Math.floor(i / columns)), mean((i) => i % columns)] as const;
  });
}

function drawn(seen: readonly Seen[]): Drawing {
  const names = ["i", "ii", "iii"];
  const column = ({ wire, title, darkField, disks, places, patterns, laue, perMrad }: Seen): Panel => {
    const marks = (perColumn: number, perRow: number): string =>
      places
        .map(([row, at], k) => {
          const [x, y] = [(at + 0.5) * perColumn, (row + 0.5) * perRow];
          return (
            element("circle", { cx: x, cy: y, r: 9, fill: "#ffd54f", stroke: "#000", "stroke-width": 1 }) +
            text(names[k]!, { x, y: y + 4, "text-anchor": "middle", "font-size": 12, "font-weight": 600, fill: "#000" })
          );
        })
        .join("") + (wire.truth ? filmEdge(wire, perColumn, perRow) : "");
    const circles =
      (k: number) =>
      (perColumn: number, perRow: number): string =>
        laueCircleDrawn(wire, laue[k], perMrad, perColumn) +
        disks
          .map(({ row, column: at }) =>
            element("circle", {
              cx: (at + 0.5) * perColumn,
              cy: (row + 0.5) * perRow,
              r: (diskRadius(wire) + 0.5) * perColumn,
              fill: "none",
              stroke: "#4dd0e1",
              "stroke-width": 1.3,
            }),
          )
          .join("");
    return below(
      [
        heatmap(darkField.values, darkField.size, {
          title: wire.truth ? `Dark field through {111}, ${title}` : "Dark field through the innermost reflections",
          axes: wire.source.axes.positions,
          box: [460, 240],
          map: "grey",
          percentiles: [0.2, 99.8],
          overlay: marks,
        }),
        beside(
          [2, 1, 0].map((k) =>
            heatmap(item(patterns, k), patterns.size, {
              title: names[k]!,
              axes: wire.source.axes.pixels,
              box: [128, 128],
              display: patternDisplay,
              range: [quantile(item(patterns, k), 0.2), quantile(item(patterns, k), 0.9985)],
              overlay: circles(k),
            }),
          ),
          8,
        ),
      ],
      10,
    );
  };
  return {
    svg: wholeFigure(
      [
        beside(
          seen.map((one, i) => (seen.length > 1 ? lettered("ab"[i]!, column(one)) : column(one))),
          30,
        ),
      ],
      "Figure 1",
      "Dark-field images of a bent nanowire through its {111} reflections and patterns at three places: with bend contours without precession, even with it.",
    ),
    caption: `${seen.length > 1 ? "a Without precession. b With 35 mrad precession. " : ""}Above: virtual dark field, summed over the circled ${seen[0]!.wire.truth ? "{111}" : "innermost"} reflections. Below: patterns at the marked places, means of 3 × 3 positions, gamma 0.4; dashed: fitted Laue circle.${seen[0]!.wire.truth ? " Red dashes: edge of the carbon film." : ""}`,
  };
}

/** The fitted Laue circle, where it is large enough to be one. */
function laueCircleDrawn(
  { centre }: WireScan,
  laue: readonly [number, number] | undefined,
  perMrad: number,
  scale: number,
): string {
  if (laue === undefined || radiusOf(laue) < 6) return "";
  return element("circle", {
    cx: (centre[1] + 0.5 + laue[1] * perMrad) * scale,
    cy: (centre[0] + 0.5 + laue[0] * perMrad) * scale,
    r: radiusOf(laue) * perMrad * scale,
    fill: "none",
    stroke: "#fff",
    "stroke-width": 1,
    "stroke-dasharray": "3 3",
  });
}

/** The edge of the film, where it covers half. */
function filmEdge({ truth, scan }: WireScan, perColumn: number, perRow: number): string {
  const film = item(truth!.abundances, 3);
  const most = film.reduce((a, b) => Math.max(a, b), 0);
  const [rows, columns] = scan.positions;
  let d = "";
  for (let c = 0; c < columns; c++) {
    let row = 0;
    while (row < rows && film[row * columns + c]! < most / 2) row++;
    if (most > 0 && row < rows) d += `${d === "" ? "M" : "L"}${(c + 0.5) * perColumn},${row * perRow}`;
  }
  return d === ""
    ? ""
    : element("path", { d, fill: "none", stroke: "#ff3b30", "stroke-width": 1.5, "stroke-dasharray": "5 4" });
}
