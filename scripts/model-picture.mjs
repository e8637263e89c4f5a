// docs/images/inclined-boundary.png and the numbers of docs/methods/inclined-boundary.md. Run after a build: node scripts/model-picture.mjs
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { below, beside, lettered } from "../dist/src/figures/panel.js";
import { area, fuzzyCMeans, item, simulateInclinedBoundary, svd } from "../dist/src/index.js";
import { nodeRasteriser, onThreads } from "../dist/src/node.js";
import { bicrystalSchematic, patternsAndProfiles, wholeFigure } from "../dist/src/reproduce/layout.js";
import { matched, reordered } from "../dist/src/reproduce/matching.js";
import { root } from "./step.mjs";

const titles = ["First crystal", "Second crystal"];
const separate = simulateInclinedBoundary();
const contained = simulateInclinedBoundary({ arrangement: "contained" });
const { axes } = separate.source;
const panels = [
  lettered("a", bicrystalSchematic(0.45, 260)),
  lettered(
    "b",
    patternsAndProfiles(separate.truth.patterns, separate.truth.abundances, undefined, {
      axes,
      titles,
      ordinate: "relative thickness",
    }),
  ),
  lettered(
    "c",
    patternsAndProfiles(contained.truth.patterns, await memberships(contained), contained.truth.abundances, {
      axes,
      titles,
      ordinate: "membership",
    }),
  ),
];
const svg = wholeFigure(
  [beside([panels[0], below(panels.slice(1), 22)], 26)],
  "Models of two crystals with an inclined boundary",
  "Patterns without overlap, and one contained in the other, with profiles of thickness and of memberships.",
);
const rasterise = await nodeRasteriser();
writeFileSync(join(root, "docs", "images", "inclined-boundary.png"), await rasterise(svg, 1));

for (const mixed of [0.15, 0.3, 0.45, 0.6, 0.8, 1]) {
  const model = simulateInclinedBoundary({ mixed });
  const [own, thickness] = [item(await memberships(model), 1), item(model.truth.abundances, 1)];
  const width = (profile) => profile.reduce((count, value) => count + (value > 0.1 && value < 0.9 ? 1 : 0), 0);
  const pure = own[area(model.source.positions) - 1];
  process.stdout.write(
    `mixed ${mixed}: pure ${(100 * pure).toFixed(2)} %, 10–90 % over ${width(own)} of ${width(thickness)} positions\n`,
  );
}

async function memberships({ source, truth }) {
  const scan = await onThreads(source);
  try {
    const found = await svd(scan, { components: 2, seed: 1 });
    const { memberships } = await fuzzyCMeans(scan, { svd: found, clusters: 2, seed: 1 });
    return reordered(memberships, matched(truth.abundances, memberships));
  } finally {
    await scan.close();
  }
}
