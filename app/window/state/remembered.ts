import type { Axes } from "../../../src/index.ts";
import type { OpenedScan } from "../../session/session.ts";
import type { Shape } from "./shapes.ts";
import { type Choices, emptyState, type Step, steps, type WindowState } from "./window-state.ts";

/** What is kept between visits: how pictures are drawn, and for the last few scans what was set for each. Never data. */
interface Remembered {
  readonly displays: WindowState["displays"];
  readonly scans: readonly RememberedScan[];
}

interface RememberedScan {
  readonly key: string;
  readonly step: Step;
  readonly axes: Axes;
  readonly apertures: readonly Shape[];
  readonly regions: readonly Shape[];
  readonly choices: Choices;
  readonly line?: WindowState["line"];
}

const place = "endmember";
const mostScans = 8;

const keyOf = ({ name, positions, pixels, dtype }: OpenedScan): string =>
  `${name} ${positions.join("×")} ${pixels.join("×")} ${dtype}`;

function read(): Remembered | undefined {
  try {
    const text = localStorage.getItem(place);
    const found = text === null ? undefined : (JSON.parse(text) as Remembered);
    return found && Array.isArray(found.scans) && found.displays?.pattern && found.displays.image ? found : undefined;
  } catch {
    // Settings of another version, or a browser that keeps nothing: start afresh.
    return undefined;
  }
}

/** How pictures were drawn at the last visit. */
export const rememberedDisplays = (): WindowState["displays"] => read()?.displays ?? emptyState.displays;

/** What was set for this scan at an earlier visit. */
export function rememberedOf(scan: OpenedScan): Partial<WindowState> {
  const key = keyOf(scan);
  const found = read()?.scans?.find((each) => each.key === key);
  if (!found) return {};
  const { key: _, step, ...settings } = found;
  return { ...settings, ...(steps.includes(step) && step !== "open" && { step }) };
}

/** Keeps what is set now. */
export function remember({ scan, look, step, axes, apertures, regions, choices, line, displays }: WindowState): void {
  const before = read()?.scans ?? [];
  let scans = before;
  // While a scan is being opened, nothing is set for it yet.
  if (scan && look) {
    const key = keyOf(scan);
    const settings: RememberedScan = { key, step, axes, apertures, regions, choices, ...(line && { line }) };
    scans = [settings, ...before.filter((each) => each.key !== key)].slice(0, mostScans);
  }
  try {
    localStorage.setItem(place, JSON.stringify({ displays, scans } satisfies Remembered));
  } catch {
    // A browser that keeps nothing still works, without memory.
  }
}
