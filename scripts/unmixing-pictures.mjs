// docs/images/{geometric-unmixing,clustering,validity}.png, from simulated scans whose truth is known. Run after a build:
// node scripts/unmixing-pictures.mjs
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { legend, plotWithAxes } from "../dist/src/figures/axes.js";
import { below, beside, figure, titled } from "../dist/src/figures/panel.js";
import { element, pathThrough } from "../dist/src/figures/svg.js";
import { colourOf, ink } from "../dist/src/figures/typography.js";
import {
  area,
  barycentric,
  fuzzyCMeans,
  gustafsonKessel,
  highContrastCMeans,
  item,
  numberOfClusters,
  svd,
  unmix,
} from "../dist/src/index.js";
import { nodeRasteriser } from "../dist/src/node.js";
import { node, program, root } from "./step.mjs";

const compiled = mkdtempSync(join(tmpdir(), "endmember-pictures-"));
process.on("exit", () => rmSync(compiled, { recursive: true, force: true }));
node("compile", program("@typescript/native", "tsc"), "-p", `${root}/bench/tsconfig.json`, "--outDir", compiled);
writeFileSync(join(compiled, "package.json"), '{"type":"module"}');
symlinkSync(join(root, "node_modules"), join(compiled, "node_modules"), "junction");
const { syntheticScan, usual } = await import(join(compiled, "test/accuracy/synthetic-scan.js"));
const { matched } = await import(join(compiled, "test/accuracy/errors-of.js"));

const rasterise = await nodeRasteriser();
await picture("geometric-unmixing", await simplex());
await picture("clustering", await boundary());
await picture("validity", await indices());

async function picture(name, svg) {
  writeFileSync(join(root, "docs", "images", `${name}.png`), await rasterise(svg, 1));
}

/** Positions on the plane of common intensity, with the corners that were picked, the smallest simplex, and the truth. */
async function simplex() {
  const { scan, truth } = syntheticScan({ ...usual, pure: "none" }, 1);
  const { factors, loadings } = await svd(scan, { components: 3, seed: 1 });
  const positions = area(scan.positions);
  const at = (c, i) => loadings.values[c * positions + i] / loadings.values[i];
  const points = Array.from({ length: positions }, (_, i) => [at(1, i), at(2, i)]);
  const corners = (stack) => {
    const along = (pattern, c) => item(factors, c).reduce((sum, value, j) => sum + value * pattern[j], 0);
    return Array.from({ length: stack.count }, (_, t) => {
      const [a, b, c] = [0, 1, 2].map((k) => along(item(stack, t), k));
      return [b / a, c / a];
    });
  };
  const shown = [
    { label: "true patterns", corners: corners(truth.factors), colour: ink.text, dash: "2 3" },
    {
      label: "picked (SPA)",
      corners: corners((await unmix(scan, { components: 3, seed: 1, geometry: "successive-projection" })).factors),
      colour: colourOf(1),
    },
    {
      label: "smallest simplex",
      corners: corners((await unmix(scan, { components: 3, seed: 1 })).factors),
      colour: colourOf(0),
    },
  ];
  const all = [...points, ...shown.flatMap((entry) => entry.corners)];
  const domain = (d) => {
    const [low, high] = [Math.min(...all.map((p) => p[d])), Math.max(...all.map((p) => p[d]))];
    return [low - 0.06 * (high - low), high + 0.06 * (high - low)];
  };
  const plot = plotWithAxes(
    {
      width: 520,
      height: 400,
      x: { label: "loading 2 ÷ loading 1", domain: domain(0) },
      y: { label: "loading 3 ÷ loading 1", domain: domain(1) },
    },
    ({ x, y }) =>
      points
        .map(([u, v]) =>
          element("circle", { cx: x(u).toFixed(1), cy: y(v).toFixed(1), r: 1.6, fill: ink.soft, opacity: 0.35 }),
        )
        .join("") +
      shown
        .map(({ corners: found, colour, dash }) =>
          element("path", {
            d: pathThrough(
              found.flatMap(([u, v]) => [x(u), y(v)]),
              true,
            ),
            fill: "none",
            stroke: colour,
            "stroke-width": 1.8,
            "stroke-dasharray": dash,
          }),
        )
        .join(""),
  );
  const key = legend([
    { label: "positions", colour: ink.soft, mark: "dot" },
    ...shown.map(({ label, colour, dash }) => ({ label, colour, mark: dash ? "dashes" : "line" })),
  ]);
  return drawn("Mixtures of three patterns, none of them pure", beside([plot, key]));
}

/** What maps show across boundaries, against the true part. */
async function boundary() {
  const { scan, truth } = syntheticScan(usual, 1);
  const found = await svd(scan, { components: 8, seed: 1 });
  const options = { svd: found, clusters: 3, dimensions: 3, seed: 1 };
  const fuzzy = await fuzzyCMeans(scan, options);
  const { loadingCentres } = fuzzy;
  const maps = {
    unmix: await unmix(scan, { components: 3, seed: 1 }),
    "barycentric, fuzzy centres": {
      loadings: barycentric({ svd: found, loadingCentres, dimensions: 3 }).maps,
      factors: fuzzy.centres,
    },
    "fuzzy c-means": { loadings: fuzzy.memberships, factors: fuzzy.centres },
    "high contrast": await clustered(highContrastCMeans),
    "Gustafson–Kessel": await clustered(gustafsonKessel),
  };
  async function clustered(method) {
    const { memberships, centres } = await method(scan, options);
    return { loadings: memberships, factors: centres };
  }
  // The second crystal of the truth.
  const known = item(truth.loadings, 2);
  const bins = 10;
  const curves = Object.entries(maps).map(([label, { loadings, factors }], i) => {
    const map = item(loadings, matched(factors, truth.factors)[2]);
    const sums = Array.from({ length: bins + 1 }, () => [0, 0]);
    known.forEach((u, at) => {
      const bin = sums[Math.round(bins * u)];
      bin[0] += map[at];
      bin[1]++;
    });
    return { label, colour: colourOf(i), values: sums.map(([sum, count]) => sum / count) };
  });
  const plot = plotWithAxes(
    {
      width: 460,
      height: 340,
      x: { label: "true part of the component", domain: [0, 1] },
      y: { label: "mean in the map", domain: [0, 1.02] },
    },
    ({ x, y }) =>
      [{ colour: ink.line, values: [0, 1], dash: "2 3" }, ...curves]
        .map(({ colour, values, dash }) =>
          element("path", {
            d: pathThrough(values.flatMap((value, i) => [x(i / (values.length - 1)), y(value)])),
            fill: "none",
            stroke: colour,
            "stroke-width": 1.8,
            "stroke-dasharray": dash,
          }),
        )
        .join(""),
  );
  const key = legend([
    { label: "the truth", colour: ink.line, mark: "dashes" },
    ...curves.map(({ label, colour }) => ({ label, colour, mark: "line" })),
  ]);
  return drawn("Across all boundaries of one crystal", beside([plot, key]));
}

/** The indices that decide on the number of clusters, each as a part of its own range. */
async function indices() {
  const { scan } = syntheticScan({ ...usual, vacuum: false }, 1);
  const found = numberOfClusters({ svd: await svd(scan, { components: 12, seed: 1 }), seed: 1, dimensions: 3 });
  const counts = found.indices.map(({ clusters }) => clusters);
  const shares = (values) => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return values.map((value) => (value - low) / (high - low));
  };
  const best = (label, values, colour) => ({ label, colour, values: shares(values) });
  const curves = [
    {
      ...best(
        "gap",
        counts.map((c) => found.gap.gaps[c - 1]),
        colourOf(0),
      ),
      // Not where it is largest: the fewest clusters that are as good as one more.
      vote: found.votes.gap,
    },
    best(
      "fuzzy silhouette",
      found.indices.map((index) => index.fuzzySilhouette),
      colourOf(1),
    ),
    best(
      "Xie–Beni, −ln",
      found.indices.map((index) => -Math.log(index.xieBeni)),
      colourOf(2),
    ),
    best(
      "partition coefficient",
      found.indices.map((index) => index.partitionCoefficient),
      colourOf(3),
    ),
    best(
      "Fukuyama–Sugeno, −",
      found.indices.map((index) => -index.fukuyamaSugeno),
      colourOf(4),
    ),
  ];
  const plot = plotWithAxes(
    {
      width: 460,
      height: 300,
      x: { label: "clusters", domain: [1.7, counts.at(-1) + 0.3], whole: true },
      y: { label: "worst to best of the index", domain: [-0.05, 1.06] },
    },
    ({ x, y }) =>
      curves
        .map(({ colour, values, vote }) => {
          const line = pathThrough(values.flatMap((value, i) => [x(counts[i]), y(value)]));
          const top = vote === undefined ? values.indexOf(1) : counts.indexOf(vote);
          return (
            element("path", { d: line, fill: "none", stroke: colour, "stroke-width": 1.8 }) +
            element("circle", { cx: x(counts[top]), cy: y(values[top]), r: 4.5, fill: colour })
          );
        })
        .join(""),
  );
  const key = legend(curves.map(({ label, colour }) => ({ label, colour, mark: "line" })));
  return drawn(`Three crystals without vacuum: ${found.suggested} clusters suggested`, beside([plot, key]));
}

function drawn(title, panel) {
  return figure(titled(title, below([panel])), { title, description: title });
}
