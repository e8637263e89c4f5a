import { below, beside, figure, lettered } from "../figures/panel.ts";
import { type InclinedBoundaryOptions, simulateInclinedBoundary } from "../simulate/inclined-boundary.ts";
import { claims, embeddedClaim } from "./fig5-claims.ts";
import { bicrystalSchematic, patternsAndProfiles, wholeFigure } from "./layout.ts";
import { learnedFromModel, mapError, parametersOf, patternErrors } from "./learned-model.ts";
import { type Reproduction, shown, type Tools, withScan } from "./reproduction.ts";

const model: InclinedBoundaryOptions = { arrangement: "separate" };

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
