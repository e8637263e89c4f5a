import type { PatternSource } from "../scan/source.ts";
import type { Bytes } from "./bytes.ts";
import type { Format, OpenOptions } from "./format.ts";
import { calibration } from "./hdf5-axes.ts";
import { findScan } from "./hdf5-find.ts";
import { filterNames, hdf5Library, openHdf5, provideFilters } from "./hdf5-library.ts";
import { slabReader } from "./hdf5-slabs.ts";
import { writeHspy } from "./hspy.ts";
import { readAs } from "./stored-numbers.ts";

/**
 * HDF5 with a 4-D dataset: HyperSpy's .hspy, FPD, py4DSTEM and other EMD, NeXus, or any other writer's.
 *
 * Nothing is checked beyond what HDF5 checks: a bit that flips inside a pattern is noticed only if the writer added
 * checksums (fletcher32).
 */
export const hdf5: Format = {
  name: "hdf5",
  describes: "HDF5 with a 4-D dataset (.hspy, .h5, .hdf5, .emd, .nxs)",
  extension: ".hspy",
  recognise,
  open,
  write: writeHspy,
};

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** The signature stands at byte 0, 512, 1024, 2048 …: a file may begin with something else. */
function recognise(bytes: Bytes, head: Uint8Array): boolean {
  const at = (start: Uint8Array): boolean => signature.every((byte, index) => start[index] === byte);
  if (at(head)) return true;
  for (let offset = 512; offset <= 2 ** 20 && offset + 8 <= bytes.size; offset *= 2) {
    if (at(bytes.read(offset, 8))) return true;
  }
  return false;
}

async function open(bytes: Bytes, options: OpenOptions): Promise<PatternSource> {
  const library = await hdf5Library();
  const file = openHdf5(library, bytes);
  try {
    const scan = findScan(file, bytes.name, options);
    const { dataset } = scan;
    const filters = file.attempt(`read the filters of ${dataset.path}`, () => filterNames(dataset));
    await provideFilters(library, dataset, bytes.name, options.hdf5Filter);
    const { axes, metadata } = file.attempt("read the calibration", () => calibration(file, scan));
    const slabs = slabReader(library, file, scan, bytes.name, options.cacheBytes);
    return {
      name: bytes.name,
      format: "hdf5",
      positions: scan.positions,
      pixels: scan.pixels,
      dtype: readAs(scan.stored),
      axes,
      metadata: { dataset: dataset.path, ...storage(dataset.metadata.chunks, filters), ...metadata },
      descriptor: { kind: "file", locator: bytes.locator, options },
      read: async (first, count, into) => slabs.read(first, count, into),
      close: () => {
        slabs.free();
        file.close();
      },
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

function storage(chunks: readonly number[] | null, filters: readonly string[]): Record<string, string> {
  if (chunks === null) return { "stored as": "contiguous" };
  return {
    "stored as": `chunks of ${chunks.join("×")}, ${filters.length === 0 ? "uncompressed" : filters.join(" + ")}`,
  };
}
