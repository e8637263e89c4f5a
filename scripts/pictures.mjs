// docs/images/*.png of the method pages: one simulated scan, analysed, its figures drawn small. Run after a build: node scripts/pictures.mjs
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeRasteriser } from "../dist/src/node.js";
import { node, root } from "./step.mjs";

/** Which figure of the run becomes which picture. */
const pictures = {
  "nmf-volume-components": "nmf-volume",
  "nmf-sparse-components": "nmf-sparse",
};

const folder = mkdtempSync(join(tmpdir(), "endmember-pictures-"));
const command = join(root, "dist", "cli", "endmember.js");
const [scan, results] = [join(folder, "nanowire.hspy"), join(folder, "results")];
try {
  const simulated = ["--dtype", "u8", "--dose", "40000", "--out", scan, "--quiet"];
  node("simulate", command, "simulate", "nanowire", ...simulated);
  const methods = [...Object.keys(pictures).map((name) => name.replace("-components", ""))].join(",");
  const weights = ["--sparsity", "0.4", "--volume", "0.001"];
  const learned = ["--methods", methods, "--components", "4", ...weights, "--out", results, "--quiet"];
  node("analyse", command, "analyse", scan, ...learned);
  const rasterise = await nodeRasteriser();
  for (const [figure, picture] of Object.entries(pictures)) {
    const svg = readFileSync(join(results, "figures", `${figure}.svg`), "utf8");
    writeFileSync(join(root, "docs", "images", `${picture}.png`), rasterise(svg, 1));
  }
} finally {
  rmSync(folder, { recursive: true });
}
