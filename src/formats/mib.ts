import { FormatError, UnsupportedError } from "../scan/errors.ts";
import { area, type Size } from "../scan/scan.ts";
import { type PatternSource, uncalibratedAxes } from "../scan/source.ts";
import type { Bytes } from "./bytes.ts";
import { companion } from "./companion.ts";
import type { OpenOptions } from "./format.ts";
import { type FramePlace, type FrameStack, framesIn, framesSource, plainNumbers } from "./frames.ts";
import { type MibHeader, readCompanion, readHeader, recordedScan } from "./mib-header.ts";
import { isMibHeader, startsWith } from "./recognise.ts";

/**
 * Merlin and other Medipix3 detectors of Quantum Detectors: `.mib`, with a `.hdr` of the same name beside it.
 *
 * Layout: frames one behind the other, each a text header and its numbers, first row at the top. Processed numbers are
 * big-endian; raw ones (R64) are in the order in which the chips send them. The scan's size stands only in the .hdr, and
 * not in all of them. The fields that say how a frame is stored are compared on every read, so a file that lost or gained
 * bytes is noticed there. Either of the two files may be opened.
 */
export async function openMib(bytes: Bytes, options: OpenOptions): Promise<PatternSource> {
  const isHeader = isMibHeader(bytes.read(0, Math.min(4, bytes.size)));
  const frames = isHeader ? companion(bytes, ".mib") : bytes;
  const header = isHeader ? bytes : companion(bytes, ".hdr");
  if (frames === undefined) {
    throw new FormatError(
      `${bytes.name}: expected the recording beside this header, a .mib of the same name, found none`,
      {
        file: bytes.name,
      },
    );
  }
  try {
    return recording(frames, header, options);
  } catch (error) {
    frames.close();
    throw error;
  } finally {
    header?.close();
  }
}

function recording(bytes: Bytes, beside: Bytes | undefined, options: OpenOptions): PatternSource {
  const header = readHeader(bytes);
  const notes = beside ? readCompanion(beside) : new Map<string, string>();
  const said = notes.get("Counter Depth");
  if (beside && header.depth !== undefined && said !== undefined && Number(said) !== header.depth) {
    throw new FormatError(
      `${beside.name}: expected a counter depth of ${header.depth} bit as in ${bytes.name}, found ${said}; it belongs to another recording`,
      { file: beside.name },
    );
  }
  const depth = header.depth ?? (Number(said) || undefined);
  const { pixels, numberBytes, dtype, decode } =
    header.type === "R64" ? raw(bytes, header, depth) : processed(bytes, header);
  const scan = recordedScan(notes);
  const stride = header.headerBytes + numberBytes;
  const text = (key: string, name: string): Record<string, string> => {
    const value = notes.get(name);
    return value ? { [key]: value } : {};
  };
  return framesSource(bytes, options, {
    format: "mib",
    parts: [{ bytes, offset: 0, frames: framesIn(bytes, 0, stride) }],
    stride,
    frameBytes: stride,
    pixels,
    dtype,
    decode: (frame, into, place) => {
      checkHeader(frame, header, place);
      decode(frame, into, place);
    },
    recorded: scan?.size,
    axes: uncalibratedAxes,
    metadata: {
      detector: `Merlin, ${header.chips} Medipix ${header.chipType} ${header.chips === 1 ? "chip" : "chips"}, ${header.layout}`,
      "stored as": header.type,
      ...(depth === undefined ? {} : { "counter depth [bit]": depth }),
      ...(header.exposure > 0 ? { "exposure [s]": header.exposure } : {}),
      ...(header.threshold > 0 ? { "threshold [keV]": header.threshold } : {}),
      ...(scan && !options.shape ? { "scan size by": scan.by } : {}),
      acquired: header.acquired,
      ...text("chip mode", "Chip Mode"),
      ...text("gain", "Gain"),
      ...text("sensor bias", "Sensor Bias"),
      ...text("chips", "Chip ID"),
      ...text("software", "Software Version"),
    },
  });
}

function checkHeader(frame: Uint8Array, { same }: MibHeader, { frame: number, file, offset }: FramePlace): void {
  const mark = startsWith(frame, "MQ1,");
  if (mark && same.bytes.every((byte, index) => frame[same.at + index] === byte)) return;
  throw new FormatError(
    `${file}: expected the header of frame ${number} at byte ${offset}, with ${new TextDecoder("latin1").decode(same.bytes)} ` +
      `as in the first, found ${mark ? "other values" : "something else"}; the file is damaged`,
    { file, offset },
  );
}

interface Stored extends Pick<FrameStack, "dtype" | "decode" | "pixels"> {
  /** Bytes of a frame behind its header. */
  readonly numberBytes: number;
}

function processed(bytes: Bytes, { type, stored, headerBytes }: MibHeader): Stored {
  const size = { U01: 1, U08: 1, U16: 2, U32: 4, U64: 8 }[type] as 1 | 2 | 4 | 8 | undefined;
  if (size === undefined) {
    throw new UnsupportedError(`${bytes.name}: expected numbers of type U08, U16, U32, U64 or R64, found ${type}`, {
      feature: `Merlin number type ${type}`,
    });
  }
  const numbers = plainNumbers({ kind: "unsigned", bytes: size, bigEndian: true }, headerBytes);
  return { ...numbers, pixels: stored, numberBytes: size * area(stored) };
}

/**
 * Raw frames: big-endian words of 64 bit that hold 64, 8 or 4 pixels (counters of 1, 6, 12 bit), the first in the lowest
 * bits. A counter of 24 bit is two frames of 12 bit, the upper half first.
 */
function raw(bytes: Bytes, { stored, layout, headerBytes }: MibHeader, depth: number | undefined): Stored {
  const bits = { 1: 1, 6: 8, 12: 16, 24: 16 }[depth ?? 0];
  const perWord = bits && 64 / bits;
  const quad = layout === "2x2";
  if (!perWord || !["1x1", "2x2"].includes(layout) || stored[1] % (quad ? 4 * perWord : perWord) !== 0) {
    throw new UnsupportedError(
      `${bytes.name}: expected raw frames of 1, 6, 12 or 24 bit from 1x1 or 2x2 chips, found ${depth ?? "unknown"} bit, ` +
        `layout "${layout}", ${stored[1]} columns; let the detector's software write processed frames`,
      { feature: `raw frames of ${depth ?? "unknown"} bit, layout ${layout}` },
    );
  }
  const count = area(stored);
  const numberBytes = (count * bits) / (depth === 24 ? 4 : 8);
  if (headerBytes + numberBytes > bytes.size) {
    throw new FormatError(
      `${bytes.name}: expected a frame of ${headerBytes + numberBytes} bytes, found ${bytes.size}; the file is truncated`,
      { file: bytes.name, offset: bytes.size },
    );
  }
  const { pixels, place } = places(stored, perWord, quad);
  const value = (frame: Uint8Array, at: number): number => frame[at]! * 256 + frame[at + 1]!;
  const decode = (frame: Uint8Array, into: Uint8Array): void => {
    const data = frame.subarray(headerBytes);
    if (depth === 1) for (let s = 0; s < count; s++) into[place[s]!] = (data[s >> 3]! >> (7 - (s & 7))) & 1;
    else if (depth === 6) for (let s = 0; s < count; s++) into[place[s]!] = data[s]!;
    else {
      const view = new DataView(into.buffer, into.byteOffset, into.byteLength);
      for (let s = 0; s < count; s++) {
        if (depth === 12) view.setUint16(2 * place[s]!, value(data, 2 * s), true);
        else view.setUint32(4 * place[s]!, value(data, 2 * s) * 4096 + value(data, 2 * (count + s)), true);
      }
    }
  };
  return { pixels, numberBytes, dtype: depth === 24 ? "u32" : depth === 12 ? "u16" : "u8", decode };
}

/**
 * Where the pixel that is stored s-th, counted from the highest bit on, belongs in the pattern. Four chips are stored side by
 * side: the bottom right and bottom left one, both turned by 180°, the top right and the top left one.
 */
function places([rows, columns]: Size, perWord: number, quad: boolean): { pixels: Size; place: Uint32Array } {
  const place = new Uint32Array(rows * columns);
  const side = columns / 4;
  for (let s = 0; s < place.length; s++) {
    const pixel = s - (s % perWord) + (perWord - 1 - (s % perWord));
    const [row, column] = [Math.floor(pixel / columns), pixel % columns];
    const [chip, across] = [Math.floor(column / side), column % side];
    if (!quad) place[s] = pixel;
    else if (chip < 2) place[s] = (2 * rows - 1 - row) * 2 * side + (chip === 0 ? side : 0) + side - 1 - across;
    else place[s] = row * 2 * side + (chip === 2 ? side : 0) + across;
  }
  return { pixels: quad ? [2 * rows, 2 * side] : [rows, columns], place };
}
