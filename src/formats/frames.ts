import { FormatError, ShapeError } from "../scan/errors.ts";
import { area, type Size } from "../scan/scan.ts";
import { type Axes, bytesPer, type DType, type PatternSource } from "../scan/source.ts";
import type { Bytes } from "./bytes.ts";
import type { OpenOptions } from "./format.ts";
import { readAs, type StoredNumber, storedPart, unpack } from "./stored-numbers.ts";

/** Frames that lie equally spaced in one file: frame i of the part starts at byte offset + i · stride. */
export interface FramesPart {
  readonly bytes: Bytes;
  readonly offset: number;
  /** How many whole frames lie there, as {@link framesIn} counts them. */
  readonly frames: number;
}

/** Which stored frame is being decoded, for messages: its number in the stack, and where it starts. */
export interface FramePlace {
  readonly frame: number;
  readonly file: string;
  readonly offset: number;
}

/** A long row of frames of one size, as most cameras write them. */
export interface FrameStack {
  /** As in {@link PatternSource.format}. */
  readonly format: string;
  /** The file, or the file and its continuations in order. All are closed with the source. */
  readonly parts: readonly FramesPart[];
  /** Bytes from the start of one frame to the start of the next. */
  readonly stride: number;
  /** Bytes of a frame that are read, from its start: less than `stride` where padding or a trailer follows. */
  readonly frameBytes: number;
  readonly pixels: Size;
  readonly dtype: DType;
  /** Turns the bytes of one frame, its own header included, into one pattern of `dtype`. Throws where a mark is not as it should be. */
  readonly decode: (frame: Uint8Array, into: Uint8Array, place: FramePlace) => void;
  /** Scan size, where the file says it. */
  readonly recorded?: Size | undefined;
  /** The frame of every position (−1: none), where they were not recorded row by row. */
  readonly order?: Int32Array | undefined;
  readonly axes: Axes;
  readonly metadata: PatternSource["metadata"];
}

// Small enough to stay in the processor's cache between reading and decoding.
const scratchBytes = 2 ** 20;

/**
 * A scan whose patterns are equally spaced frames of a file, or of a file and its continuations: position p is frame p.
 *
 * Every format that is "a header, then frames" is built on this: it says where frames lie and how one is decoded. Nothing is
 * read and hardly anything allocated before patterns are asked for; about 1 MiB is read at a time.
 *
 * The scan size is `options.shape`, else what the file recorded. Frames that are fewer are an error unless incomplete files
 * are allowed: then the missing patterns read as zeros, and "missing patterns" in the metadata counts them. Frames that are
 * more are left out, and "frames left out" counts them, as long as they are less than one row of the scan: a camera that ran
 * on for a moment, not a shape that is wrong.
 *
 * @param bytes    the file that was opened, which gives the name
 * @param options  shape and allowIncomplete
 * @param stack    where the frames lie and how one is decoded
 * @throws ShapeError   the scan size is not known, or does not fit the number of frames
 * @throws FormatError  fewer frames than the file says
 * @example
 * const offset = 64, pixels = [5, 6] as const, stored = { kind: "unsigned", bytes: 2, bigEndian: true } as const;
 * const frameBytes = 2 * 5 * 6;
 * const parts = [{ bytes, offset, frames: framesIn(bytes, offset, frameBytes) }];
 * const source = framesSource(bytes, options, {
 *   format: "mine", parts, stride: frameBytes, frameBytes, pixels, ...plainNumbers(stored), axes, metadata,
 * });
 */
export function framesSource(bytes: Bytes, options: OpenOptions, stack: FrameStack): PatternSource {
  const { parts, stride, frameBytes, pixels, dtype, order } = stack;
  const frames = parts.reduce((sum, part) => sum + part.frames, 0);
  const positions = scanSize(bytes, options, stack, frames);
  const count = area(positions);
  const fits = order !== undefined && order.length === count;
  const shown = fits
    ? order.reduce((sum, frame) => sum + (frame >= 0 && frame < frames ? 1 : 0), 0)
    : Math.min(frames, count);
  const pattern = area(pixels) * bytesPer[dtype];
  let scratch = new Uint8Array(0);

  /** Frames first … first+wanted−1, as many of them as one read can take from one part; says how many. */
  const readRun = (first: number, wanted: number, into: Uint8Array): number => {
    let part = 0;
    let local = first;
    while (local >= parts[part]!.frames) local -= parts[part++]!.frames;
    const { bytes: file, offset, frames: there } = parts[part]!;
    const run = Math.min(wanted, there - local, Math.max(1, Math.floor(scratchBytes / stride)));
    const length = (run - 1) * stride + frameBytes;
    if (scratch.length < length) scratch = new Uint8Array(length);
    const start = offset + local * stride;
    file.readInto(start, scratch.subarray(0, length));
    for (let index = 0; index < run; index++) {
      const at = index * stride;
      const place = { frame: first + index, file: file.name, offset: start + at };
      stack.decode(scratch.subarray(at, at + frameBytes), into.subarray(index * pattern, (index + 1) * pattern), place);
    }
    return run;
  };

  const frameOf = (position: number): number => (fits ? order[position]! : position);
  return {
    name: bytes.name,
    format: stack.format,
    positions,
    pixels,
    dtype,
    axes: stack.axes,
    metadata: {
      ...stack.metadata,
      ...(shown < count ? { "missing patterns": count - shown } : {}),
      ...(shown < frames ? { "frames left out": frames - shown } : {}),
    },
    descriptor: { kind: "file", locator: bytes.locator, options },
    read: async (first, patterns, into) => {
      for (let done = 0; done < patterns; ) {
        const frame = frameOf(first + done);
        if (frame < 0 || frame >= frames) {
          into.fill(0, done * pattern, ++done * pattern);
          continue;
        }
        let run = 1;
        while (done + run < patterns && frame + run < frames && frameOf(first + done + run) === frame + run) run++;
        done += readRun(frame, run, into.subarray(done * pattern));
      }
    },
    close: () => {
      for (const file of new Set([bytes, ...parts.map((part) => part.bytes)])) file.close();
    },
  };
}

/** How many whole frames lie from `offset` on; the last one need not have its padding. */
export const framesIn = (bytes: Bytes, offset: number, stride: number, frameBytes: number = stride): number =>
  Math.max(0, Math.floor((bytes.size - offset - frameBytes) / stride) + 1);

/**
 * Decodes frames that are numbers row by row, behind `lead` bytes that belong to each frame: `dtype` and `decode` of a
 * {@link FrameStack}. Numbers of another kind or byte order are converted as `stored-numbers.ts` says.
 */
export function plainNumbers(stored: StoredNumber, lead = 0): Pick<FrameStack, "dtype" | "decode"> {
  return {
    dtype: readAs(stored),
    decode: (frame, into, place) => {
      const target = storedPart(stored, into);
      target.set(frame.subarray(lead, lead + target.length));
      unpack(stored, into, place.file);
    },
  };
}

function scanSize(bytes: Bytes, options: OpenOptions, stack: FrameStack, frames: number): Size {
  const size = options.shape ?? stack.recorded;
  const [rows, columns] = stack.pixels;
  const found = `${bytes.name}: found ${frames} ${frames === 1 ? "frame" : "frames"} of ${rows}×${columns}`;
  if (frames === 0) {
    const { bytes: file, offset } = stack.parts[0] ?? { bytes, offset: 0 };
    throw new FormatError(
      `${file.name}: expected frames of ${stack.frameBytes} bytes from byte ${offset} on, but the file ends at byte ${file.size}: ` +
        "it is truncated, or its header is damaged",
      { file: file.name, offset: file.size },
    );
  }
  if (size === undefined) {
    const what =
      frames === 1
        ? "one pattern, not a scan; open it as one with --shape 1x1"
        : "and nothing that says how the scan was laid out; say it with --shape RxC";
    throw new ShapeError(`${found}, ${what}`, { expected: "--shape RxC", got: frames });
  }
  const count = area(size);
  const said = options.shape ? `--shape ${size.join("x")}` : `the file says ${size.join("×")}, which`;
  if (!(Number.isSafeInteger(count) && size[0] > 0 && size[1] > 0)) {
    throw new ShapeError(`${bytes.name}: expected a scan of at least 1×1 positions, found ${size.join("×")}`, {
      expected: "≥ 1",
      got: size,
    });
  }
  // An order says itself which frames are of the scan, and which positions were never recorded.
  if (stack.order?.length === count) return size;
  if (count > frames && !options.allowIncomplete) {
    const message = `${found}, but ${said} is ${count} positions`;
    if (options.shape) {
      throw new ShapeError(
        `${message}; give a shape of ${frames}, or allow incomplete files to read the rest as zeros`,
        { expected: frames, got: size },
      );
    }
    throw new FormatError(
      `${message}: the file is truncated or the recording stopped early; allow incomplete files to read the rest as zeros`,
      { file: bytes.name, offset: bytes.size },
    );
  }
  if (frames - count >= size[1]) {
    throw new ShapeError(
      `${found}, but ${said} is only ${count} positions; say how all of them were laid out, with --shape RxC`,
      { expected: frames, got: size },
    );
  }
  return size;
}
