import type { Rasterise } from "../figures/rasterise.ts";
import type { ResultFile } from "../results/files.ts";
import { page } from "./page.ts";
import type { Drawing, Reproduction } from "./reproduction.ts";

/**
 * Everything that `reproduce` leaves: index.html, claims.json, and each figure as SVG and PNG.
 *
 * @example
 * const made = await reproduce(["fig5"], { scanOf: onReference, seed: 1 });
 * for (const { name, bytes } of reproductionFiles(made, { rasterise, version, scan: undefined })) await writeFile(join(folder, "figures", "..", name), bytes);
 */
export function reproductionFiles(
  made: readonly Reproduction[],
  {
    rasterise,
    version,
    scan,
  }: { readonly rasterise: Rasterise; readonly version: string; readonly scan: string | undefined },
): ResultFile[] {
  const drawn = (name: string, { svg }: Drawing): ResultFile[] => [
    { name: `${name}.svg`, bytes: utf8(svg) },
    { name: `${name}.png`, bytes: rasterise(svg, 2) },
  ];
  return [
    { name: "index.html", bytes: utf8(page(made, { version, scan })) },
    { name: "claims.json", bytes: utf8(`${JSON.stringify(claimsOf(made, version, scan), null, 2)}\n`) },
    ...made.flatMap(({ name, figure, unmixed }) => [
      ...drawn(name, figure),
      ...(unmixed ? drawn(`${name}-unmixed`, unmixed) : []),
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
