import { FormatError, UnsupportedError } from "../scan/errors.ts";
import { area } from "../scan/scan.ts";
import type { PatternSource, Watch } from "../scan/source.ts";
import { bloHeader, readHeader } from "./blo-header.ts";
import type { Bytes } from "./bytes.ts";
import type { OpenOptions, Sink } from "./format.ts";
import { eachSlab } from "./slabs.ts";

const mark = [0xaa, 0x55];
const markBytes = 6;
// Small enough to stay in the processor's cache between reading and copying out.
const scratchBytes = 2 ** 20;

/**
 * NanoMEGAS .blo block file: square 8-bit patterns, each behind a mark and its number.
 *
 * Layout: header (240 bytes), note, virtual bright-field image, then for every position AA 55, its number (u32) and the
 * pattern (u8). The marks are checked on every read, so a file that lost or gained bytes is noticed there.
 */
export async function openBlo(bytes: Bytes, options: OpenOptions): Promise<PatternSource> {
  const { positions, pixels, axes, metadata, dataOffset } = readHeader(bytes, options.shape);
  const count = area(positions);
  const pattern = area(pixels);
  const record = markBytes + pattern;
  const present = Math.min(count, Math.floor((bytes.size - dataOffset) / record));
  if (present < count && !options.allowIncomplete) {
    throw new FormatError(
      `${bytes.name}: expected ${count} patterns of ${record} bytes from byte ${dataOffset} on, found ${Math.max(0, present)}: ` +
        "the file is truncated or the recording stopped early; allow incomplete files to read the rest as zeros",
      { file: bytes.name, offset: bytes.size },
    );
  }
  const perRead = Math.max(1, Math.floor(scratchBytes / record));
  let scratch = new Uint8Array(0);

  const readRecords = (first: number, patterns: number, into: Uint8Array): void => {
    if (scratch.length === 0) scratch = new Uint8Array(perRead * record);
    for (let done = 0; done < patterns; done += perRead) {
      const records = scratch.subarray(0, Math.min(perRead, patterns - done) * record);
      const offset = dataOffset + (first + done) * record;
      bytes.readInto(offset, records);
      for (let at = 0, to = done * pattern; at < records.length; at += record, to += pattern) {
        if (records[at] !== mark[0] || records[at + 1] !== mark[1]) {
          throw new FormatError(
            `${bytes.name}: expected the mark AA 55 of pattern ${first + done + at / record} at byte ${offset + at}, found ` +
              `${hex(records[at]!)} ${hex(records[at + 1]!)}; the file is damaged`,
            { file: bytes.name, offset: offset + at },
          );
        }
        into.set(records.subarray(at + markBytes, at + record), to);
      }
    }
  };

  return {
    name: bytes.name,
    format: "blo",
    positions,
    pixels,
    dtype: "u8",
    axes,
    metadata: present < count ? { ...metadata, "missing patterns": count - Math.max(0, present) } : metadata,
    descriptor: { kind: "file", locator: bytes.locator, options },
    read: async (first, patterns, into) => {
      const there = Math.max(0, Math.min(patterns, present - first));
      readRecords(first, there, into);
      into.fill(0, there * pattern);
    },
    close: () => bytes.close(),
  };
}

const hex = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, "0");

/**
 * Writes the scan as a block file. The virtual bright-field image stands before the patterns, so the scan is read twice.
 *
 * @throws UnsupportedError patterns that are not square or not u8: the format holds nothing else
 */
export async function writeBlo(source: PatternSource, sink: Sink, watch: Watch = {}): Promise<void> {
  const [rows, columns] = source.pixels;
  if (source.dtype !== "u8" || rows !== columns || rows > 0xffff || Math.max(...source.positions) > 0xffff) {
    throw new UnsupportedError(
      `${source.name}: a .blo holds square 8-bit patterns of at most 65535 pixels a side, found ${rows}×${columns} ${source.dtype}; ` +
        "write .npy or .hspy",
      { feature: "writing other than square u8 patterns as .blo" },
    );
  }
  const pattern = rows * columns;
  const { onProgress, signal } = watch;
  const half = (from: number): Watch => ({
    ...(signal && { signal }),
    ...(onProgress && { onProgress: (stage: string, fraction: number) => onProgress(stage, from + fraction / 2) }),
  });

  const sums = new Float64Array(area(source.positions));
  await eachSlab(source, half(0), "writing", (first, count, slab) => {
    for (let index = 0; index < count; index++) {
      let sum = 0;
      for (let at = index * pattern; at < (index + 1) * pattern; at++) sum += slab[at]!;
      sums[first + index] = sum;
    }
  });
  const brightest = Math.max(
    1,
    sums.reduce((most, sum) => Math.max(most, sum), 0),
  );
  await sink.write(bloHeader(source));
  await sink.write(Uint8Array.from(sums, (sum) => Math.round((255 * sum) / brightest)));

  await eachSlab(source, half(0.5), "writing", async (first, count, slab) => {
    const records = new Uint8Array(count * (markBytes + pattern));
    const view = new DataView(records.buffer);
    for (let index = 0; index < count; index++) {
      const at = index * (markBytes + pattern);
      records.set(mark, at);
      view.setUint32(at + 2, first + index, true);
      records.set(slab.subarray(index * pattern, (index + 1) * pattern), at + markBytes);
    }
    await sink.write(records);
  });
}
