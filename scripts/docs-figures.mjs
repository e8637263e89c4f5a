// node scripts/docs-figures.mjs DIR: takes what `endmember reproduce all --out DIR` left into docs/figures.md: the drawings, small, and the claims.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./step.mjs";

const folder = process.argv[2];
if (folder === undefined) throw new Error("expected the folder that `endmember reproduce all --out DIR` made");
const { nodeRasteriser } = await import(new URL("../dist/src/node.js", import.meta.url));
const rasterise = await nodeRasteriser();
const { figures } = JSON.parse(readFileSync(join(folder, "claims.json"), "utf8"));

const page = join(root, "docs", "figures.md");
let text = readFileSync(page, "utf8");
for (const { figure, claims, seconds } of figures) {
  const svg = readFileSync(join(folder, `${figure}.svg`), "utf8");
  const width = Number(/width="(\d+)"/.exec(svg)[1]);
  writeFileSync(join(root, "docs", "images", `${figure}.png`), rasterise(svg, Math.min(1, 1000 / width)));
  const [begin, end] = [`<!-- ${figure}: made by scripts/docs-figures.mjs -->`, `<!-- end of ${figure} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/figures.md: expected ${begin} … ${end}`);
  const told = claims.filter(({ holds }) => holds !== null);
  const rows = claims.map(
    ({ claim, measured, holds }) =>
      `| ${cell(claim)} | ${cell(measured)} | ${holds === null ? "?" : holds ? "yes" : "**no**"} |`,
  );
  const table = ["| the paper says | measured here | holds |", "|---|---|---|", ...rows].join("\n");
  const summary = `${told.filter(({ holds }) => holds).length} of ${told.length} claims hold; ${Math.round(seconds)} s.`;
  text = `${text.slice(0, from)}${begin}\n${summary}\n\n${table}\n${text.slice(to)}`;
}
writeFileSync(page, text);

function cell(words) {
  return words.replaceAll("|", "\\|");
}
