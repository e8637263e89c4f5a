import { heatmap, patternDisplay } from "../figures/heatmap.ts";
import { below, beside, figure, lettered, type Panel } from "../figures/panel.ts";
import { profilePanel } from "../figures/profile-plot.ts";
import { area, item, type Patterns } from "../scan/scan.ts";
import { readPatterns } from "../scan/source.ts";
import { type BicrystalOptions, simulateBicrystal } from "../simulate/bicrystal.ts";
import { type Angle, claims } from "./fig7-claims.ts";
import { colours, patternRow, wholeFigure } from "./layout.ts";
import { learnedFromModel, mapError } from "./learned-model.ts";
import { percent, type Reproduction, shown, type Tools, withScan } from "./reproduction.ts";

/**
 * What the paper says that can be true at once, as docs/methods/dynamical-simulation.md decides it: the boundary's normal at 54.7° to the beam,
 * {660} of one twin on {282} of the other, 54.6 nm. Both twins cannot be near ⟨511⟩ then: they are on [001] and [22-1].
 */
const declared: Omit<BicrystalOptions, "precession"> = { beam: [0, 0, 1], thickness: 54.6, positions: [1, 41] };

/**
 * Fig 7: dynamical simulation of a line scan across an inclined twin boundary, with three precession angles.
 *
 * @param model  options of the simulation in place of the defaults
 */
export async function fig7(
  { seed, rocked, ...tools }: Tools,
  model: Omit<BicrystalOptions, "precession"> = {},
): Promise<Omit<Reproduction, "seconds">> {
  const { signal, onProgress } = tools;
  const angles: Angle[] = [];
  for (const [i, precession] of [0, 10, 20].entries()) {
    // The first angle is one beam only.
    const before = [0, 0.02, 0.48][i]!;
    const simulated = await simulateBicrystal(
      { ...declared, ...model, precession },
      {
        ...(signal && { signal }),
        ...(rocked && { rocked }),
        onProgress: (stage, done) => onProgress?.(stage, before + (i === 0 ? 0.02 : 0.46) * done),
      },
    );
    onProgress?.("learn", 0.95);
    const learned = await withScan(tools, simulated.source, (scan) => learnedFromModel(scan, simulated.truth, seed));
    const middle = await readPatterns(simulated.source, Math.floor(area(simulated.source.positions) / 2), 1);
    angles.push({ precession, ...simulated, learned, middle: Float32Array.from(middle) });
  }
  const last = angles[2]!;
  const { parameters, truth, source } = last;
  const axes = source.axes;
  const { nmf, fcm } = last.learned;
  const row = (patterns: Patterns, titles: readonly string[]): Panel =>
    patternRow(patterns, { axes, titles, box: [150, 150], brightest });

  return {
    name: "fig7",
    title: "Dynamical diffraction: what precession does to mixing",
    about: [
      `Multislice simulation of a line scan across an inclined Σ3 twin boundary in GaAs, ${parameters.thickness} nm thick, with precession of 0, 10 and 20 mrad over ${parameters.azimuths} azimuths; patterns of ${parameters.pixels.join(" × ")} pixels in 16 bits. Linear methods assume that intensities add up with thickness; without precession dynamical scattering makes them rise and fall instead.`,
      `The paper's geometry contradicts itself, so a consistent one is declared: the beam along [${parameters.beam.join(" ")}] of the upper crystal and [22-1] of its twin, the boundary's normal at 54.7° (the paper has 55°), {660} of one crystal on {282} of the other and ${parameters.thickness} nm, as the paper says. Both crystals cannot be near ⟨511⟩ then; with one of them exactly on it, precession suppresses the modulation less.`,
    ],
    figure: {
      svg: wholeFigure(
        [
          lettered(
            "a",
            beside(
              [row(truth.patterns, ["First crystal, 20 mrad", "Second crystal, 20 mrad"]), middlePattern(last)],
              14,
            ),
          ),
          lettered(
            "b",
            beside(
              [
                row(nmf.factors, ["NMF factor 1, 20 mrad", "NMF factor 2, 20 mrad"]),
                profiles(angles, "NMF loading", ({ learned }) => learned.nmf.loadings),
              ],
              18,
            ),
          ),
          lettered(
            "c",
            beside(
              [
                row(fcm.centres, ["Centre 1, 20 mrad", "Centre 2, 20 mrad"]),
                profiles(angles, "membership", ({ learned }) => learned.fcm.memberships),
              ],
              18,
            ),
          ),
        ],
        "Figure 7",
        "Dynamically simulated patterns across a twin boundary, and NMF and clusters at three precession angles: profiles rise and fall without precession, and rise evenly with it.",
      ),
      caption: `a Patterns of both crystals at full thickness and of the middle of the boundary, 20 mrad. b NMF factors at 20 mrad and loadings at all three angles, scaled to a maximum of 1. c Cluster centres and memberships. Blue: first crystal, orange: second; dashed: true part of the thickness. Patterns with gamma 0.4, so that ${brightest} % of the pixels are not cut off; the direct beam is.`,
    },
    claims: claims(angles),
    unmixed: {
      svg: figure(
        below(
          [
            row(last.learned.unmix.factors, ["Unmixed 1, 20 mrad", "Unmixed 2, 20 mrad"]),
            profiles(angles, "part", ({ learned }) => learned.unmix.loadings),
          ],
          14,
        ),
        {
          title: "Unmixing of the same data",
          description: "Patterns at 20 mrad and parts at three precession angles.",
        },
      ),
      caption: `Unmixing of the same data: maps differ from the true parts of the thickness by ${angles
        .map(
          ({ precession, learned, truth }) =>
            `${shown(mapError(learned.unmix.loadings, truth.abundances), 2)} at ${precession} mrad`,
        )
        .join(
          ", ",
        )} (root mean square). What dynamical scattering makes of thickness no linear method can undo; precession can. ${last.learned.unmix.method}`,
    },
    parameters: [
      ["crystal", parameters.crystal.name],
      ["beam, twin plane", `[${parameters.beam.join(" ")}], (${parameters.twinPlane.join(" ")})`],
      ["thickness", `${parameters.thickness} nm, slices of ${parameters.slice} Å`],
      ["positions", `${parameters.positions.join(" × ")}, ${percent(parameters.mixed, 0)} of them over the boundary`],
      ["azimuths", parameters.azimuths],
      ["beam energy", `${parameters.energy / 1000} keV`],
      ["potential", `|g| up to ${parameters.reach} Å⁻¹`],
      [
        "detector",
        `${parameters.pixels.join(" × ")} px of ${parameters.step} Å⁻¹, Gaussian of σ = ${parameters.spread} px, ${parameters.dtype}`,
      ],
      ["NMF, clustering", "2 components, 2 clusters; as in Fig 5"],
      ["seed", seed],
      [
        "not stated in the paper",
        "voltage, potentials, sampling, number of positions and of components, σ or width of the kernel",
      ],
    ],
  };
}

/** The direct beam outshines everything else. */
const brightest = 99.7;

const middlePattern = ({ source, middle }: Angle): Panel =>
  heatmap(middle, source.pixels, {
    title: "Middle of the boundary",
    axes: source.axes.pixels,
    box: [150, 150],
    display: patternDisplay,
    percentiles: [0, brightest],
  });

/** Profiles of both crystals at each angle, one plot beside the other. */
function profiles(
  angles: readonly Angle[],
  ordinate: string,
  of: (angle: Angle) => Angle["truth"]["abundances"],
): Panel {
  return beside(
    angles.map((angle, i) =>
      profilePanel({
        curves: [
          ...[0, 1].map((k) => ({
            label: "true",
            values: item(angle.truth.abundances, k),
            colour: colours.truth,
            mark: "dashes" as const,
          })),
          ...[0, 1].map((k) => ({
            label: `crystal ${k + 1}`,
            values: item(of(angle), k),
            colour: k === 0 ? colours.first : colours.second,
          })),
        ],
        step: 1,
        unit: "positions",
        abscissa: `${angle.precession} mrad; distance`,
        ordinate: i === 0 ? ordinate : " ",
        size: [190, 150],
        limits: [0, 1.08],
        key: "none",
      }),
    ),
    6,
  );
}
