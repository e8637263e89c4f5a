import { FormatError, UnsupportedError } from "../scan/errors.ts";
import { area, type Size } from "../scan/scan.ts";
import { type PatternSource, uncalibratedAxes } from "../scan/source.ts";
import type { Bytes } from "./bytes.ts";
import type { OpenOptions } from "./format.ts";
import { framesIn, framesSource, plainNumbers } from "./frames.ts";

const headerBytes = 1024;
const greyFormat = 100;

/**
 * Norpix sequence (.seq) of StreamPix, as Direct Electron's Celeritas cameras were recorded with.
 *
 * Layout: header, then frames from byte 8192 on (1024 before version 5), each with its time behind it and filled up to a
 * constant length. Only plain grey frames are read. Of the files beside it, NAME.seq.metadata and NAME.seq.Config.Metadata.xml
 * say more about the camera; dark and gain references (NAME.seq.dark.mrc, NAME.seq.gain.mrc) are named, not applied.
 */
export async function openSeq(bytes: Bytes, options: OpenOptions): Promise<PatternSource> {
  const damaged = (what: string, offset: number): FormatError =>
    new FormatError(`${bytes.name}: ${what}; the header is damaged`, { file: bytes.name, offset });
  if (bytes.size < headerBytes)
    throw damaged(`expected a header of ${headerBytes} bytes, found ${bytes.size}`, bytes.size);
  const header = bytes.read(0, headerBytes);
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const field = (offset: number): number => view.getUint32(offset, true);
  const version = field(28);
  if (version < 1 || version > 5) {
    throw new UnsupportedError(`${bytes.name}: expected header version 1 to 5, found ${version}`, {
      feature: `Norpix header version ${version}`,
    });
  }
  const pixels: Size = [field(552), field(548)];
  if (Math.min(...pixels) < 1 || Math.max(...pixels) > 65536) {
    throw damaged(`expected frames of 1×1 to 65536×65536, found ${pixels.join("×")}`, 548);
  }
  const [bits, format, compression] = [field(556), field(568), field(620)];
  if ((bits !== 8 && bits !== 16) || format !== greyFormat || compression !== 0) {
    throw new UnsupportedError(
      `${bytes.name}: expected plain grey frames of 8 or 16 bit, found ${bits} bit, image format ${format}, compression ${compression}`,
      { feature: "colour or compressed Norpix sequences" },
    );
  }
  const frameBytes = area(pixels) * (bits / 8);
  const [imageBytes, recorded, stride] = [field(564), field(572), field(580)];
  if (imageBytes !== frameBytes || stride < frameBytes) {
    throw damaged(`expected frames of ${frameBytes} bytes in no less space, found ${imageBytes} in ${stride}`, 564);
  }
  const offset = version < 5 ? headerBytes : 8192;
  const there = framesIn(bytes, offset, stride, frameBytes);
  if (there > 0 && there < recorded && !options.allowIncomplete) {
    throw new FormatError(
      `${bytes.name}: expected ${recorded} frames of ${stride} bytes from byte ${offset} on, found ${there}: ` +
        "the file is truncated or the recording stopped early; allow incomplete files to read what is there",
      { file: bytes.name, offset: bytes.size },
    );
  }
  const frames = Math.min(there, recorded);
  return framesSource(bytes, options, {
    format: "seq",
    parts: [{ bytes, offset, frames }],
    stride,
    frameBytes,
    pixels,
    ...plainNumbers({ kind: "unsigned", bytes: bits === 8 ? 1 : 2, bigEndian: false }),
    axes: uncalibratedAxes,
    metadata: {
      "bits used": field(560),
      ...camera(bytes),
      ...records(bytes, pixels),
      ...references(bytes),
      ...(frames < recorded ? { "missing frames": recorded - frames } : {}),
    },
  });
}

function beside<T>(bytes: Bytes, ending: string, read: (file: Bytes) => T): T | undefined {
  const file = bytes.sibling(`${bytes.name}${ending}`);
  if (file === undefined) return undefined;
  try {
    return read(file);
  } finally {
    file.close();
  }
}

/** Entries <Name Value="…" /> of the camera's configuration. */
function camera(bytes: Bytes): Record<string, string | number> {
  const xml = beside(bytes, ".Config.Metadata.xml", (file) =>
    new TextDecoder().decode(file.read(0, Math.min(file.size, 2 ** 20))),
  );
  const value = (name: string): string => new RegExp(`<${name}\\s+Value="([^"]*)"`).exec(xml ?? "")?.[1] ?? "";
  const number = (key: string, name: string, factor = 1): Record<string, number> =>
    Number(value(name)) > 0 ? { [key]: Number(value(name)) * factor } : {};
  return {
    ...(value("CameraType") ? { detector: value("CameraType") } : {}),
    ...number("energy [eV]", "HT", 1000),
    ...number("counts per electron", "ADUPerElectron"),
    ...(value("Correction") ? { "corrected in the camera's software": value("Correction") } : {}),
  };
}

/**
 * The camera's own record of every frame: a header of 256 bytes with the number and length of the records, then the records.
 * The first one gives the size of the frames, by which a file of another recording is noticed, and their rate.
 */
function records(bytes: Bytes, pixels: Size): Record<string, number> {
  const found = beside(bytes, ".metadata", (file) => {
    const wrong = (what: string): FormatError =>
      new FormatError(
        `${file.name}: ${what}; it belongs to another recording or is damaged, rename it to open without it`,
        {
          file: file.name,
        },
      );
    if (file.size < 256 + 72) throw wrong(`expected the records of frames, found ${file.size} bytes`);
    const start = file.read(0, 256 + 72);
    const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
    const size = [view.getUint32(256 + 28, true), view.getUint32(256 + 24, true)];
    if (size[0] !== pixels[0] || size[1] !== pixels[1]) {
      throw wrong(`expected records of frames of ${pixels.join("×")}, found ${size.join("×")}`);
    }
    return view.getFloat64(256 + 48, true);
  });
  return found !== undefined && found > 0 && Number.isFinite(found) ? { "frames per second": found } : {};
}

function references(bytes: Bytes): Record<string, string> {
  const notes: Record<string, string> = {};
  for (const kind of ["dark", "gain"]) {
    const name = beside(bytes, `.${kind}.mrc`, (file) => file.name);
    if (name !== undefined) notes[`${kind} reference`] = `${name}, not applied`;
  }
  return notes;
}
