import { area, maskFromRuns, maskRuns } from "../../../src/index.ts";
import type { OpenedScan } from "../../session/session.ts";
import { keep, kept } from "./kept.ts";
import { emptyState, steps, type WindowState } from "./window-state.ts";

// What is kept between visits: how the window looks, and for the last few scans what was set for each. Never data.

const ofWindow = ["displays", "theme"] as const;
const ofScan = [
  ...["step", "axes", "position", "apertures", "regions", "choices", "method", "component"],
  ...["model", "line", "lineWidth", "pixelMask", "positionMask"],
] as unknown as readonly (keyof WindowState)[];
const mostScans = 24;

type Settings = Partial<Record<keyof WindowState, unknown>>;
type Runs = readonly number[] | undefined;

const keyOf = ({ name, positions, pixels, dtype }: OpenedScan): string =>
  `${name} ${positions.join("×")} ${pixels.join("×")} ${dtype}`;

const picked = (state: WindowState, names: readonly (keyof WindowState)[]): Settings =>
  Object.fromEntries(names.map((name) => [name, state[name]]));

/** How the window looked at the last visit. */
export async function rememberedWindow(): Promise<Pick<WindowState, (typeof ofWindow)[number]>> {
  const { displays, theme } = ((await kept("window", "window")) ?? {}) as Partial<WindowState>;
  return { displays: displays ?? emptyState.displays, theme: theme ?? emptyState.theme };
}

/** What was set for this scan at an earlier visit. */
export async function rememberedOf(scan: OpenedScan): Promise<Partial<WindowState>> {
  const found = (await kept("scans", keyOf(scan))) as Settings | undefined;
  if (!found) return {};
  const { step, pixelMask, positionMask, ...settings } = picked(found as WindowState, ofScan);
  const mask = (runs: unknown, size: OpenedScan["pixels"]) =>
    runs ? maskFromRuns(runs as number[], area(size)) : undefined;
  return {
    ...(settings as Partial<WindowState>),
    ...(steps.slice(1).includes(step as (typeof steps)[number]) && { step: step as WindowState["step"] }),
    pixelMask: mask(pixelMask, scan.pixels),
    positionMask: mask(positionMask, scan.positions),
  };
}

/** Keeps settings when they changed: of the window, and of the scan once something can be set for it. */
export function remembering(): (state: WindowState) => void {
  let [window, scan]: Settings[] = [{}, {}];
  const differ = (a: Settings, b: Settings): boolean =>
    Object.keys(b).some((name) => a[name as keyof Settings] !== b[name as keyof Settings]);
  const runs = (mask: unknown): Runs => (mask ? maskRuns(mask as Uint8Array) : undefined);
  return (state) => {
    const keptAt = Date.now();
    const windowNow = picked(state, ofWindow);
    if (differ(window, windowNow)) void keep("window", "window", { ...windowNow, keptAt }, 1);
    window = windowNow;
    if (!state.scan || !state.look) return;
    const scanNow = picked(state, ["scan", ...ofScan]);
    if (differ(scan, scanNow)) {
      const { scan: _, pixelMask, positionMask, ...settings } = scanNow;
      const masks = { pixelMask: runs(pixelMask), positionMask: runs(positionMask) };
      void keep("scans", keyOf(state.scan), { ...settings, ...masks, keptAt }, mostScans);
    }
    scan = scanNow;
  };
}
