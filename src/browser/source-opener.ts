import { openBinned } from "../prepare/binned.ts";
import { openCropped } from "../prepare/cropped.ts";
import { openEightBit } from "../prepare/eight-bit.ts";
import { openRecentred } from "../prepare/recentred.ts";
import { openArray } from "../scan/array-source.ts";
import { UnsupportedError } from "../scan/errors.ts";
import { openKept } from "../scan/kept.ts";
import type { PatternSource, SourceDescriptor } from "../scan/source.ts";

/**
 * Opens any source from its descriptor: what a worker does first.
 *
 * @param openFile  how this platform opens a descriptor of kind "file"
 */
export function sourceOpener(
  openFile: (descriptor: SourceDescriptor) => Promise<PatternSource>,
): (descriptor: SourceDescriptor) => Promise<PatternSource> {
  return async function openSource(descriptor) {
    switch (descriptor.kind) {
      case "file":
        return openFile(descriptor);
      case "recentred":
        return openRecentred(descriptor, openSource);
      case "binned":
        return openBinned(descriptor, openSource);
      case "cropped":
        return openCropped(descriptor, openSource);
      case "eight-bit":
        return openEightBit(descriptor, openSource);
      case "simulated":
        return (await import("../simulate/simulated.ts")).openSimulated(descriptor);
      case "kept":
        return openKept(descriptor, openSource);
      case "array":
        return openArray(descriptor);
      default:
        throw new UnsupportedError(`source: expected a kind that this version opens, found "${descriptor.kind}"`, {
          feature: descriptor.kind,
        });
    }
  };
}
