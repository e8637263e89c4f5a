import { below, beside, figure, lettered } from "../figures/panel.ts";
import { screeCurves } from "../figures/scree-curves.ts";
import { ica } from "../learn/ica.ts";
import { suggestRank } from "../learn/rank.ts";
import { svd } from "../learn/svd.ts";
import { unmix } from "../learn/unmix.ts";
import { simulatedWire, wireParameters } from "./fig1.ts";
import { claims, clear, regimeChange, type Scree } from "./fig2-claims.ts";
import { mapRow, patternRow, wholeFigure } from "./layout.ts";
import type { Reproduction, Tools } from "./reproduction.ts";
import { twinsOf } from "./twins.ts";

/** How many singular values the scree plot shows. */
const kept = 20;

/** Fig 2: how many components; SVD and ICA. */
export async function fig2(tools: Tools): Promise<Omit<Reproduction, "seconds">> {
  const { wires, seed, onProgress } = tools;
  const angles = wires.own ? [undefined] : [35, 9, 0];
  const screes: Scree[] = [];
  for (const [i, precession] of angles.entries()) {
    onProgress?.("svd", (0.8 * i) / angles.length);
    const wire = await wires.of(precession === undefined ? {} : { precession });
    const found = await svd(wire.scan, {
      components: Math.min(kept, wire.scan.positions[0] * wire.scan.positions[1]),
      seed,
    });
    const { votes } = await suggestRank(wire.scan, { svd: found, most: found.singularValues.length, seed });
    const label = precession === undefined ? "this scan" : `${precession} mrad`;
    screes.push({ label, wire, svd: found, above: votes.marchenkoPastur ?? Number.NaN });
  }
  const { wire, svd: found } = screes[0]!;
  onProgress?.("ica", 0.8);
  const turned = ica(found, { components: 3, seed, starts: 3, differences: true });
  const unmixed = await unmix(wire.scan, { components: 3, seed });
  const parts = twinsOf(wire, unmixed);
  const axes = wire.source.axes;
  const titles = [1, 2, 3];
  const box = [150, 150] as const;
  const mapBox = [150, 110] as const;

  return {
    name: "fig2",
    title: "How many components, and what SVD and ICA make of them",
    about: [
      `${wires.own ? "Scree plot, and the first three components of SVD and ICA of this scan." : "Scree plots at three precession angles, and the first three components of SVD and ICA of the scan with the largest."} Patterns and maps are signed: red positive, blue negative.`,
      ...(wires.own ? [] : [simulatedWire]),
    ],
    figure: {
      svg: wholeFigure(
        [
          lettered(
            "a",
            screeCurves(
              screes.map(({ label, svd }) => ({
                label,
                explained: svd.explained,
                change: regimeChange(svd).factor >= clear ? regimeChange(svd).after : 0,
              })),
            ),
          ),
          beside(
            [
              lettered(
                "b",
                below(
                  [
                    patternRow(found.factors, { axes, box, signed: true, titles: titles.map((k) => `SVD ${k}`) }),
                    mapRow(found.loadings, {
                      axes,
                      box: mapBox,
                      signed: true,
                      titles: titles.map((k) => `loading ${k}`),
                    }),
                  ],
                  10,
                ),
              ),
              lettered(
                "c",
                below(
                  [
                    patternRow(turned.factors, { axes, box, signed: true, titles: titles.map((k) => `ICA ${k}`) }),
                    mapRow(turned.loadings, {
                      axes,
                      box: mapBox,
                      signed: true,
                      titles: titles.map((k) => `loading ${k}`),
                    }),
                  ],
                  10,
                ),
              ),
            ],
            26,
          ),
        ],
        "Figure 2",
        "Scree plots at three precession angles; the first three SVD and ICA components, patterns above maps, blue negative and red positive.",
      ),
      caption:
        "a Share of ‖X‖² that each SVD component explains; filled up to a clear change of regime. b The first three SVD components, patterns above their maps. c Three ICA components of the same space. Red positive, blue negative; patterns as sign × √|value|.",
    },
    claims: claims(screes, turned, parts),
    unmixed: {
      svg: figure(
        below(
          [
            patternRow(unmixed.factors, { axes, box, titles: titles.map((k) => `Unmixed pattern ${k}`) }),
            mapRow(unmixed.loadings, { axes, box: mapBox, range: [0, 1], titles: titles.map((k) => `part ${k}`) }),
          ],
          10,
        ),
        { title: "Unmixing of the same data", description: "Three whole patterns, none negative, each with its map." },
      ),
      caption: `Unmixing of the same data: whole patterns, nowhere negative, one for each twin and one for the vacuum. ${unmixed.method}`,
    },
    parameters: wireParameters(wire, seed, [
      ["SVD", `${kept} components, not centred, as recorded`],
      [
        "ICA",
        "FastICA of the first 3 SVD factors, on differences between neighbouring pixels as HyperSpy does, log cosh, 3 starts",
      ],
      ["clear change of regime", "largest step between neighbouring values from the second on, at least a decade"],
      ["not stated in the paper", "centring, options of ICA, seeds"],
    ]),
  };
}
