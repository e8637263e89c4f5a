import type { Analysis } from "../analyse/analysis.ts";
import { grouped, printedUnit, significant } from "../figures/typography.ts";
import type { Axis } from "../scan/source.ts";
import { nearestClusters, type ResultFigure } from "./figures.ts";
import { factTable, html, type Markup, markup } from "./html.ts";
import { methodResults } from "./methods.ts";
import { reportStyle } from "./report-style.ts";

/** One part of the report: a heading that the list at the top links to. */
interface Section {
  readonly id: string;
  readonly heading: string;
  readonly body: Markup;
}

/**
 * report.html: everything a run found, in one file that asks for nothing else. It can be read offline and printed; its only script
 * copies the recipe and may fail.
 */
export function report(analysis: Analysis, figures: readonly ResultFigure[]): string {
  const drawn = new Map(figures.map((figure) => [figure.name, drawnFigure(figure)]));
  const sections = [
    warnings(analysis),
    data(drawn),
    alignment(analysis, drawn),
    rank(analysis, drawn),
    ...methods(analysis, drawn),
    clusters(analysis),
    recipe(analysis),
    provenance(analysis),
    effort(analysis),
  ].filter((section) => section !== undefined);
  const { headline, detail } = found(analysis);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="endmember ${analysis.recipe.endmember}">
<title>${analysis.scan.name}: ${headline}</title>
<style>${markup(reportStyle)}</style>
</head>
<body>
<header>
<p class="file">${analysis.scan.name}</p>
<h1>${headline}</h1>
<p class="found">${detail}</p>
<nav aria-label="Sections">${sections.map(({ id, heading }) => html`<a href="#${id}">${heading}</a>`)}</nav>
</header>
<main>
${sections.map(({ id, heading, body }) => html`<section id="${id}">\n<h2>${heading}</h2>\n${body}\n</section>\n`)}
</main>
<footer>Made by endmember ${analysis.recipe.endmember}. The same figures lie in figures/ as SVG and PNG, all arrays as .npy, and all signals in results.hspy.</footer>
<script>${markup(copyScript)}</script>
</body>
</html>
`;
  return page.markup;
}

const copyScript = `for (const button of document.querySelectorAll("button.copy")) button.addEventListener("click", () => {
  navigator.clipboard?.writeText(document.getElementById(button.dataset.copies).textContent).then(() => { button.textContent = "Copied"; });
});`;

const drawnFigure = ({ svg, caption }: ResultFigure): Markup =>
  html`<figure><div class="scroll">${markup(svg)}</div><figcaption>${caption}</figcaption></figure>`;

type Drawn = ReadonlyMap<string, Markup>;

/** The one sentence that the reader came for, and what must be said with it. */
function found({ scan, fcm, nmf, rank, alignment, warnings }: Analysis): { headline: string; detail: string } {
  const [rows, columns] = scan.positions;
  const count = fcm?.clusters ?? nmf?.components ?? rank?.suggested;
  const where = `${grouped(rows * columns)} positions`;
  const headline =
    count === undefined ? `${where} imaged` : `${count} distinct ${count === 1 ? "pattern" : "patterns"} in ${where}`;
  const sentences = [
    `A scan of ${rows} × ${columns} positions${extent(scan.axes.positions, scan.positions)}, each a pattern of ${scan.pixels.join(" × ")} pixels.`,
  ];
  if (fcm !== undefined) {
    const labels = nearestClusters(fcm.memberships.values, fcm.clusters, rows * columns);
    const shares = Array.from(
      { length: fcm.clusters },
      (_, c) => labels.reduce((sum, label) => sum + (label === c ? 1 : 0), 0) / labels.length,
    );
    sentences.push(
      `By largest membership, ${listed(shares.map((share, c) => `pattern ${c + 1} holds ${Math.round(share * 100)} %`))} of the positions.`,
    );
  }
  if (alignment !== undefined) {
    sentences.push("Patterns were aligned by their direct beam before learning.");
  }
  sentences.push(
    warnings.length === 0
      ? "No check raised a warning."
      : `${warnings.length === 1 ? "One warning" : `${warnings.length} warnings`} should be read before trusting these results.`,
  );
  return { headline, detail: sentences.join(" ") };
}

const listed = (items: readonly string[]): string =>
  items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}`;

function extent(axes: readonly [Axis, Axis], size: readonly [number, number]): string {
  const [y, x] = axes;
  if (y.unit !== x.unit || x.unit === "px") return "";
  return ` (${significant(Math.abs(y.step) * size[0])} × ${significant(Math.abs(x.step) * size[1])} ${printedUnit(x.unit)})`;
}

function warnings({ warnings }: Analysis): Section | undefined {
  if (warnings.length === 0) return undefined;
  return {
    id: "warnings",
    heading: warnings.length === 1 ? "Warning" : "Warnings",
    body: html`${warnings.map(
      ({ code, message, remedy }) =>
        html`<div class="warning"><p><strong>${message}</strong></p><p>${remedy}</p><span class="code">${code}</span></div>`,
    )}`,
  };
}

const data = (drawn: Drawn): Section => ({
  id: "data",
  heading: "Bright field and patterns",
  body: html`${drawn.get("bright-field")}`,
});

function alignment({ alignment }: Analysis, drawn: Drawn): Section | undefined {
  if (alignment === undefined) return undefined;
  const [row, column] = alignment.plane;
  return {
    id: "alignment",
    heading: "Alignment of the direct beam",
    body: html`
${drawn.get("shifts")}
<table><thead><tr><th scope="col">Plane fit, px</th><th scope="col" class="number">constant</th><th scope="col" class="number">per row</th><th scope="col" class="number">per column</th><th scope="col" class="number">rms residual</th></tr></thead><tbody>
${[["row", row] as const, ["column", column] as const].map(
  ([name, fit]) =>
    html`<tr><th scope="row">${name} of the beam</th>${[fit.constant, fit.perRow, fit.perColumn, fit.rms].map((value) => html`<td class="number">${significant(value)}</td>`)}</tr>`,
)}
</tbody></table>`,
  };
}

function rank({ rank, svd }: Analysis, drawn: Drawn): Section | undefined {
  if (svd === undefined) return undefined;
  const votes = Object.entries(rank?.votes ?? {});
  return {
    id: "scree",
    heading: "How many components",
    body: html`
${rank && html`<p><strong>${rank.suggested} suggested.</strong> ${rank.reason}</p>`}
${drawn.get("scree")}
${votes.length > 0 ? html`<h3>What each criterion says</h3>${factTable(votes)}` : undefined}
${drawn.get("nmf-error")}`,
  };
}

const methods = (analysis: Analysis, drawn: Drawn): Section[] =>
  methodResults(analysis).map((result) => ({
    id: result.name,
    heading: result.title,
    body: html`
<p>${result.about}</p>
${drawn.get(`${result.name}-components`)}
${result.name === "fcm" ? drawn.get("scatter") : undefined}
${factTable(result.facts.map(([label, value]) => [label, typeof value === "number" ? significant(value, 5) : value]))}`,
  }));

function clusters({ numberOfClusters, fcm }: Analysis): Section | undefined {
  if (numberOfClusters === undefined) return undefined;
  const { suggested, votes, reason, indices, gap } = numberOfClusters;
  const cells = (values: readonly number[]): Markup =>
    html`${values.map((value) => html`<td class="number">${significant(value)}</td>`)}`;
  return {
    id: "clusters",
    heading: "How many clusters",
    body: html`
<p><strong>${suggested} suggested${fcm === undefined || fcm.clusters === suggested ? "" : `, ${fcm.clusters} made`}.</strong> ${reason}</p>
<div class="scroll"><table class="indices"><thead><tr><th scope="col">clusters</th>${indexNames.map(([, name]) => html`<th scope="col" class="number">${name}</th>`)}<th scope="col" class="number">gap (high)</th></tr></thead><tbody>
<tr><th scope="row">1</th>${indexNames.map(() => html`<td class="number">–</td>`)}${cells([gap.gaps[0]])}</tr>
${indices.map(
  (index) =>
    html`<tr><th scope="row">${index.clusters}</th>${cells([...indexNames.map(([key]) => index[key]), gap.gaps[index.clusters - 1]])}</tr>`,
)}
<tr><th scope="row">prefers</th>${indexNames.map(([key]) => html`<td class="number"><strong>${votes[key]}</strong></td>`)}<td class="number"><strong>${votes.gap}</strong></td></tr>
</tbody></table></div>
<p>Of fuzzy c-means in the loadings before the bend of the scree plot. Coefficient and entropy fall and rise with the number by themselves; they vote after that is taken out. Clusters are groups of positions: a seam of mixed ones can be a group.</p>`,
  };
}

/** Validity indices of the report, and which end is good. */
const indexNames = [
  ["xieBeni", "Xie–Beni (low)"],
  ["fuzzySilhouette", "fuzzy silhouette (high)"],
  ["fukuyamaSugeno", "Fukuyama–Sugeno (low)"],
  ["partitionCoefficient", "partition coefficient (high)"],
  ["partitionEntropy", "partition entropy (low)"],
] as const;

function recipe({ recipe }: Analysis): Section {
  const command = `endmember analyse ${quoted(recipe.input.file)} --recipe recipe.json --out repeated`;
  return {
    id: "recipe",
    heading: "Recipe",
    body: html`
<p>With the same file and the same version, this command repeats the run to the same bits:</p>
<pre><code>${command}</code></pre>
<button class="copy" type="button" data-copies="recipe-json">Copy</button>
<p>recipe.json, also to be found beside this report:</p>
<pre><code id="recipe-json">${JSON.stringify(recipe, null, 2)}</code></pre>`,
  };
}

const quoted = (file: string): string =>
  /^[\w./\\:-]+$/.test(file) ? file : `"${file.replace(/(["\\$`])/g, "\\$1")}"`;

function provenance({ scan, recipe }: Analysis): Section {
  const { axes, positions, pixels, analysedPixels } = scan;
  const cropped = analysedPixels[0] !== pixels[0] || analysedPixels[1] !== pixels[1];
  return {
    id: "provenance",
    heading: "Where the numbers come from",
    body: html`<div class="columns">${factTable([
      ["file", recipe.input.file],
      ["format", scan.format],
      ["size", `${grouped(recipe.input.bytes)} bytes`],
      ["SHA-256", recipe.input.sha256],
      ["endmember", recipe.endmember],
      ["seed", recipe.seed],
    ])}${factTable([
      ["scan", `${positions.join(" × ")} positions`],
      ["scan step", stepOf(axes.positions)],
      ["detector", `${pixels.join(" × ")} pixels, ${scan.dtype}`],
      ["analysed", cropped ? `${analysedPixels.join(" × ")} pixels, common to all aligned patterns` : "all pixels"],
      ["detector step", stepOf(axes.pixels)],
      ...(recipe.axes ? ([["calibration", "as set for the run, in place of the file's"]] as const) : []),
      ...Object.entries(scan.metadata),
    ])}</div>`,
  };
}

function stepOf([rows, columns]: readonly [Axis, Axis]): string {
  if (rows.unit === "px" && columns.unit === "px") return "not calibrated";
  const step = (axis: Axis): string => `${significant(axis.step, 4)} ${printedUnit(axis.unit)}`;
  return step(rows) === step(columns) ? step(rows) : `${step(rows)} (rows), ${step(columns)} (columns)`;
}

function effort({ seconds, peakMemoryMiB }: Analysis): Section {
  const stages = Object.entries(seconds).filter(([stage]) => stage !== "total");
  const longest = Math.max(...stages.map(([, time]) => time), 1e-9);
  return {
    id: "effort",
    heading: "Time and memory",
    body: html`
<table class="effort"><tbody>${stages.map(
      ([stage, time]) =>
        html`<tr><th scope="row">${stage}</th><td class="number">${time.toFixed(2)} s</td><td aria-hidden="true"><div class="bar" style="width:${((100 * time) / longest).toFixed(1)}%"></div></td></tr>`,
    )}${
      seconds.total === undefined
        ? undefined
        : html`<tr><th scope="row"><strong>total</strong></th><td class="number"><strong>${seconds.total.toFixed(2)} s</strong></td><td></td></tr>`
    }<tr><th scope="row">memory at its peak</th><td class="number">${grouped(peakMemoryMiB)} MiB</td><td></td></tr></tbody></table>`,
  };
}
