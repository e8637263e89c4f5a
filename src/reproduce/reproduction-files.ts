import type { ResultFile, ResultTools } from "../results/files.ts";
import { page } from "./page.ts";
import type { Drawing, Reproduction } from "./reproduction.ts";

export interface ReproductionTools extends ResultTools {
  /** Of endmember, for the page. */
  readonly version: string;
  /** Name of the user's own scan, where there was one. */
  readonly scan?: string;
}

/**
 * Everything that `reproduce` leaves: index.html, claims.json, and each figure as SVG and PNG.
 *
 * @example
 * const made = await reproduce(["fig5"], { scanOf: onReference, seed: 1 });
 * for (const { name, bytes } of await reproductionFiles(made, { rasterise, version })) await writeFile(join(folder, name), bytes);
 */
export async function reproductionFiles(
  made: readonly Reproduction[],
  { rasterise, version, scan }: ReproductionTools,
): Promise<ResultFile[]> {
  const drawings = made.flatMap(({ name, figure, unmixed }): (readonly [string, Drawing])[] => [
    [name, figure],
    ...(unmixed ? ([[`${name}-unmixed`, unmixed]] as const) : []),
  ]);
  const pngs = await Promise.all(drawings.map(async ([, { svg }]) => rasterise(svg, 2)));
  return [
    { name: "index.html", bytes: utf8(page(made, { version, scan })) },
    { name: "claims.json", bytes: utf8(`${JSON.stringify(claimsOf(made, version, scan), null, 2)}\n`) },
    ...drawings.flatMap(([name, { svg }], i) => [
      { name: `${name}.svg`, bytes: utf8(svg) },
      { name: `${name}.png`, bytes: pngs[i]! },
    ]),
  ];
}

/** claims.json: each claim with what was measured, by figure. */
const claimsOf = (made: readonly Reproduction[], version: string, scan: string | undefined): object => ({
  endmember: version,
  paper: "Martineau et al., Adv. Struct. Chem. Imaging 5 (2019) 3, doi 10.1186/s40679-019-0063-3",
  ...(scan !== undefined && { scan }),
  figures: made.map(({ name, title, claims, parameters, seconds }) => ({
    figure: name,
    title,
    seconds: Math.round(seconds * 10) / 10,
    claims,
    parameters: Object.fromEntries(parameters),
  })),
});

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
