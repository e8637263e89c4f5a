import { FormatError, UnsupportedError } from "../scan/errors.ts";
import { area, type Size } from "../scan/scan.ts";
import { type PatternSource, uncalibratedAxes } from "../scan/source.ts";
import type { Bytes } from "./bytes.ts";
import { movieNotes } from "./direct-electron.ts";
import type { OpenOptions } from "./format.ts";
import { framesIn, framesSource, plainNumbers } from "./frames.ts";
import type { StoredNumber } from "./stored-numbers.ts";

const headerBytes = 1024;
const latin1 = new TextDecoder("latin1");

/**
 * MRC2014: a header of 1024 bytes, an extended header, and sections one behind the other, which are taken for patterns.
 *
 * The scan's size is not part of the format: it comes from the files that Direct Electron's software writes beside a movie
 * (`direct-electron.ts`), or from `shape`. The first row is the first one stored. The lengths of the cell are those of an
 * image, not of a pattern, so the axes of the detector stay uncalibrated.
 *
 * @see Cheng et al., J. Struct. Biol. 192 (2015) 146
 */
export async function openMrc(bytes: Bytes, options: OpenOptions): Promise<PatternSource> {
  const damaged = (what: string, offset: number): FormatError =>
    new FormatError(`${bytes.name}: ${what}; the header is damaged`, { file: bytes.name, offset });
  if (bytes.size < headerBytes)
    throw damaged(`expected a header of ${headerBytes} bytes, found ${bytes.size}`, bytes.size);
  const header = bytes.read(0, headerBytes);
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const machine = header[212]!;
  if (machine !== 0x44 && machine !== 0x11) {
    throw damaged(`expected the machine stamp 0x44 or 0x11, found 0x${machine.toString(16)}`, 212);
  }
  const little = machine === 0x44;
  const whole = (offset: number): number => view.getInt32(offset, little);
  const pixels: Size = [whole(4), whole(0)];
  const sections = whole(8);
  if (Math.min(...pixels, sections) < 1 || Math.max(...pixels) > 2 ** 20) {
    throw damaged(`expected sections of at least 1×1, found ${sections} of ${pixels.join("×")}`, 0);
  }
  const extended = whole(92);
  if (extended < 0 || headerBytes + extended > bytes.size) {
    throw damaged(`expected an extended header inside the file, found ${extended} bytes`, 92);
  }
  const offset = headerBytes + extended;
  const stored = storedNumber(bytes, whole(12), !little);
  const frameBytes = area(pixels) * stored.bytes;
  const there = framesIn(bytes, offset, frameBytes);
  if (there > 0 && there < sections && !options.allowIncomplete) {
    throw new FormatError(
      `${bytes.name}: expected ${sections} sections of ${frameBytes} bytes from byte ${offset} on, found ${there}: ` +
        "the file is truncated or the recording stopped early; allow incomplete files to read what is there",
      { file: bytes.name, offset: bytes.size },
    );
  }
  const frames = Math.min(there, sections);
  const notes = movieNotes(bytes, sections);
  const { shape = notes?.scan } = options;
  const asRecorded = shape?.[0] === notes?.scan?.[0] && shape?.[1] === notes?.scan?.[1];
  const signed = stored.kind === "signed" && stored.bytes === 1 && !notes && !unsignedBytes(view, little);
  const numbers = stored.bytes === 1 && !signed ? ({ ...stored, kind: "unsigned" } as const) : stored;
  return framesSource(bytes, options, {
    format: "mrc",
    parts: [{ bytes, offset, frames }],
    stride: frameBytes,
    frameBytes,
    pixels,
    ...plainNumbers(numbers),
    recorded: notes?.scan,
    order: asRecorded ? notes?.order : undefined,
    axes: notes && asRecorded ? { ...uncalibratedAxes, positions: notes.axes } : uncalibratedAxes,
    metadata: {
      "stored as": `mode ${whole(12)}, ${little ? "little" : "big"}-endian`,
      ...pixelSize(view, little),
      ...notes?.metadata,
      ...instrument(bytes, view, little, extended),
      ...(frames < sections ? { "missing sections": sections - frames } : {}),
      ...labels(header, whole(220)),
    },
  });
}

function storedNumber(bytes: Bytes, mode: number, bigEndian: boolean): StoredNumber {
  const kinds: Readonly<Record<number, Omit<StoredNumber, "bigEndian">>> = {
    0: { kind: "signed", bytes: 1 },
    1: { kind: "signed", bytes: 2 },
    2: { kind: "float", bytes: 4 },
    6: { kind: "unsigned", bytes: 2 },
    12: { kind: "float", bytes: 2 },
  };
  const kind = kinds[mode];
  if (kind === undefined) {
    const what = { 3: "complex numbers", 4: "complex numbers", 101: "4 bit a pixel" }[mode] ?? "not of MRC2014";
    throw new UnsupportedError(`${bytes.name}: expected mode 0, 1, 2, 6 or 12, found mode ${mode} (${what})`, {
      feature: `MRC mode ${mode}`,
    });
  }
  return { ...kind, bigEndian };
}

/** Bytes of mode 0 are signed, unless IMOD's stamp is there and its flag says otherwise. Direct Electron's counts are unsigned too. */
const unsignedBytes = (view: DataView, little: boolean): boolean =>
  view.getInt32(152, little) === 1146047817 && (view.getInt32(156, little) & 1) === 0;

function pixelSize(view: DataView, little: boolean): Record<string, number> {
  const step = view.getFloat32(40, little) / view.getInt32(28, little);
  return step > 0 && Number.isFinite(step) ? { "recorded pixel size [Å]": step } : {};
}

/** The first record of the extended header of Thermo Fisher's software, little-endian always. */
function instrument(bytes: Bytes, view: DataView, little: boolean, extended: number): Record<string, number> {
  const kind = latin1.decode(new Uint8Array(view.buffer, view.byteOffset + 104, 4));
  const needed = 309;
  if (!little || !/^FEI[12]$/.test(kind) || extended < needed) return {};
  const record = bytes.read(headerBytes, needed);
  const fields = new DataView(record.buffer, record.byteOffset, record.byteLength);
  const known = (key: string, offset: number, factor: number): Record<string, number> => {
    const value = fields.getFloat64(offset, true) * factor;
    return value > 0 && value < 1e9 ? { [key]: value } : {};
  };
  return {
    ...known("energy [eV]", 84, 1),
    ...known("magnification", 289, 1),
    ...known("camera length [mm]", 301, 1000),
  };
}

function labels(header: Uint8Array, count: number): Record<string, string> {
  const lines = Array.from({ length: Math.max(0, Math.min(10, count)) }, (_, line) =>
    latin1.decode(header.subarray(224 + 80 * line, 304 + 80 * line)).replace(/[\0\s]+$/, ""),
  ).filter((line) => line !== "");
  return lines.length > 0 ? { note: lines.join("; ") } : {};
}
