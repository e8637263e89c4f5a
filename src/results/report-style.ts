/** Style of the report: one column that fits the widest figure, figures on white cards in light and dark, printable. */
export const reportStyle = `
:root { color-scheme: light dark; --ground: #f4f5f7; --paper: #ffffff; --text: #1c2430; --soft: #55606e; --line: #d9dee4; --accent: #0b5cad; --warn: #8a4b00; --warn-ground: #fff6e5; --warn-line: #f0c274; }
@media (prefers-color-scheme: dark) { :root { --ground: #14181d; --paper: #1d232a; --text: #e6eaef; --soft: #a5b0bc; --line: #343d47; --accent: #7db8f5; --warn: #ffcf85; --warn-ground: #33270f; --warn-line: #6d5420; } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.55 Inter, system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
main, header, footer { max-width: 1176px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 36px; }
h1 { font-size: 30px; line-height: 1.25; margin: 0 0 6px; letter-spacing: -0.01em; font-weight: 650; text-wrap: balance; }
.file { color: var(--soft); margin: 0 0 10px; overflow-wrap: anywhere; }
.found { font-size: 17px; margin: 0 0 14px; max-width: 78ch; }
nav { display: flex; flex-wrap: wrap; gap: 4px 18px; padding: 10px 0; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); font-size: 14.5px; }
nav a { color: var(--accent); text-decoration: none; } nav a:hover { text-decoration: underline; }
section { margin: 34px 0; scroll-margin-top: 12px; }
h2 { font-size: 21px; line-height: 1.3; margin: 0 0 8px; font-weight: 650; }
h3 { font-size: 16px; margin: 20px 0 6px; font-weight: 650; }
p { margin: 0 0 12px; max-width: 84ch; }
figure { margin: 14px 0; padding: 10px; background: #fff; border: 1px solid var(--line); border-radius: 8px; color: #1c2430; }
figure svg { display: block; max-width: 100%; height: auto; margin: 0 auto; }
.scroll { overflow-x: auto; }
@media screen and (max-width: 760px) { figure svg { max-width: none; min-width: 720px; } }
figcaption { font-size: 14px; line-height: 1.5; color: #55606e; border-top: 1px solid #e4e8ec; margin: 8px 4px 0; padding: 9px 4px 2px; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(330px, 1fr)); gap: 0 36px; }
table { border-collapse: collapse; font-size: 14.5px; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 5px 10px 5px 0; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
th { font-weight: 500; color: var(--soft); width: 46%; overflow-wrap: normal; }
td.number, th.number { text-align: right; width: auto; padding-right: 0; white-space: nowrap; }
.indices th { width: auto; } .indices td.number, .indices th.number { padding-left: 18px; } .indices thead th.number { white-space: normal; vertical-align: bottom; } .scroll + p { margin-top: 10px; }
.effort th { width: 24%; } .effort td:last-child { width: 60%; padding-left: 18px; padding-right: 0; vertical-align: middle; }
.warning { background: var(--warn-ground); border: 1px solid var(--warn-line); border-left-width: 5px; border-radius: 6px; padding: 10px 14px; margin: 10px 0; }
.warning p { margin: 0 0 4px; } .warning strong { color: var(--warn); } .warning .code { color: var(--soft); font-size: 13px; font-family: ui-monospace, Consolas, monospace; }
.bar { height: 8px; background: var(--accent); border-radius: 2px; min-width: 1px; }
pre { background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; overflow-x: auto; font: 13px/1.5 ui-monospace, "SF Mono", Consolas, monospace; margin: 8px 0 14px; white-space: pre-wrap; overflow-wrap: anywhere; }
.copy { float: right; font: inherit; font-size: 13px; color: var(--accent); background: none; border: 1px solid var(--line); border-radius: 6px; padding: 3px 10px; cursor: pointer; }
footer { color: var(--soft); font-size: 13.5px; padding: 18px 20px 40px; border-top: 1px solid var(--line); }
@media print {
  @page { size: landscape; margin: 12mm; }
  :root { --ground: #fff; --paper: #fff; --text: #111; --soft: #444; --line: #ccc; --accent: #0b5cad; --warn: #8a4b00; --warn-ground: #fff6e5; --warn-line: #f0c274; }
  body { font-size: 10.5pt; } h1 { font-size: 18pt; } h2 { font-size: 13pt; }
  header { padding-top: 0; } main, header, footer { max-width: none; padding: 0; }
  nav, .copy { display: none; }
  section { margin: 16px 0; } h2, h3, section > p { break-after: avoid; } section > p + p { break-before: avoid; } .columns { display: block; } p, figure, table, .warning { break-inside: avoid; } th, td { padding-top: 2.5px; padding-bottom: 2.5px; }
  figure { border: 0; padding: 0; } figcaption { font-size: 9pt; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
