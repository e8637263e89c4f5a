import type { Analysis } from "../analyse/analysis.ts";
import { brightFieldFigure } from "../figures/bright-field.ts";
import { componentPanels } from "../figures/component-panels.ts";
import { errorPlot } from "../figures/error-plot.ts";
import { loadingsScatter } from "../figures/loadings-scatter.ts";
import { screePlot } from "../figures/scree-plot.ts";
import { shiftMaps } from "../figures/shift-maps.ts";
import { type MethodResult, methodResults } from "./methods.ts";

/** One figure of a run: figures/NAME.svg and .png, and its place in the report. */
export interface ResultFigure {
  readonly name: string;
  readonly svg: string;
  /** What is to be seen and how to read it, under the figure. */
  readonly caption: string;
}

/** All figures that a run's results allow, one by one, drawn once for the files and the report. */
export function* resultFigures(analysis: Analysis): Generator<ResultFigure> {
  yield brightField(analysis);
  yield* [shifts(analysis), scree(analysis)].filter((figure) => figure !== undefined);
  for (const result of methodResults(analysis)) yield components(result, analysis);
  yield* [errors(analysis), scatter(analysis)].filter((figure) => figure !== undefined);
}

function components(result: MethodResult, { scan }: Analysis): ResultFigure {
  const shown = Math.min(result.patterns.count, result.most ?? Number.POSITIVE_INFINITY);
  const { pattern, image } = result.names;
  return {
    name: `${result.name}-components`,
    svg: componentPanels({
      title: `${result.title}: ${result.barycentric ? `${pattern}s, ${image}s and barycentric maps` : `${pattern}s and ${image}s`}`,
      patterns: result.patterns,
      images: result.images,
      axes: scan.axes,
      names: result.names,
      signed: result.signed,
      imageRange: result.imageRange,
      most: result.most,
      ...(result.barycentric && { second: { name: "barycentric", images: result.barycentric } }),
      ...(result.note && { note: result.note }),
    }),
    caption:
      `Each ${pattern} (above) with its ${image} map${result.barycentric ? " and its barycentric map" : ""} (below)${shown < result.patterns.count ? `; the first ${shown} of ${result.patterns.count}` : ""}. ` +
      (result.barycentric ? barycentricCaption : "") +
      (result.signed
        ? "Patterns are shown as sign × √|value|; colours are symmetric about 0."
        : "Patterns are shown with gamma 0.4 so that weak spots can be seen beside the direct beam."),
  };
}

const barycentricCaption =
  "Memberships are S-shaped across a boundary and make it look narrow; barycentric maps are linear: the parts, ≥ 0 and " +
  "summing to 1, of the mixture of centres that is nearest to the position. ";

const brightField = (analysis: Analysis): ResultFigure => ({
  name: "bright-field",
  svg: brightFieldFigure({
    brightField: analysis.brightField,
    disk: analysis.brightFieldDisk,
    meanPattern: analysis.meanPattern,
    maximumPattern: analysis.maximumPattern,
    axes: analysis.scan.axes,
  }),
  caption: `Bright field: sum over the disk drawn on the mean pattern (radius ${Number(analysis.brightFieldDisk.radius.toPrecision(3))} px). Patterns are shown with gamma 0.4.`,
});

function shifts({ alignment, scan }: Analysis): ResultFigure | undefined {
  if (alignment === undefined) return undefined;
  const repaired = alignment.repaired.reduce((sum, mark) => sum + mark, 0);
  return {
    name: "shifts",
    svg: shiftMaps({ alignment, axes: scan.axes }),
    caption:
      "Where the direct beam was found in each pattern, the plane fitted over the scan (descan), and the difference. " +
      (repaired === 0
        ? "No position was an outlier."
        : `${repaired} ${repaired === 1 ? "position was an outlier" : "positions were outliers"} (red squares; hatched where no beam was found) and took the plane's place.`),
  };
}

function scree({ svd, rank, recipe }: Analysis): ResultFigure | undefined {
  if (svd === undefined) return undefined;
  return {
    name: "scree",
    svg: screePlot({ explained: svd.explained, rank, centred: recipe.centred }),
    caption: `Share of the whole data that each component explains${recipe.centred ? " (variance about the mean pattern)" : ""}.`,
  };
}

function errors({ nmf, svd, recipe }: Analysis): ResultFigure | undefined {
  if (nmf === undefined || Object.keys(nmf.errorByComponents).length < 2) return undefined;
  // Of centred data the SVD tells nothing about the norm of what NMF fits.
  const comparable = svd !== undefined && !recipe.centred ? svd : undefined;
  const bound: Record<string, number> = {};
  let rest = comparable?.total ?? 0;
  for (const [i, value] of (comparable?.singularValues ?? []).entries()) {
    rest -= value * value;
    if (rest > 0) bound[i + 1] = Math.sqrt(rest);
  }
  return {
    name: "nmf-error",
    svg: errorPlot({
      errorByComponents: nmf.errorByComponents,
      norm: comparable && Math.sqrt(comparable.total),
      chosen: nmf.components,
      bound,
    }),
    caption:
      "What NMF leaves unexplained for each number of components; no decomposition of that many components can go below the dashed line.",
  };
}

function scatter({ svd, fcm, recipe }: Analysis): ResultFigure | undefined {
  if (svd === undefined || fcm === undefined) return undefined;
  const dimensions = fcm.loadingCentres.length / fcm.clusters;
  if (dimensions < 2 || dimensions > svd.loadings.count) return undefined;
  const length = svd.loadings.size[0] * svd.loadings.size[1];
  const coordinates = Array.from({ length: dimensions }, (_, k) => {
    const loading = svd.loadings.values.subarray(k * length, (k + 1) * length);
    const singular = svd.singularValues[k]!;
    return recipe.loadings === "unit" && singular > 0 ? loading.map((value) => value / singular) : loading;
  });
  return {
    name: "scatter",
    svg: loadingsScatter({
      title: "SVD loadings and fuzzy clusters",
      coordinates,
      labels: nearestClusters(fcm.memberships.values, fcm.clusters, length),
      centres: fcm.loadingCentres,
      fuzzifier: fcm.fuzzifier,
      pairs:
        dimensions === 2
          ? [[0, 1]]
          : [
              [0, 1],
              [0, 2],
              [1, 2],
            ],
    }),
    caption:
      "One point a position, coloured by its largest membership; crosses are cluster centres. Lines are memberships of 0.5 (thin), 0.7 and 0.9 (thick) " +
      `as the two loadings of each plot alone would give them${dimensions > 2 ? `; clustering used ${dimensions} loadings` : ""}.`,
  };
}

/** The cluster that each position belongs to most; the first of equals. */
export function nearestClusters(memberships: Float32Array, clusters: number, positions: number): Uint8Array {
  const labels = new Uint8Array(positions);
  for (let i = 0; i < positions; i++) {
    let best = memberships[i]!;
    for (let c = 1; c < clusters; c++) {
      const membership = memberships[c * positions + i]!;
      if (membership > best) {
        best = membership;
        labels[i] = c;
      }
    }
  }
  return labels;
}
