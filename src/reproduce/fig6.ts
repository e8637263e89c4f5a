import { scatterPanel } from "../figures/loadings-scatter.ts";
import { below, beside, figure, lettered } from "../figures/panel.ts";
import { highContrastCMeans } from "../learn/high-contrast-c-means.ts";
import { unmix } from "../learn/unmix.ts";
import { item } from "../scan/scan.ts";
import { type InclinedBoundaryOptions, simulateInclinedBoundary } from "../simulate/inclined-boundary.ts";
import { leftover } from "./fig5-claims.ts";
import { patternsAndProfiles, wholeFigure } from "./layout.ts";
import { learnedFromModel, mapError, parametersOf, patternErrors } from "./learned-model.ts";
import { angle, matched, reordered } from "./matching.ts";
import { type Claim, percent, type Reproduction, shown, type Tools, withScan } from "./reproduction.ts";

const model: InclinedBoundaryOptions = { arrangement: "contained" };

/** Fig 6: one pattern contained in the other. NMF splits into common and unique; cluster centres stay close to the truth. */
export async function fig6({ seed, ...tools }: Tools): Promise<Omit<Reproduction, "seconds">> {
  const { source, truth } = simulateInclinedBoundary(model);
  const { learned, contrast, vertices } = await withScan(tools, source, async (scan) => {
    const learned = await learnedFromModel(scan, truth, seed);
    return {
      learned,
      contrast: await highContrastCMeans(scan, { svd: learned.found, clusters: 2, seed }),
      vertices: await unmix(scan, { components: 2, seed, geometry: "vertex-component-analysis" }),
    };
  });
  const { nmf, fcm, found, unmix: unmixed } = learned;
  const axes = source.axes;
  const positions = source.positions[0] * source.positions[1];

  return {
    name: "fig6",
    title: "Artefacts on a model: one pattern contained in the other",
    about: [
      "The model of Fig 5, but now all peaks of the first crystal are also peaks of the second, as where crystals share an orientation relationship. The first pattern holds nothing that the second has not.",
    ],
    figure: {
      svg: wholeFigure(
        [
          beside(
            [
              below(
                [
                  lettered(
                    "a",
                    patternsAndProfiles(truth.patterns, truth.abundances, undefined, {
                      axes,
                      titles: ["First crystal", "Second crystal"],
                      ordinate: "relative thickness",
                    }),
                  ),
                  lettered(
                    "b",
                    patternsAndProfiles(nmf.factors, nmf.loadings, truth.abundances, {
                      axes,
                      titles: ["NMF factor 1", "NMF factor 2"],
                      ordinate: "NMF loading",
                    }),
                  ),
                  lettered(
                    "c",
                    patternsAndProfiles(fcm.centres, fcm.memberships, truth.abundances, {
                      axes,
                      titles: ["Cluster centre 1", "Cluster centre 2"],
                      ordinate: "membership",
                    }),
                  ),
                ],
                22,
              ),
              lettered(
                "d",
                scatterPanel(
                  {
                    coordinates: [item(found.loadings, 0), item(found.loadings, 1)],
                    labels: Uint8Array.from({ length: positions }, (_, i) =>
                      fcm.memberships.values[positions + i]! > fcm.memberships.values[i]! ? 1 : 0,
                    ),
                    centres: fcm.loadingCentres,
                    fuzzifier: fcm.fuzzifier,
                  },
                  [0, 1],
                  [260, 330],
                ),
              ),
            ],
            26,
          ),
        ],
        "Figure 6",
        "Model of two crystals of which one pattern is contained in the other; NMF splits them into common and unique peaks, cluster centres resemble the true patterns.",
      ),
      caption:
        "a The model: patterns and relative thickness. b Two-component NMF. c Fuzzy c-means with two clusters. d The positions in the plane of the two SVD loadings, coloured by cluster; crosses: cluster centres, off the ends of the line where the pure positions lie; lines: memberships of 0.5 (thin), 0.7 and 0.9 (thick). Dashed: truth.",
    },
    claims: [...claims(learned, truth), ...remedies(truth, contrast, vertices)],
    unmixed: {
      svg: figure(
        patternsAndProfiles(unmixed.factors, unmixed.loadings, truth.abundances, {
          axes,
          titles: ["Unmixed pattern 1", "Unmixed pattern 2"],
          ordinate: "part",
        }),
        {
          title: "Unmixing of the same data",
          description: "Patterns and maps of identifiable unmixing lie on the truth.",
        },
      ),
      caption: `Unmixing of the same data: maps differ from the truth by ${shown(mapError(unmixed.loadings, truth.abundances))} (root mean square), patterns by ${patternErrors(unmixed.factors, truth.patterns)}. ${unmixed.method}`,
    },
    parameters: parametersOf(source, seed),
  };
}

type Learned = Awaited<ReturnType<typeof learnedFromModel>>;
type Truth = ReturnType<typeof simulateInclinedBoundary>["truth"];

function claims({ nmf, fcm }: Learned, truth: Truth): Claim[] {
  const common = item(truth.patterns, 0);
  const unique = item(truth.patterns, 1).map((value, i) => value - common[i]!);
  const inNmf = [0, 1].map((k) => leftover(item(nmf.factors, k), unique, common));
  const [commonFactor, uniqueFactor] = inNmf[0]! < inNmf[1]! ? [0, 1] : [1, 0];
  const angles = {
    nmf: [0, 1].map((k) => angle(item(nmf.factors, k), item(truth.patterns, k))),
    fcm: [0, 1].map((k) => angle(item(fcm.centres, k), item(truth.patterns, k))),
  };
  const loading = item(nmf.loadings, commonFactor);
  const thickness = item(truth.abundances, 1);
  const pure = [item(fcm.memberships, 0)[thickness.indexOf(0)]!, item(fcm.memberships, 1)[thickness.indexOf(1)]!];
  const least = fcm.memberships.values.reduce((a, b) => Math.min(a, b), 1);
  const offset = Math.max(
    leftover(item(fcm.centres, 0), item(truth.patterns, 1), common),
    leftover(item(fcm.centres, 1), common, item(truth.patterns, 1)),
  );
  const listed = (values: readonly number[]): string => values.map((value) => `${shown(value, 2)}°`).join(" and ");
  return [
    {
      claim: "NMF yields one factor with the common reflections and one with those unique to one end member",
      expected: "below 1 % of the unique peaks in the one, above 99 % in the other",
      measured: `${percent(inNmf[commonFactor]!)} and ${percent(inNmf[uniqueFactor]!)}`,
      holds: inNmf[commonFactor]! < 0.01 && inNmf[uniqueFactor]! > 0.99,
    },
    {
      claim: "That split can be interpreted but is not physical",
      expected:
        "the loading of the common factor is the same everywhere (within 1 %) while the crystal's thickness goes from all to nothing",
      measured: `loading from ${shown(Math.min(...loading))} to ${shown(Math.max(...loading))}`,
      holds: Math.max(...loading) - Math.min(...loading) < 0.01,
    },
    {
      claim: "The intensity of shared peaks is unreliable in NMF factors",
      expected: "the common peaks, all of the second crystal's, are missing from one factor (below half)",
      measured: `${percent(1 - inNmf[uniqueFactor]!)} of that factor is common peaks; truth 50 %`,
      holds: 1 - inNmf[uniqueFactor]! < 0.25,
    },
    {
      claim: "Cluster centres resemble the true end members much more closely than NMF components do",
      expected: "the worse centre is at most a quarter as far off as the worse factor",
      measured: `centres ${listed(angles.fcm)} off, factors ${listed(angles.nmf)}`,
      holds: Math.max(...angles.fcm) <= Math.max(...angles.nmf) / 4,
    },
    {
      claim: "Pure phases have a membership of around 99 %",
      expected: "98.5 to 99.5 %",
      measured: pure.map((value) => percent(value, 2)).join(" and "),
      holds: pure.every((value) => value >= 0.985 && value <= 0.995),
      reason: "The number follows from the part of mixed positions, which the paper does not state: 45 % here.",
    },
    {
      claim: "That is because the cluster centre is offset from the pure positions by the mixed data",
      expected: "the centre lies inwards by δ, and (1 − δ)² ÷ ((1 − δ)² + δ²) is the pure membership (within 0.1 %)",
      measured: `δ = ${shown(offset)}, which gives ${percent(membershipAt(offset), 2)}`,
      holds: Math.abs(membershipAt(offset) - Math.max(...pure)) < 1e-3,
    },
    {
      claim: "Memberships extend across all the data, if with vanishingly small values",
      expected: "no membership is 0",
      measured: `smallest ${shown(least)}`,
      holds: least > 0,
    },
  ];
}

/** Membership of fuzzifier 2 at an end, where the own centre is δ away and the other 1 − δ. */
const membershipAt = (offset: number): number => (1 - offset) ** 2 / ((1 - offset) ** 2 + offset ** 2);

function remedies(
  truth: Truth,
  contrast: Awaited<ReturnType<typeof highContrastCMeans>>,
  vertices: Awaited<ReturnType<typeof unmix>>,
): Claim[] {
  const thickness = item(truth.abundances, 1);
  const order = matched(truth.abundances, contrast.memberships);
  const sharp = item(reordered(contrast.memberships, order), 1)[thickness.indexOf(1)]!;
  const ends = matched(truth.abundances, vertices.loadings);
  const error = mapError(reordered(vertices.loadings, ends), truth.abundances);
  const angles = [0, 1].map((k) => angle(item(reordered(vertices.factors, ends), k), item(truth.patterns, k)));
  return [
    {
      claim: "Extensions of the algorithm by Rousseeuw et al. may address this",
      expected: "high-contrast memberships of pure positions are 100 % (within 0.1 %)",
      measured: percent(sharp, 2),
      holds: sharp > 0.999,
      reason: "It makes pure positions pure, but the boundary narrower still.",
    },
    {
      claim: "So may geometric decompositions such as vertex component analysis",
      expected: "maps within 0.02 of the thickness (root mean square), patterns within 1°",
      measured: `${shown(error)}; ${angles.map((value) => `${shown(value, 2)}°`).join(" and ")}`,
      holds: error < 0.02 && angles.every((value) => value < 1),
    },
  ];
}
