import { significant, superscript } from "../figures/typography.ts";
import type { Scan } from "../scan/scan.ts";
import type { PatternSource, Watch } from "../scan/source.ts";
import type { Rocking } from "../simulate/rocking.ts";
import type { WireScans } from "./wire-scans.ts";

/** The figures of the paper, in its order. */
export const figureNames = ["fig1", "fig2", "fig3", "fig4", "fig5", "fig6", "fig7"] as const;
export type FigureName = (typeof figureNames)[number];

/** Something that the paper says of a figure, and what was measured here. */
export interface Claim {
  /** What the paper says, in our words. */
  readonly claim: string;
  /** The measure and the bound that the claim is held to. */
  readonly expected: string;
  /** What came out, with its unit. */
  readonly measured: string;
  /** Whether it holds; null where this scan cannot tell. */
  readonly holds: boolean | null;
  /** Why it does not hold, or what else must be known to read the number. */
  readonly reason?: string;
}

/** A drawing with the words under it. */
export interface Drawing {
  readonly svg: string;
  readonly caption: string;
}

/** One figure of the paper, made again. */
export interface Reproduction {
  readonly name: FigureName;
  readonly title: string;
  /** What the figure is about and how it was made here, a paragraph each. */
  readonly about: readonly string[];
  /** Laid out as in the paper. */
  readonly figure: Drawing;
  readonly claims: readonly Claim[];
  /** What identifiable unmixing gives on the same data, where the paper's methods leave an artefact. */
  readonly unmixed?: Drawing;
  /** Everything that had to be chosen, with its value. */
  readonly parameters: readonly (readonly [label: string, value: string | number])[];
  readonly seconds: number;
}

/** A scan on an engine. */
export type OpenedScan = Scan & { close?(): Promise<void> };

/** What a figure is made with. */
export interface Tools extends Watch {
  /** Puts a source on an engine, e.g. `onThreads`. */
  readonly scanOf: (source: PatternSource) => Promise<OpenedScan>;
  /** For everything random, default 1. */
  readonly seed: number;
  /** The user's own scan, for Figs 1–4 in place of the simulated wire. */
  readonly scan?: PatternSource;
  /** Who computes the multislice of Fig 7; default this thread. */
  readonly rocked?: Rocking;
  /** The scans that Figs 1–4 share. */
  readonly wires: WireScans;
}

/** Runs work on a scan and closes it whatever happens. */
export async function withScan<Result>(
  { scanOf }: Pick<Tools, "scanOf">,
  source: PatternSource,
  work: (scan: Scan) => Promise<Result>,
): Promise<Result> {
  const scan = await scanOf(source);
  try {
    return await work(scan);
  } finally {
    await scan.close?.();
  }
}

/** A number as the tables show it; a dash where there is none. */
export const shown = (value: number, digits = 3): string => {
  if (!Number.isFinite(value)) return "–";
  if (value === 0 || Math.abs(value) >= 1e-3) return significant(value, digits);
  const [mantissa, exponent] = value.toExponential(1).split("e");
  return `${significant(Number(mantissa), 2)}·10${superscript(Number(exponent))}`;
};

/** A part of a whole in percent. */
export const percent = (part: number, digits = 1): string => `${(100 * part).toFixed(digits)} %`;
