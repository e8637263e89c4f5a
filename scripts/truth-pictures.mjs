// docs/images/{simulated-nanowire,bent-nanowire,dynamical-simulation}.png: what simulated scans are made of. One minute. Run after a build:
// node scripts/truth-pictures.mjs
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { heatmap, patternDisplay } from "../dist/src/figures/heatmap.js";
import { below, grid } from "../dist/src/figures/panel.js";
import { area, images, item, simulateBentNanowire, simulateBicrystal, simulateNanowire } from "../dist/src/index.js";
import { nodeRasteriser, onThreads } from "../dist/src/node.js";
import { patternRow, wholeFigure } from "../dist/src/reproduce/layout.js";
import { root } from "./step.mjs";

const rasterise = await nodeRasteriser();
const parts = ["Twin A", "Twin B", "Vacuum", "Carbon film"];

await picture(
  "simulated-nanowire",
  truth(simulateNanowire({ dose: 40_000 })),
  "Patterns and parts of the simulated nanowire",
);
await picture("bent-nanowire", truth(simulateBentNanowire()), "Patterns and parts of the bent nanowire");
await picture(
  "dynamical-simulation",
  [await columns({ precession: 0 }, "no precession"), await columns({}, "20 mrad")],
  "Patterns of a bicrystal by dynamical theory, without and with precession",
);

async function picture(name, rows, title) {
  const svg = wholeFigure([below(rows, 16)], title, title);
  writeFileSync(join(root, "docs", "images", `${name}.png`), await rasterise(svg, 1));
}

/** Each true pattern above its part of every position. */
function truth({ source: { axes }, truth: { patterns, abundances } }) {
  const box = [200, 200];
  const columns = parts.map((title, i) =>
    below(
      [
        heatmap(item(patterns, i), patterns.size, { title, axes: axes.pixels, box, display: patternDisplay }),
        heatmap(item(abundances, i), abundances.size, {
          title: "its part",
          axes: axes.positions,
          box,
          range: [0, 1],
          map: "viridis",
        }),
      ],
      10,
    ),
  );
  return [grid(columns, columns.length, 14)];
}

/** What is recorded of the upper crystal, of the middle of the boundary and of the lower crystal. */
async function columns(options, words) {
  const { source } = await simulateBicrystal({ ...options, pixels: [384, 384] });
  const scan = await onThreads(source);
  try {
    const count = area(source.positions);
    const chosen = [0, (count - 1) / 2, count - 1];
    const values = new Float32Array(3 * count);
    chosen.forEach((position, i) => {
      values[i * count + position] = 1;
    });
    const recorded = await scan.toPatterns(images(source.positions, values));
    const titles = ["Upper crystal", "Half of each", "Lower crystal"].map((column) => `${column}, ${words}`);
    return patternRow(recorded, { axes: source.axes, titles, box: [230, 230], brightest: 99.9 });
  } finally {
    await scan.close();
  }
}
