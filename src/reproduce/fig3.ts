import { scatterPanel } from "../figures/loadings-scatter.ts";
import { below, beside, figure, lettered } from "../figures/panel.ts";
import { nmfErrors } from "../learn/nmf-errors.ts";
import { area, type Images, type Patterns } from "../scan/scan.ts";
import { simulatedWire, wireParameters } from "./fig1.ts";
import { claims } from "./fig3-claims.ts";
import { mapRow, patternRow, wholeFigure } from "./layout.ts";
import { coordinates, learnedFromWire, loadingsOf, unmixedCaption } from "./learned-wire.ts";
import type { Reproduction, Tools } from "./reproduction.ts";

/** Fig 3: NMF and fuzzy clusters find both twins; NMF subtracts, clusters do not. */
export async function fig3({ wires, seed, onProgress }: Tools): Promise<Omit<Reproduction, "seconds">> {
  const wire = await wires.of({ precession: 35 });
  onProgress?.("learn", 0.3);
  const learned = await learnedFromWire(wire, seed);
  const errors = nmfErrors(learned.svd, { components: Math.min(6, learned.svd.singularValues.length), seed });
  const { fcm, unmix } = learned;
  const { axes } = wire.source;
  const box = [150, 150] as const;
  const mapBox = [150, 110] as const;
  const pair = (letters: string, patterns: Patterns, maps: Images, name: string, map: string) =>
    below(
      [
        lettered(letters[0]!, patternRow(patterns, { axes, box, titles: [`${name} 1`, `${name} 2`] })),
        lettered(letters[1]!, mapRow(maps, { axes, box: mapBox, titles: [`${map} 1`, `${map} 2`], range: [0, 1] })),
      ],
      10,
    );

  return {
    name: "fig3",
    title: "NMF and fuzzy clusters of a twinned wire",
    about: [
      `Three components of ${wires.own ? "this scan" : "the scan with 35 mrad of precession"}: the two twins and the background. Patterns and maps of the twins by NMF, the loadings that clustering works on, and the cluster centres with their memberships.`,
      ...(wires.own ? [] : [simulatedWire]),
    ],
    figure: {
      svg: wholeFigure(
        [
          beside(
            [
              pair("ab", learned.nmf.factors, learned.nmf.loadings, "NMF factor", "loading"),
              lettered(
                "c",
                scatterPanel(
                  {
                    coordinates: coordinates(wire, learned.svd),
                    labels: nearest(fcm.memberships),
                    centres: fcm.loadingCentres,
                    fuzzifier: fcm.fuzzifier,
                  },
                  [1, 2],
                  [330, 270],
                ),
              ),
              pair("de", fcm.centres, fcm.memberships, "Centre", "membership"),
            ],
            22,
          ),
        ],
        "Figure 3",
        "NMF factors and loadings of the two twins, the plane of the second and third loading with three clusters, and cluster centres with memberships.",
      ),
      caption:
        "a, b NMF factors of the two twins and their loadings. c Positions in the plane of the second and third SVD loading, coloured by cluster; crosses: centres; lines: memberships of 0.5, 0.7 and 0.9 in this plane. d, e Cluster centres of the twins (weighted mean patterns) and their memberships. Patterns with gamma 0.4; the background component is not shown.",
    },
    claims: claims(wire, learned, errors),
    unmixed: {
      svg: figure(
        below(
          [
            patternRow(unmix.factors, {
              axes,
              box,
              titles: ["Unmixed, twin 1", "Unmixed, twin 2", "Unmixed, background"],
            }),
            mapRow(unmix.loadings, { axes, box: mapBox, range: [0, 1], titles: ["part 1", "part 2", "background"] }),
          ],
          10,
        ),
        {
          title: "Unmixing of the same data",
          description: "Whole patterns of both twins and the background, each with its map.",
        },
      ),
      caption: unmixedCaption(wire, learned),
    },
    parameters: wireParameters(wire, seed, [
      ["NMF", "3 components, from NNDSVD as in the paper; loadings of maximum 1"],
      [
        "clustering",
        `fuzzy c-means, 3 clusters, fuzzifier 2, on 3 SVD loadings of ${loadingsOf(wire) === "unit" ? "unit norm, as HyperSpy gives them where positions are fewer than pixels" : "their own scale"}, not centred`,
      ],
      ["not stated in the paper", "fuzzifier, scaling of the loadings, seeds"],
    ]),
  };
}

/** The cluster of each position. */
function nearest({ values, count, size }: Images): Uint8Array {
  const length = area(size);
  return Uint8Array.from({ length }, (_, i) => {
    let best = 0;
    for (let k = 1; k < count; k++) if (values[k * length + i]! > values[best * length + i]!) best = k;
    return best;
  });
}
