import { fig1 } from "./fig1.ts";
import { fig2 } from "./fig2.ts";
import { fig3 } from "./fig3.ts";
import { fig4 } from "./fig4.ts";
import { fig5 } from "./fig5.ts";
import { fig6 } from "./fig6.ts";
import { fig7 } from "./fig7.ts";
import { type FigureName, figureNames, type Reproduction, type Tools } from "./reproduction.ts";
import { wireScans } from "./wire-scans.ts";

const figures: Readonly<Record<FigureName, (tools: Tools) => Promise<Omit<Reproduction, "seconds">>>> = {
  fig1,
  fig2,
  fig3,
  fig4,
  fig5,
  fig6,
  fig7,
};

/** How long each figure takes, roughly: for a progress bar that moves evenly. */
const shares: Readonly<Record<FigureName, number>> = {
  fig1: 15,
  fig2: 15,
  fig3: 8,
  fig4: 10,
  fig5: 4,
  fig6: 4,
  fig7: 80,
};

/**
 * Makes figures of the paper again, and measures what the paper says of them.
 *
 * Figs 1–4 show a nanowire, simulated or, with `scan`, the user's own; Figs 5 and 6 model scans; Fig 7 a dynamical simulation. Nothing is tuned
 * until a claim holds: one that does not is reported as such, with the reason.
 *
 * @param names  which, in any order; the result comes in the paper's
 * @returns      drawings, claims and parameters; nothing is written
 * @throws AbortError signal was aborted
 * @see Martineau et al., Adv. Struct. Chem. Imaging 5 (2019) 3
 * @example
 * const [figure] = await reproduce(["fig6"], { scanOf: onReference, seed: 1 });
 */
export async function reproduce(names: readonly FigureName[], tools: Omit<Tools, "wires">): Promise<Reproduction[]> {
  const { signal, onProgress } = tools;
  const chosen = figureNames.filter((name) => names.includes(name));
  const all = chosen.reduce((sum, name) => sum + shares[name], 0);
  const made: Reproduction[] = [];
  let before = 0;
  let report: NonNullable<Tools["onProgress"]> = () => {};
  const wires = wireScans({ ...tools, onProgress: (stage, fraction) => report(stage, fraction) });
  try {
    for (const name of chosen) {
      signal?.throwIfAborted();
      const began = performance.now();
      report = (stage, fraction) =>
        onProgress?.(`${name}: ${stage}`, (before + shares[name] * Math.min(1, fraction)) / all);
      report("begin", 0);
      const found = await figures[name]({ ...tools, wires, onProgress: report });
      before += shares[name];
      made.push({ ...found, seconds: (performance.now() - began) / 1000 });
    }
  } finally {
    await wires.close();
  }
  return made;
}
