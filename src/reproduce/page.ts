import { factTable, html, type Markup, markup } from "../results/html.ts";
import { reportStyle } from "../results/report-style.ts";
import type { Claim, Drawing, Reproduction } from "./reproduction.ts";

/** index.html: all figures that were made again, each with its claims, in one file that asks for nothing else. */
export function page(
  made: readonly Reproduction[],
  { version, scan }: { readonly version: string; readonly scan: string | undefined },
): string {
  const claims = made.flatMap((figure) => figure.claims);
  const kept = claims.filter(({ holds }) => holds === true).length;
  const failed = claims.filter(({ holds }) => holds === false).length;
  const open = claims.length - kept - failed;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="endmember ${version}">
<title>The figures of Martineau et al. 2019, made again</title>
<style>${markup(reportStyle + pageStyle)}</style>
</head>
<body>
<header>
<p class="file">Martineau, Johnstone, van Helvoort, Midgley and Eggeman: <em>Unsupervised machine learning applied to scanning precession electron diffraction data</em>, Adv. Struct. Chem. Imaging 5:3 (2019), <a class="whole" href="https://doi.org/10.1186/s40679-019-0063-3">doi 10.1186/s40679-019-0063-3</a></p>
<h1>The figures of the paper, made again</h1>
<p class="found">Of ${claims.length} claims that the paper makes about ${made.length === 1 ? "this figure" : "these figures"}, <strong>${kept} hold</strong>${failed > 0 ? html`, <strong>${failed} ${failed === 1 ? "does" : "do"} not</strong>` : ""}${open > 0 ? html`, and ${open} cannot be told from this scan` : ""}. ${scan === undefined ? "All data are simulated, so the truth is known. Parameters of Figs 1 to 6 were set before anything was measured; those of Fig 7, whose geometry the paper leaves open, and several measures were settled after first results, as the documentation says." : html`Figs 1 to 4 show the scan ${scan}, taken for two crystals and a background: where it shows something else, a claim that does not hold says nothing about the paper.`} Captions and drawings are this program's own.</p>
<nav aria-label="Figures">${made.map(({ name, title, claims }) => html`<a href="#${name}">${numbered(name)}: ${title} (${tally(claims)})</a>`)}</nav>
</header>
<main>
${made.map(section)}
</main>
<footer>Made by endmember ${version}, <code>endmember reproduce</code>. The figures lie beside this page as SVG and PNG, all numbers in claims.json. The same seed and version give the same numbers.</footer>
</body>
</html>
`.markup;
}

const numbered = (name: string): string => name.replace(/^fig/, "Figure ");

const tally = (claims: readonly Claim[]): string => {
  const told = claims.filter(({ holds }) => holds !== null);
  return `${told.filter(({ holds }) => holds).length} of ${told.length}`;
};

function section({ name, title, about, figure, claims, unmixed, parameters, seconds }: Reproduction): Markup {
  return html`<section id="${name}">
<h2>${numbered(name)}. ${title}</h2>
${about.map((paragraph) => html`<p>${paragraph}</p>`)}
${drawing(figure)}
<h3>What the paper says, and what was measured here</h3>
<div class="scroll"><table class="claims">
<thead><tr><th scope="col">The paper</th><th scope="col">Held to</th><th scope="col">Measured</th><th scope="col">Holds</th></tr></thead>
<tbody>${claims.map(claimRow)}</tbody>
</table></div>
${unmixed && html`<h3>The same data, unmixed</h3>${drawing(unmixed)}`}
<details><summary>Parameters; made in ${seconds.toFixed(1)} s</summary>${factTable(parameters)}</details>
</section>
`;
}

const drawing = ({ svg, caption }: Drawing): Markup =>
  html`<figure><div class="scroll">${markup(svg)}</div><figcaption>${caption}</figcaption></figure>`;

const verdicts = { true: ["yes", "kept"], false: ["no", "failed"], null: ["cannot be told", "open"] } as const;

function claimRow({ claim, expected, measured, holds, reason }: Claim): Markup {
  const [word, look] = verdicts[`${holds}`];
  return html`<tr class="${look}"><td>${claim}</td><td data-label="Held to">${expected}</td><td data-label="Measured">${measured}${reason === undefined ? undefined : html`<p class="reason">${reason}</p>`}</td><td class="verdict" data-label="Holds">${word}</td></tr>
`;
}

const pageStyle = `
header a { color: var(--accent); } .whole { white-space: nowrap; }
nav { flex-direction: column; gap: 3px; }
.claims { min-width: 720px; } .claims th { width: auto; } .claims th:last-child { width: 74px; }
.claims td { width: 30%; padding-right: 18px; } .claims td.verdict { width: 74px; font-weight: 650; padding-right: 0; }
.kept .verdict { color: #1a7f37; } .failed .verdict { color: #c62828; } .open .verdict { color: var(--soft); }
.failed { background: color-mix(in srgb, #c62828 8%, transparent); }
.reason { margin: 4px 0 0; color: var(--soft); font-size: 13.5px; }
details { margin: 12px 0; } summary { cursor: pointer; color: var(--soft); font-size: 14.5px; }
@media (prefers-color-scheme: dark) { .kept .verdict { color: #6fcf86; } .failed .verdict { color: #ff8a80; } }
@media screen and (max-width: 760px) {
  .claims thead { display: none; }
  .claims, .claims tbody, .claims tr, .claims td, .claims td.verdict { display: block; width: auto; min-width: 0; }
  .claims tr { padding: 8px 8px 10px; border-bottom: 1px solid var(--line); } .claims td { border: 0; padding: 2px 0; }
  .claims td[data-label]::before { content: attr(data-label) ": "; color: var(--soft); font-weight: 400; }
}
@media print { details > * { display: block; } .claims { min-width: 0; } }
`;
