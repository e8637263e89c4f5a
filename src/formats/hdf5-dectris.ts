import { FormatError, ShapeError } from "../scan/errors.ts";
import { area, type Size } from "../scan/scan.ts";
import { type PatternSource, patternBytes, uncalibratedAxes } from "../scan/source.ts";
import type { Bytes } from "./bytes.ts";
import { layoutOf, type ScanLayout } from "./find-scan.ts";
import type { OpenOptions } from "./format.ts";
import { stackAt } from "./hdf5-find.ts";
import {
  asGroup,
  asLink,
  attribute,
  type Hdf5,
  type Hdf5Link,
  type OpenHdf5,
  openHdf5,
  provideFilters,
} from "./hdf5-library.ts";
import { slabReader } from "./hdf5-slabs.ts";
import { readAs } from "./stored-numbers.ts";

/** The patterns of one data file. */
interface Part {
  readonly name: string;
  readonly count: number;
  readonly layout: ScanLayout;
  read(first: number, count: number, into: Uint8Array): Promise<void>;
}

/**
 * A DECTRIS master file (ARINA, ELA, QUADRO …): its group `/entry/data` links to stacks of patterns in other files, which
 * are read one behind the other. An ARINA writes the scan size into a further file, `X.h5` beside `X_master.h5`.
 *
 * @returns undefined where the file holds no such links
 * @throws FormatError  a file that is linked to is not there, or the patterns differ
 * @throws ShapeError   the scan size is not known, or does not fit the number of patterns
 */
export async function openDectris(
  library: Hdf5,
  file: OpenHdf5,
  bytes: Bytes,
  options: OpenOptions,
): Promise<PatternSource | undefined> {
  const links = file.attempt("look for links to data files", () => linksIn(file));
  if (links.length === 0 || options.dataset !== undefined) return undefined;
  const opened: OpenHdf5[] = [];
  const freed: (() => void)[] = [];
  try {
    const parts: Part[] = [];
    for (const link of links) {
      const data = bytes.sibling(link.file);
      if (data === undefined) {
        throw new FormatError(
          `${bytes.name}: expected ${link.file}, to which ${link.path} links, in the same folder, found none; keep these files together`,
          { file: bytes.name, object: link.path },
        );
      }
      const part = openHdf5(library, data);
      opened.push(part);
      const found = stackAt(part, data.name, link.target);
      await provideFilters(library, found.dataset, data.name, options.hdf5Filter);
      const layout = layoutOf(data.name, found, [1, found.shape[0]!]);
      const slabs = slabReader(
        library,
        part,
        { dataset: found.dataset, order: undefined, ...layout },
        data.name,
        options.cacheBytes,
      );
      freed.push(slabs.free);
      parts.push({ name: data.name, count: found.shape[0]!, layout, read: slabs.read });
    }
    const { pixels, stored } = parts[0]!.layout;
    for (const { name, layout } of parts) {
      if (
        layout.pixels.join() === pixels.join() &&
        layout.stored.kind === stored.kind &&
        layout.stored.bytes === stored.bytes
      )
        continue;
      throw new FormatError(
        `${name}: expected patterns of ${pixels.join("×")} as in ${parts[0]!.name}, found ${layout.pixels.join("×")}`,
        {
          file: name,
        },
      );
    }
    const frames = parts.reduce((sum, { count }) => sum + count, 0);
    const { size, metadata } = await acquisition(library, bytes);
    const positions = scanSize(bytes, frames, size, options);
    const missing = area(positions) - frames;
    const dtype = readAs(stored);
    const pattern = patternBytes({ pixels, dtype });
    return {
      name: bytes.name,
      format: "hdf5",
      positions,
      pixels,
      dtype,
      axes: uncalibratedAxes,
      metadata: {
        dataset: links[0]!.path,
        "data files": parts.length,
        ...metadata,
        ...(missing > 0 ? { "missing patterns": missing } : {}),
        ...(missing < 0 ? { "frames left out": -missing } : {}),
      },
      descriptor: { kind: "file", locator: bytes.locator, options },
      read: async (first, count, into) => {
        into.fill(0, Math.max(0, Math.min(count, frames - first)) * pattern);
        let start = 0;
        for (const part of parts) {
          const [from, to] = [Math.max(first, start), Math.min(first + count, start + part.count)];
          if (from < to) {
            await part.read(from - start, to - from, into.subarray((from - first) * pattern, (to - first) * pattern));
          }
          start += part.count;
        }
      },
      close: () => {
        for (const free of freed) free();
        for (const each of [...opened, file]) each.close();
      },
    };
  } catch (error) {
    for (const free of freed) free();
    for (const each of opened) each.close();
    throw error;
  }
}

function linksIn(file: OpenHdf5): Hdf5Link[] {
  const entry = file.root.keys().includes("entry") ? asGroup(file.root.get("entry")) : undefined;
  const group = entry?.keys().includes("data") ? asGroup(entry.get("data")) : undefined;
  if (group === undefined) return [];
  return group
    .keys()
    .filter((name) => /^data_\d+$/.test(name))
    .toSorted()
    .flatMap((name) => asLink(group.get(name), `/entry/data/${name}`) ?? []);
}

/** What the acquisition program wrote into the file beside. */
async function acquisition(library: Hdf5, bytes: Bytes): Promise<{ size?: Size; metadata: Record<string, number> }> {
  const name = bytes.name.replace(/_master(\.h5)$/i, "$1");
  const beside = name === bytes.name ? undefined : bytes.sibling(name);
  if (beside === undefined) return { metadata: {} };
  const file = openHdf5(library, beside);
  try {
    return file.attempt("read the acquisition", () => {
      const group = file.root.keys().includes("STEM Metadata") ? asGroup(file.root.get("STEM Metadata")) : undefined;
      const value = (key: string): number => {
        const stored = group && attribute(group, key);
        return Number(Array.isArray(stored) ? stored[0] : (stored ?? 0));
      };
      const size: Size = [value("NumPixelsY"), value("NumPixelsX")];
      const [energy, cameraLength] = [value("High Tension"), value("Camera Length")];
      return {
        ...(size.every((length) => Number.isSafeInteger(length) && length > 0) ? { size } : {}),
        metadata: {
          ...(energy > 0 ? { "energy [eV]": energy } : {}),
          ...(cameraLength > 0 ? { "camera length [mm]": cameraLength * 1000 } : {}),
        },
      };
    });
  } finally {
    file.close();
  }
}

function scanSize(bytes: Bytes, frames: number, recorded: Size | undefined, options: OpenOptions): Size {
  const size = options.shape ?? recorded;
  const found = `${bytes.name}: found ${frames} patterns of its data files`;
  if (size === undefined) {
    throw new ShapeError(`${found}, and nothing that says how the scan was laid out; say it with --shape RxC`, {
      expected: "--shape RxC",
      got: frames,
    });
  }
  const said = `${options.shape ? "--shape" : "the scan of"} ${size.join("×")}`;
  const count = area(size);
  if (count > frames && !options.allowIncomplete) {
    throw new FormatError(
      `${found}, but ${said} has ${count} positions; allow incomplete files to read the rest as zeros`,
      {
        file: bytes.name,
      },
    );
  }
  if (frames - count >= size[1]) {
    throw new ShapeError(
      `${found}, but ${said} has only ${count} positions; say how all were laid out, with --shape RxC`,
      {
        expected: frames,
        got: size,
      },
    );
  }
  return size;
}
