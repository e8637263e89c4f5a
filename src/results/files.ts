import type { Analysis } from "../analyse/analysis.ts";
import type { Images, Patterns } from "../scan/scan.ts";
import { type ResultFigure, resultFigures } from "./figures.ts";
import { hspy } from "./hspy.ts";
import { methodResults } from "./methods.ts";
import { npy } from "./npy.ts";
import { report } from "./report.ts";
import { summary } from "./summary.ts";

/** A file to be written: its path inside the result folder, with "/" between, and its bytes. */
export interface ResultFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface ResultTools {
  /** Draws SVG figures as PNG: from `rasteriser`, or on threads. */
  readonly rasterise: (svg: string, scale: number) => Uint8Array | Promise<Uint8Array>;
  /** Packs results.hspy, default {@link hspy} itself. */
  readonly pack?: (analysis: Analysis) => Promise<Uint8Array>;
}

/**
 * Every file that a run leaves. The same analysis gives the same bytes, but for the seconds and megabytes in summary.json and report.html.
 *
 * @example
 * for (const { name, bytes } of await resultFiles(analysis, { rasterise })) await writeFile(join(folder, name), bytes);
 */
export async function resultFiles(analysis: Analysis, { rasterise, pack = hspy }: ResultTools): Promise<ResultFile[]> {
  const { brightField, meanPattern, alignment, recipe } = analysis;
  const figures: ResultFigure[] = [];
  const drawn: (Uint8Array | Promise<Uint8Array>)[] = [];
  // Others pack and draw while the next figure is made.
  const [results, pngs] = await Promise.all([
    pack(analysis),
    (async () => {
      for (const figure of resultFigures(analysis)) {
        figures.push(figure);
        drawn.push(rasterise(figure.svg, 2));
        // Lets the threads' answers in.
        await new Promise((resume) => setTimeout(resume));
      }
      return Promise.all(drawn);
    })(),
  ]);
  return [
    { name: "report.html", bytes: utf8(report(analysis, figures)) },
    { name: "summary.json", bytes: json(summary(analysis)) },
    { name: "recipe.json", bytes: json(recipe) },
    { name: "results.hspy", bytes: results },
    ...figures.flatMap(({ name, svg }, i) => [
      { name: `figures/${name}.svg`, bytes: utf8(svg) },
      { name: `figures/${name}.png`, bytes: pngs[i] },
    ]),
    { name: "bright-field.npy", bytes: npy(brightField.values, [...brightField.size]) },
    { name: "mean-pattern.npy", bytes: npy(meanPattern.values, [...meanPattern.size]) },
    ...(alignment ? [{ name: "shifts.npy", bytes: stacked(alignment.shifts) }] : []),
    ...methodResults(analysis).flatMap(({ name, names, patterns, images, barycentric }) => [
      { name: `${name}-${names.pattern}s.npy`, bytes: stacked(patterns) },
      { name: `${name}-${names.image}s.npy`, bytes: stacked(images) },
      ...(barycentric ? [{ name: `${name}-barycentric.npy`, bytes: stacked(barycentric) }] : []),
    ]),
  ];
}

const stacked = ({ values, count, size }: Images | Patterns): Uint8Array => npy(values, [count, ...size]);

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const json = (value: object): Uint8Array => utf8(`${JSON.stringify(value, null, 2)}\n`);
