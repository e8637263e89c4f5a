import { FormatError, UnsupportedError } from "../scan/errors.ts";
import { area, type Size } from "../scan/scan.ts";
import type { StoredNumber } from "./stored-numbers.ts";
import { codecs, otherCodecs, TiffBlockError, undoPredictor } from "./tiff-codecs.ts";
import { type TiffDirectory, type TiffFile, valueOr, values } from "./tiff-pages.ts";

/** How the pixels of one page are kept: in blocks, which are strips of whole rows or tiles. */
export interface TiffLayout {
  readonly pixels: Size;
  readonly stored: StoredNumber;
  readonly compression: number;
  readonly predictor: number;
  /** Rows and columns of a block; the last strip may have fewer rows, while tiles are always whole. */
  readonly block: Size;
  readonly tiled: boolean;
  readonly offsets: readonly number[];
  readonly lengths: readonly number[];
}

const mostSide = 2 ** 20;
const mostBlocks = 2 ** 18;
const mostTileBytes = 16 * 2 ** 20;

/**
 * Reads from a page's tags how its pixels are kept, and checks that they lie in the file.
 *
 * @throws FormatError       tags are missing or contradict each other or the file's length
 * @throws UnsupportedError  colours, bits that are not whole bytes, a compression that is not read
 */
export function layoutOf(file: TiffFile, page: TiffDirectory): TiffLayout {
  const { name, size } = file.bytes;
  const unsupported = (expected: string, found: string): UnsupportedError =>
    new UnsupportedError(`${name}: expected ${expected}, found ${found}; save the stack as uncompressed grey TIFF`, {
      feature: `TIFF with ${found}`,
    });
  const damaged = (expected: string, found: string): FormatError =>
    new FormatError(`${name}: expected ${expected}, found ${found}; the file is damaged or truncated`, { file: name });
  const pixels: Size = [values(file, page, 257, 1)[0]!, values(file, page, 256, 1)[0]!];
  if (!(pixels[0] >= 1 && pixels[1] >= 1 && Math.max(...pixels) <= mostSide)) {
    throw damaged(`pages of 1 to ${mostSide} pixels a side`, pixels.join("×"));
  }
  const samples = valueOr(file, page, 277, 1);
  if (samples !== 1) throw unsupported("one value a pixel", `${samples} (a colour image)`);
  const stored = storedNumber(valueOr(file, page, 258, 1), valueOr(file, page, 339, 1), file.bigEndian);
  if (stored === undefined) {
    const [bits, format] = [valueOr(file, page, 258, 1), valueOr(file, page, 339, 1)];
    throw unsupported("integers or floats of 8, 16, 32 or 64 bits", `${bits} bits of sample format ${format}`);
  }
  const compression = valueOr(file, page, 259, 1);
  if (compression !== 1 && codecs[compression] === undefined) {
    throw unsupported(
      "no compression, deflate, LZW or PackBits",
      otherCodecs[compression] ?? `compression ${compression}`,
    );
  }
  const predictor = compression === 5 || compression === 8 || compression === 32946 ? valueOr(file, page, 317, 1) : 1;
  if (predictor > 3 || (predictor === 3 && stored.kind !== "float")) {
    throw unsupported("predictor 1, 2 or (of floats) 3", `predictor ${predictor}`);
  }

  const tiled = page.has(322);
  const block: Size = tiled
    ? [values(file, page, 323, 1)[0]!, values(file, page, 322, 1)[0]!]
    : [Math.min(pixels[0], valueOr(file, page, 278, pixels[0])), pixels[1]];
  // A tile may be larger than a small page, but not without end: it is unpacked whole.
  const roomy = Math.max(area(pixels) * stored.bytes, mostTileBytes);
  if (!(block[0] >= 1 && block[1] >= 1 && area(block) * stored.bytes <= roomy)) {
    throw damaged("blocks of a pattern's size", block.join("×"));
  }
  const count = Math.ceil(pixels[0] / block[0]) * Math.ceil(pixels[1] / block[1]);
  if (count > mostBlocks) throw damaged(`at most ${mostBlocks} blocks a page`, String(count));
  const layout = { pixels, stored, compression, predictor, block, tiled };
  const offsets = values(file, page, tiled ? 324 : 273, count);
  const [lengthTag, ways] = [tiled ? 325 : 279, offsets.map((_, index) => unpackedBytes(layout, index))];
  const lengths = page.has(lengthTag) || compression !== 1 ? values(file, page, lengthTag, count) : ways;
  for (let index = 0; index < count; index++) {
    const [offset, length] = [offsets[index]!, lengths[index]!];
    if (!(offset + length <= size) || (compression === 1 && length < ways[index]!)) {
      throw damaged(`block ${index} of a page in the file`, `${length} bytes at byte ${offset} of ${size}`);
    }
    // Nothing packs better than deflate's 1032 : 1 but LZW, whose longest string is 3838 bytes in 12 bits.
    if (compression !== 1 && ways[index]! > 2560 * length) {
      throw damaged(`a block that can unpack to ${ways[index]} bytes`, `${length} bytes`);
    }
  }
  return { ...layout, offsets, lengths };
}

function storedNumber(bits: number, format: number, bigEndian: boolean): StoredNumber | undefined {
  const kind = ({ 1: "unsigned", 2: "signed", 3: "float", 4: "unsigned" } as const)[format as 1 | 2 | 3 | 4];
  const bytes = bits / 8;
  if (kind === undefined || ![1, 2, 4, 8].includes(bytes) || (kind === "float" && bytes === 1)) return undefined;
  return { kind, bytes: bytes as StoredNumber["bytes"], bigEndian };
}

function unpackedBytes(
  { pixels, block, tiled, stored }: Omit<TiffLayout, "offsets" | "lengths">,
  index: number,
): number {
  const rows = tiled ? block[0] : Math.min(block[0], pixels[0] - index * block[0]);
  return rows * block[1] * stored.bytes;
}

/**
 * Reads the pixels of a page, in the file's byte order.
 *
 * @throws FormatError a block cannot be unpacked, or to another length (states the byte)
 */
export function readPixels(file: TiffFile, layout: TiffLayout, into: Uint8Array): void {
  const { pixels, stored, block, tiled, offsets, compression } = layout;
  const across = Math.ceil(pixels[1] / block[1]);
  const row = pixels[1] * stored.bytes;
  for (let index = 0; index < offsets.length; index++) {
    const top = Math.floor(index / across) * block[0];
    const start = top * row;
    if (!tiled && compression === 1) {
      file.bytes.readInto(offsets[index]!, into.subarray(start, start + unpackedBytes(layout, index)));
      continue;
    }
    const contents = unpacked(file, layout, index);
    const left = (index % across) * block[1] * stored.bytes;
    const width = Math.min(block[1] * stored.bytes, row - left);
    const rows = Math.min(block[0], pixels[0] - top);
    for (let each = 0; each < rows; each++) {
      const from = each * block[1] * stored.bytes;
      into.set(contents.subarray(from, from + width), start + each * row + left);
    }
  }
}

function unpacked(file: TiffFile, layout: TiffLayout, index: number): Uint8Array {
  const { stored, block, compression, predictor, offsets, lengths } = layout;
  const length = unpackedBytes(layout, index);
  const codec = codecs[compression];
  if (codec === undefined) return file.bytes.read(offsets[index]!, length);
  try {
    const contents = codec(file.bytes.read(offsets[index]!, lengths[index]!), length);
    undoPredictor(predictor, contents, block[1], stored.bytes, file.bigEndian);
    return contents;
  } catch (error) {
    if (!(error instanceof TiffBlockError)) throw error;
    const { name } = file.bytes;
    throw new FormatError(
      `${name}: expected a block of ${length} bytes at byte ${offsets[index]}, found ${error.message}; the file is damaged`,
      { file: name, offset: offsets[index]! },
      error,
    );
  }
}
