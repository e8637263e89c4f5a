// docs/images/number-of-components.png: singular values of the simulated nanowire against the edge of its noise, weighted two ways.
// Run after a build: node scripts/rank-picture.mjs
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { legend, plotWithAxes } from "../dist/src/figures/axes.js";
import { beside, figure } from "../dist/src/figures/panel.js";
import { element, pathThrough } from "../dist/src/figures/svg.js";
import { colourOf, ink } from "../dist/src/figures/typography.js";
import { align, poissonScaled, recentred, simulateNanowire, svd } from "../dist/src/index.js";
import { aboveNoise, noiseEdge } from "../dist/src/learn/noise-edge.js";
import { nodeRasteriser, onThreads } from "../dist/src/node.js";
import { biwhitened } from "../dist/src/scan/biwhitened.js";
import { root } from "./step.mjs";

const { source } = simulateNanowire({ dose: 40_000 });
const scan = await onThreads(recentred(source, (await align(source)).shifts, "crop"));
const even = await biwhitened(scan);
const curves = [
  { label: "÷ √(row sum · column sum)", heights: await heights((await poissonScaled(scan)).scan) },
  { label: "biwhitened", heights: await heights(even.scan) },
];
await scan.close();

const most = 12;
const plot = plotWithAxes(
  {
    width: 440,
    height: 280,
    x: { label: "component", domain: [0.4, most + 0.6], whole: true },
    y: { label: "singular value ÷ edge of even noise", domain: [0.5, 100], log: true },
  },
  ({ x, y, width }) =>
    element("path", { d: pathThrough([0, y(1), width, y(1)]), stroke: ink.text, "stroke-dasharray": "4 3" }) +
    curves.map((curve, i) => drawn(curve.heights, colourOf(i), x, y)).join(""),
);
const names = legend(curves.map(({ label }, i) => ({ label, colour: colourOf(i) })));
const rasterise = await nodeRasteriser();
const svg = figure(beside([plot, names], 12), {
  title: "Singular values against the edge of noise",
  description: "Weighted by roots of sums, all twelve lie above the edge; biwhitened, four do, and the rest is flat.",
});
writeFileSync(join(root, "docs", "images", "number-of-components.png"), await rasterise(svg, 1));

/** Filled above the edge, open below. */
function drawn(heights, colour, x, y) {
  const points = heights.flatMap((height, k) => [x(k + 1), y(height)]);
  const circles = heights.map((height, k) =>
    element("circle", { cx: x(k + 1), cy: y(height), r: 3.5, stroke: colour, fill: height > 1 ? colour : "#ffffff" }),
  );
  return element("path", { d: pathThrough(points), fill: "none", stroke: colour }) + circles.join("");
}

/** Singular values over what noise of the energy that remains reaches. */
async function heights(weighted) {
  const { singularValues, total } = await svd(weighted, { components: 12, maximumReads: 40, tolerance: 5e-4, seed: 1 });
  const [rows, columns] = even.used;
  const { variance } = aboveNoise({ values: singularValues, total, rows, columns });
  return Array.from(singularValues, (value) => value / (Math.sqrt(variance) * noiseEdge(rows, columns)));
}
