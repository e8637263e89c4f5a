import type { App } from "./app.ts";
import { forOneScan } from "./for-one-scan.ts";
import { latest, messageOf } from "./latest.ts";
import { type Sliders, sliders } from "./relearning.ts";
import { type Point, type Shape, stackOf } from "./shapes.ts";

/** What follows the mouse: the pattern at a position, dark-field images through apertures, mean patterns of regions. */
export interface Live {
  readonly moveTo: (position: Point) => void;
  readonly setApertures: (apertures: readonly Shape[]) => void;
  readonly setRegions: (regions: readonly Shape[]) => void;
  /** The sliders after learning. */
  readonly sliders: Sliders;
}

export function livePictures({ session, store }: Pick<App, "session" | "store">): Live {
  const fail = (error: unknown): void => store.set({ trouble: { message: messageOf(error) } });
  const askPattern = latest(
    (position: Point) => forOneScan(store, session.patternAt(position)),
    (pattern) => pattern && store.set({ pattern }),
    fail,
  );
  const askDarkFields = latest(
    async (apertures: readonly Shape[]) => {
      const { scan } = store.get();
      const asked = scan && stackOf("patterns", apertures, scan.pixels);
      if (!asked) return undefined;
      const stack = await forOneScan(store, session.darkFields(asked.stack));
      return stack && { shapes: asked.shapes, stack };
    },
    (darkFields) => store.set({ darkFields }),
    fail,
  );
  const askMeans = latest(
    async (regions: readonly Shape[]) => {
      const { scan } = store.get();
      const asked = scan && stackOf("images", regions, scan.positions);
      if (!asked) return undefined;
      const stack = await forOneScan(store, session.meanOf(asked.stack));
      return stack && { shapes: asked.shapes, stack };
    },
    (regionMeans) => store.set({ regionMeans }),
    fail,
  );
  return {
    moveTo: (position) => {
      store.set({ position });
      askPattern(position);
    },
    setApertures: (apertures) => {
      store.set({ apertures });
      askDarkFields(apertures);
    },
    setRegions: (regions) => {
      store.set({ regions });
      askMeans(regions);
    },
    sliders: sliders({ session, store }),
  };
}
