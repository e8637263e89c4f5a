import type { PatternSource } from "../scan/source.ts";
import type { Bytes } from "./bytes.ts";
import type { OpenOptions } from "./format.ts";
import { openApp5 } from "./hdf5-app5.ts";
import { besideDataset, py4dstemSteps } from "./hdf5-axes.ts";
import { openDectris } from "./hdf5-dectris.ts";
import { findScan } from "./hdf5-find.ts";
import { filterNames, hdf5Library, openHdf5, provideFilters } from "./hdf5-library.ts";
import { slabReader } from "./hdf5-slabs.ts";
import { veloxSteps } from "./hdf5-velox.ts";
import { calibration } from "./recorded-axes.ts";
import { readAs } from "./stored-numbers.ts";

/**
 * HDF5 with a scan in it: a 4-D dataset of HyperSpy's .hspy, FPD, py4DSTEM and other EMD, NeXus, or any other writer; a stack
 * of Velox or another; TopSpin's .app5; a DECTRIS master file with its data files.
 *
 * Nothing is checked beyond what HDF5 checks: a bit that flips inside a pattern is noticed only if the writer added
 * checksums (fletcher32).
 */
export async function openHdf5Scan(bytes: Bytes, options: OpenOptions): Promise<PatternSource> {
  const library = await hdf5Library();
  const file = openHdf5(library, bytes);
  try {
    const special =
      (await openApp5(library, file, bytes, options)) ?? (await openDectris(library, file, bytes, options));
    if (special !== undefined) return special;
    const scan = findScan(file, bytes.name, options);
    const { dataset } = scan;
    const filters = file.attempt(`read the filters of ${dataset.path}`, () => filterNames(dataset));
    await provideFilters(library, dataset, bytes.name, options.hdf5Filter);
    const velox = veloxSteps(file, scan);
    const steps = { ...py4dstemSteps(file, scan), ...velox.steps };
    const { axes, metadata } = await calibration(scan, besideDataset(file, dataset), steps);
    const slabs = slabReader(library, file, scan, bytes.name, options.cacheBytes);
    return {
      name: bytes.name,
      format: "hdf5",
      positions: scan.positions,
      pixels: scan.pixels,
      dtype: readAs(scan.stored),
      axes,
      metadata: { dataset: dataset.path, ...storage(dataset.metadata.chunks, filters), ...velox.metadata, ...metadata },
      descriptor: { kind: "file", locator: bytes.locator, options },
      read: slabs.read,
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
