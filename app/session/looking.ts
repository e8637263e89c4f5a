import { onThreads } from "../../src/browser.ts";
import {
  brightFieldDisk,
  disk,
  type Images,
  maximumPattern,
  meanPattern,
  type PatternSource,
  type Patterns,
  patternAt,
  regionMeanPattern,
  virtualImages,
} from "../../src/index.ts";
import type { Look, Progress } from "./session.ts";

/** The live side of an open scan: kept on the engine, so that an image follows an aperture while it is dragged. */
export interface Looking {
  look(progress: Progress): Promise<Look>;
  patternAt(position: readonly [number, number]): Promise<Float32Array>;
  darkFields(apertures: Patterns): Promise<Images>;
  meanOf(regions: Images): Promise<Patterns>;
  close(): void;
}

/** @param memory  bytes of patterns that may be kept */
export function looking(source: PatternSource, memory: number): Looking {
  // Begun at once: the first pass finds the workers ready.
  const scan = onThreads(source, { memory });
  scan.catch(() => {}); // whoever looks first is told
  return {
    async look({ signal, onProgress }) {
      const open = await scan;
      onProgress?.("mean pattern", 0);
      const mean = await meanPattern(open);
      signal?.throwIfAborted();
      onProgress?.("bright field", 0.5);
      const beam = brightFieldDisk(mean);
      const brightField = await virtualImages(open, [disk(mean.size, beam.centre, beam.radius)]);
      signal?.throwIfAborted();
      const maximum = await maximumPattern(source, {
        scan: open,
        ...(signal && { signal }),
        ...(onProgress && { onProgress: (stage, fraction) => onProgress(stage, 0.6 + 0.4 * fraction) }),
      });
      return { meanPattern: mean, maximumPattern: maximum, brightField, brightFieldDisk: beam };
    },
    patternAt: async (position) => (await patternAt(source, position)).values,
    darkFields: async (apertures) => virtualImages(await scan, [apertures]),
    meanOf: async (regions) => regionMeanPattern(await scan, regions),
    close: () => void scan.then((open) => open.close()),
  };
}
