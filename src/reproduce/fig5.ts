import { below, beside, figure, lettered } from "../figures/panel.ts";
import { fuzzyCMeans } from "../learn/fuzzy-c-means.ts";
import { nmf } from "../learn/nmf.ts";
import { svd } from "../learn/svd.ts";
import { unmix } from "../learn/unmix.ts";
import { item, type Scan } from "../scan/scan.ts";
import { type InclinedBoundaryOptions, simulateInclinedBoundary } from "../simulate/inclined-boundary.ts";
import { boundaryWidth } from "./boundary-width.ts";
import { bicrystalSchematic, patternsAndProfiles, wholeFigure } from "./layout.ts";
import { angle, matched, reordered, rmsDifference } from "./matching.ts";
import { type Claim, percent, type Reproduction, shown, type Tools, withScan } from "./reproduction.ts";

const model: InclinedBoundaryOptions = { arrangement: "separate" };

/** Everything that Figs 5 and 6 learn from a model scan, crystals in the order of the truth. */
export async function learnedFromModel(
  scan: Scan,
  truth: ReturnType<typeof simulateInclinedBoundary>["truth"],
  seed: number,
) {
  const found = await svd(scan, { components: 2, seed });
  const factorised = await nmf(scan, { components: 2, svd: found, seed });
  const clustered = await fuzzyCMeans(scan, { svd: found, clusters: 2, seed });
  const unmixed = await unmix(scan, { components: 2, seed });
  const inOrder = matched(truth.abundances, factorised.loadings);
  const clusters = matched(truth.abundances, clustered.memberships);
  const ends = matched(truth.abundances, unmixed.loadings);
  return {
    found,
    nmf: {
      ...factorised,
      factors: reordered(factorised.factors, inOrder),
      loadings: reordered(factorised.loadings, inOrder),
    },
    fcm: {
      ...clustered,
      centres: reordered(clustered.centres, clusters),
      memberships: reordered(clustered.memberships, clusters),
      // One centre a row, in the two loadings.
      loadingCentres: Float64Array.from(
        clusters.flatMap((c) => [0, 1].map((d) => clustered.loadingCentres[2 * c + d]!)),
      ),
    },
    unmix: { ...unmixed, factors: reordered(unmixed.factors, ends), loadings: reordered(unmixed.loadings, ends) },
  };
}

/** Fig 5: two patterns without overlap. NMF finds them exactly; clustering narrows the boundary. */
export async function fig5({ seed, ...tools }: Tools): Promise<Omit<Reproduction, "seconds">> {
  const { source, truth } = simulateInclinedBoundary(model);
  const learned = await withScan(tools, source, (scan) => learnedFromModel(scan, truth, seed));
  const embedded = simulateInclinedBoundary({ ...model, largest: 0.5 });
  const inside = await withScan(tools, embedded.source, (scan) => learnedFromModel(scan, embedded.truth, seed));
  const { nmf, fcm, unmix } = learned;
  const axes = source.axes;
  const mixed = Number(source.metadata.mixed);
  const titles = ["First crystal", "Second crystal"];

  return {
    name: "fig5",
    title: "Artefacts on a model: patterns without overlap",
    about: [
      "A line scan over the inclined boundary of two hypothetical crystals, whose patterns are square arrays of Gaussian peaks that share no pixel. Signal is proportional to thickness; there is no noise. What a method gets wrong here, it gets wrong by itself.",
    ],
    figure: {
      svg: wholeFigure(
        [
          beside(
            [
              lettered("a", bicrystalSchematic(mixed)),
              below(
                [
                  lettered(
                    "b",
                    patternsAndProfiles(truth.patterns, truth.abundances, undefined, {
                      axes,
                      titles,
                      ordinate: "relative thickness",
                    }),
                  ),
                  lettered(
                    "c",
                    patternsAndProfiles(nmf.factors, nmf.loadings, truth.abundances, {
                      axes,
                      titles: ["NMF factor 1", "NMF factor 2"],
                      ordinate: "NMF loading",
                    }),
                  ),
                  lettered(
                    "d",
                    patternsAndProfiles(fcm.centres, fcm.memberships, truth.abundances, {
                      axes,
                      titles: ["Cluster centre 1", "Cluster centre 2"],
                      ordinate: "membership",
                    }),
                  ),
                ],
                22,
              ),
            ],
            26,
          ),
        ],
        "Figure 5",
        "Model of two crystals with an inclined boundary; patterns and profiles found by NMF, which are the true ones, and by fuzzy clustering, whose boundary is narrower.",
      ),
      caption:
        "a The model: two crystals, boundary inclined to the beam. b Their patterns and relative thickness along the scan. c Two-component NMF. d Fuzzy c-means with two clusters: centres (weighted mean patterns) and memberships. Dashed: truth. Blue: first crystal, orange: second.",
    },
    claims: [...claims(learned, truth), embeddedClaim(inside, embedded.truth)],
    unmixed: {
      svg: figure(
        patternsAndProfiles(unmix.factors, unmix.loadings, truth.abundances, {
          axes,
          titles: ["Unmixed pattern 1", "Unmixed pattern 2"],
          ordinate: "part",
        }),
        {
          title: "Unmixing of the same data",
          description: "Patterns and maps of identifiable unmixing lie on the truth.",
        },
      ),
      caption: `Unmixing of the same data: maps differ from the truth by ${shown(mapError(unmix.loadings, truth.abundances))} (root mean square), patterns by ${patternErrors(unmix.factors, truth.patterns)}. ${unmix.method}`,
    },
    parameters: parametersOf(source, seed),
  };
}

type Learned = Awaited<ReturnType<typeof learnedFromModel>>;
type Truth = ReturnType<typeof simulateInclinedBoundary>["truth"];

export const mapError = (found: Learned["nmf"]["loadings"], truth: Truth["abundances"]): number =>
  rmsDifference(found.values, truth.values);

export const patternErrors = (found: Learned["nmf"]["factors"], truth: Truth["patterns"]): string =>
  [0, 1].map((k) => `${shown(angle(item(found, k), item(truth, k)), 2)}°`).join(" and ");

export const parametersOf = (
  { positions, pixels, dtype, metadata, descriptor }: ReturnType<typeof simulateInclinedBoundary>["source"],
  seed: number,
): (readonly [string, string | number])[] => {
  const options = descriptor.options as Required<InclinedBoundaryOptions>;
  return [
    ["scan", `${positions.join(" × ")} positions, ${pixels.join(" × ")} px, ${dtype}`],
    ["positions over the boundary", percent(Number(metadata.mixed), 0)],
    ["peaks", `${options.peaks} × ${options.peaks}, ${options.spacing} px apart, σ = ${options.width} px`],
    ["NMF", "2 components, 6 starts, best kept"],
    ["clustering", "fuzzy c-means, 2 clusters, fuzzifier 2, on 2 SVD loadings (not centred)"],
    ["seed", seed],
    ["not stated in the paper", "all of these but the numbers of components and clusters"],
  ];
};

function claims({ nmf, fcm, found }: Learned, truth: Truth): Claim[] {
  const thickness = item(truth.abundances, 1);
  const membership = item(fcm.memberships, 1);
  const pure = [...membership.keys()].filter((i) => thickness[i] === 1);
  const atPure = Math.max(...pure.map((i) => membership[i]!));
  const highest = membership.indexOf(membership.reduce((a, b) => Math.max(a, b), 0));
  const [width, trueWidth] = [boundaryWidth(membership), boundaryWidth(thickness)];
  const exact = mapError(nmf.loadings, truth.abundances);
  const left = nmf.objective / Math.sqrt(found.total);
  const shared = [0, 1].map((k) =>
    leftover(item(fcm.centres, k), item(truth.patterns, 1 - k), item(truth.patterns, k)),
  );
  return [
    {
      claim: "NMF recovers the signal profile exactly",
      expected: "loadings within 10⁻⁶ of the thickness (root mean square), and nothing left of the data (10⁻⁶)",
      measured: `${shown(exact)}; ${shown(left)} of ‖X‖ is left`,
      holds: exact <= 1e-6 && left <= 1e-6,
      ...(exact > 1e-6 || left > 1e-6
        ? { reason: "Values are held and multiplied as 32-bit floats; what is left is their rounding." }
        : {}),
    },
    {
      claim: "Memberships vary smoothly where the thickness has kinks",
      expected: "largest change of slope between neighbouring positions below that of the thickness",
      measured: `${shown(kink(membership))} per position, thickness ${shown(kink(thickness))}`,
      holds: kink(membership) < kink(thickness),
    },
    {
      claim: "The boundary appears narrower in the memberships than it is",
      expected: "10–90 % width below the true one",
      measured: `${shown(width)} of ${shown(trueWidth)} positions (${percent(width / trueWidth, 0)})`,
      holds: width < trueWidth,
    },
    {
      claim: "Pure positions have a membership slightly below 100 %",
      expected: "from 95 % to below 100 %",
      measured: percent(atPure, 2),
      holds: atPure < 1 && atPure >= 0.95,
    },
    {
      claim:
        "The membership rises at the edge of the boundary, where mixed patterns lie nearer to the weighted centre than pure ones",
      expected: "largest membership at a mixed position",
      measured: `${percent(membership[highest]!, 2)} where the crystal has ${percent(thickness[highest]!, 0)} of the thickness`,
      holds: thickness[highest]! < 1 && membership[highest]! > atPure,
    },
    {
      claim: "A cluster centre is a weighted mean and holds some of the other crystal",
      expected: "above 1 % of the other crystal's pattern in each centre",
      measured: shared.map((part) => percent(part)).join(" and "),
      holds: shared.every((part) => part > 0.01),
    },
  ];
}

function embeddedClaim({ fcm, nmf, unmix }: Learned, truth: Truth): Claim {
  const part = leftover(item(fcm.centres, 1), item(truth.patterns, 0), item(truth.patterns, 1));
  const [byNmf, byUnmixing] = [nmf, unmix].map(({ factors }) => angle(item(factors, 1), item(truth.patterns, 1)));
  return {
    claim: "Clustering cannot separate a crystal without any pure position, such as a fully embedded particle",
    expected:
      "in the same model with at most half of the thickness in the second crystal, above 30 % of its centre is the matrix",
    measured: `${percent(part, 0)} of its centre is the matrix`,
    holds: part > 0.3,
    reason: `The paper states it without a figure. Its pattern is ${shown(byNmf!, 2)}° off by NMF and ${shown(byUnmixing!, 2)}° by unmixing: with peaks of its own NMF finds it, while unmixing, which asks for the smallest simplex, takes the mixture for the end.`,
  };
}

/** Largest change of slope along a profile. */
function kink(profile: ArrayLike<number>): number {
  let most = 0;
  for (let i = 1; i + 1 < profile.length; i++) {
    most = Math.max(most, Math.abs(profile[i - 1]! - 2 * profile[i]! + profile[i + 1]!));
  }
  return most;
}

/** How much of `other` is in a pattern that is a mixture of `own` and `other`: b ÷ (a + b) of the least-squares a · own + b · other. */
export function leftover(pattern: Float32Array, other: Float32Array, own: Float32Array): number {
  const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const [oo, xx, ox] = [dot(own, own), dot(other, other), dot(own, other)];
  const [po, px] = [dot(pattern, own), dot(pattern, other)];
  const determinant = oo * xx - ox * ox;
  const a = (po * xx - px * ox) / determinant;
  const b = (px * oo - po * ox) / determinant;
  return b / (a + b);
}
