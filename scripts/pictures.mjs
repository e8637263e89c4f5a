// docs/images/*.png of the method pages: simulated scans, analysed, the figures drawn small. Run after a build:
// node scripts/pictures.mjs [PICTURE…]
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeRasteriser } from "../dist/src/node.js";
import { node, root } from "./step.mjs";

/** Scans, how they are analysed, and which figure of the run becomes which picture. */
const runs = [
  {
    simulate: ["nanowire", "--dtype", "u8", "--dose", "40000"],
    analyse: ["--components", "4", "--sparsity", "0.4", "--volume", "0.001"],
    pictures: {
      ica: "ica-components",
      nmf: "nmf-components",
      "nmf-volume": "nmf-volume-components",
      "nmf-sparse": "nmf-sparse-components",
      "fuzzy-c-means": "fcm-components",
      "gustafson-kessel": "gk-components",
    },
  },
  {
    simulate: ["nanowire", "--dose", "40000"],
    analyse: ["--components", "4", "--clusters", "3", "--unit-loadings"],
    pictures: { nanowire: "unmix-components", barycentric: "fcm-components" },
  },
];

/** The README's picture is drawn larger. */
const scaleOf = (picture) => (picture === "nanowire" ? 1.5 : 1);

const wanted = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "endmember-pictures-"));
const command = join(root, "dist", "cli", "endmember.js");
const [scan, results] = [join(folder, "nanowire.hspy"), join(folder, "results")];
try {
  const rasterise = await nodeRasteriser();
  for (const { simulate, analyse, pictures } of runs) {
    const drawn = Object.entries(pictures).filter(([picture]) => wanted.length === 0 || wanted.includes(picture));
    if (drawn.length === 0) continue;
    node("simulate", command, "simulate", ...simulate, "--out", scan, "--force", "--quiet");
    const methods = drawn.map(([, figure]) => figure.replace("-components", "")).join(",");
    node("analyse", command, "analyse", scan, "--methods", methods, ...analyse, "--out", results, "--force", "--quiet");
    for (const [picture, figure] of drawn) {
      const svg = readFileSync(join(results, "figures", `${figure}.svg`), "utf8");
      writeFileSync(join(root, "docs", "images", `${picture}.png`), await rasterise(svg, scaleOf(picture)));
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
