import { openBinned } from "../prepare/binned.ts";
import { openCropped } from "../prepare/cropped.ts";
import { openEightBit } from "../prepare/eight-bit.ts";
import { openRecentred } from "../prepare/recentred.ts";
import { openArray } from "../scan/array-source.ts";
import { UnsupportedError } from "../scan/errors.ts";
import type { PatternSource, SourceDescriptor } from "../scan/source.ts";
import { openSimulated } from "../simulate/simulated.ts";
import { openFileSource } from "./open-scan.ts";

/** Opens any source from its descriptor: what a worker does first. */
export async function openSource(descriptor: SourceDescriptor): Promise<PatternSource> {
  switch (descriptor.kind) {
    case "file":
      return openFileSource(descriptor);
    case "recentred":
      return openRecentred(descriptor, openSource);
    case "binned":
      return openBinned(descriptor, openSource);
    case "cropped":
      return openCropped(descriptor, openSource);
    case "eight-bit":
      return openEightBit(descriptor, openSource);
    case "simulated":
      return openSimulated(descriptor);
    case "array":
      return openArray(descriptor);
    default:
      throw new UnsupportedError(`source: expected a kind that this version opens, found "${descriptor.kind}"`, {
        feature: descriptor.kind,
      });
  }
}
