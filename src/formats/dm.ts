import { FormatError, ShapeError, UnsupportedError } from "../scan/errors.ts";
import { area, type Size } from "../scan/scan.ts";
import { type Axes, type Axis, type PatternSource, uncalibrated } from "../scan/source.ts";
import type { Bytes } from "./bytes.ts";
import { type DmTags, isArray, numberOf, readTags, type Tag, type TagArray, tagAt, textOf } from "./dm-tags.ts";
import type { OpenOptions } from "./format.ts";
import { framesSource, plainNumbers } from "./frames.ts";
import { fromPlanes } from "./planes.ts";
import type { StoredNumber } from "./stored-numbers.ts";
import { detectorAxis, type RecordedAxis, recordedSteps, scanAxis } from "./units.ts";

interface DmImage {
  /** "ImageList/1" */
  readonly path: string;
  readonly name: string;
  readonly tag: Tag;
  /** Fastest first, as DigitalMicrograph lists them. */
  readonly lengths: readonly number[];
  readonly data: TagArray;
}

/**
 * DigitalMicrograph's .dm3 and .dm4: a tree of tags with one or more images, each an array whose first dimension runs
 * fastest. A scan is an image of four dimensions; a stack of three needs `shape`.
 *
 * Which pair of dimensions is the detector, {@link detectorFirst} decides. Where it is the last pair, the file holds one image
 * of the scan for every pixel, and patterns are gathered band by band.
 *
 * @see dm-tags.ts for the tree
 */
export async function openDm(bytes: Bytes, options: OpenOptions): Promise<PatternSource> {
  const tags = readTags(bytes);
  const image = chosen(bytes, imagesIn(bytes, tags), options.dataset);
  const { lengths, data } = image;
  const stored = storedNumber(bytes, image, tags.bigEndian);
  const elements = lengths.reduce((product, length) => product * length, 1);
  if (elements !== data.count || data.bytesPerElement !== stored.bytes) {
    throw new FormatError(
      `${bytes.name}: expected ${lengths.join("×")} numbers of ${stored.bytes} bytes in ${image.path}, found ${data.count} of ${data.bytesPerElement}; the file is damaged`,
      { file: bytes.name, offset: data.offset, object: image.path },
    );
  }
  const recorded = lengths.map((_, dimension) => recordedAxis(bytes, tags, image.tag, dimension));
  const format = textOf(bytes, tags, tagAt(image.tag, "ImageTags", "Meta Data", "Format"));
  checkDimensions(bytes, image, format);
  const first =
    lengths.length < 4 || detectorFirst(recorded, tagAt(image.tag, "ImageTags", "Meta Data", "Data Order Swapped"));
  const size = (dimension: number): Size => [lengths[dimension + 1] ?? 1, lengths[dimension] ?? 1];
  const pixels = size(first ? 0 : 2);
  const positions = lengths.length === 4 ? size(first ? 2 : 0) : undefined;
  const axes = axesOf(recorded, first, positions, options.shape);
  const all = first ? recorded : [...recorded.slice(2), ...recorded.slice(0, 2)];
  const source = framesSource(bytes, options, {
    format: "dm",
    parts: [{ bytes, offset: data.offset, frames: elements / area(pixels) }],
    stride: area(pixels) * stored.bytes,
    frameBytes: area(pixels) * stored.bytes,
    pixels,
    ...plainNumbers(stored),
    recorded: positions,
    axes,
    metadata: {
      ...(image.name === "" ? {} : { title: image.name }),
      ...microscope(image.tag),
      ...recordedSteps([all[3] ?? {}, all[2] ?? {}, all[1] ?? {}, all[0] ?? {}], [...axes.positions, ...axes.pixels]),
      "stored as": `DM${tags.version}, ${first ? "pattern by pattern" : "pixel by pixel"}`,
    },
  });
  if (first || positions === undefined) return source;
  const read = fromPlanes(bytes, { offset: data.offset, stored, positions, pixels }, options.cacheBytes);
  return { ...source, read: async (position, count, into) => read(position, count, into) };
}

/**
 * Whether the first pair of four dimensions is the detector, so that patterns lie whole in the file.
 *
 * `Meta Data/Data Order Swapped` says so where it is present: newer versions write 1 and list the detector first. Without
 * it, the pair with a reciprocal length or an angle is the detector. Where units do not tell, the scan comes first, as in
 * DigitalMicrograph's spectrum images and in scans from before the tag.
 */
function detectorFirst(recorded: readonly RecordedAxis[], swapped: Tag): boolean {
  const said = numberOf(swapped);
  if (said !== undefined) return said !== 0;
  const reciprocal = recorded.map((axis) => ["1/Å", "mrad"].includes(detectorAxis(axis, "k").unit));
  return (reciprocal[0] === true || reciprocal[1] === true) && !reciprocal[2] && !reciprocal[3];
}

function imagesIn(bytes: Bytes, tags: DmTags): readonly DmImage[] {
  const list = tagAt(tags.root, "ImageList");
  const thumbnails = tagAt(tags.root, "Thumbnails");
  const small = new Set<number | undefined>();
  if (thumbnails instanceof Map) for (const each of thumbnails.values()) small.add(numberOf(tagAt(each, "ImageIndex")));
  const images: DmImage[] = [];
  const previews: DmImage[] = [];
  for (const [index, tag] of list instanceof Map ? list : []) {
    const data = tagAt(tag, "ImageData", "Data");
    const dimensions = tagAt(tag, "ImageData", "Dimensions");
    if (!isArray(data) || !(dimensions instanceof Map)) continue;
    const lengths = [...dimensions.values()].map((length) => numberOf(length) ?? 0);
    const name = textOf(bytes, tags, tagAt(tag, "Name")) ?? "";
    const isPreview = lengths.length === 2 && small.has(Number(index));
    (isPreview ? previews : images).push({ path: `ImageList/${index}`, name, tag, lengths, data });
  }
  return images.length > 0 ? images : previews;
}

function chosen(bytes: Bytes, images: readonly DmImage[], wanted: string | undefined): DmImage {
  const list = images
    .map(({ path, name, lengths }) => `${path} "${name}" (${lengths.toReversed().join("×")})`)
    .join(", ");
  if (wanted !== undefined) {
    const named = images.find(({ path, name }) => path === wanted || path === `ImageList/${wanted}` || name === wanted);
    if (named !== undefined) return named;
    throw new ShapeError(
      `${bytes.name}: expected an image "${wanted}", found ${list || "none"}; name one of these with --dataset`,
      {
        expected: wanted,
        got: list,
      },
    );
  }
  for (const dimensions of [4, 3, 2, 1]) {
    const candidates = images.filter(({ lengths }) => lengths.length === dimensions);
    if (candidates.length === 1) return candidates[0]!;
    if (candidates.length > 1) {
      throw new ShapeError(`${bytes.name}: found several images, ${list}; name one of them with --dataset`, {
        expected: "one scan",
        got: list,
      });
    }
  }
  throw new ShapeError(`${bytes.name}: expected an image in the tags' ImageList, found ${list || "none"}`, {
    expected: "an image",
    got: list,
  });
}

function checkDimensions(bytes: Bytes, { lengths, path }: DmImage, format: string | undefined): void {
  const found = `${bytes.name}: found ${lengths.toReversed().join("×")} numbers in ${path}`;
  if (lengths.some((length) => !(Number.isSafeInteger(length) && length >= 1))) {
    throw new ShapeError(`${found}; expected every length to be at least 1`, { expected: "≥ 1", got: lengths });
  }
  const isSpectra = format === "Spectrum image" && lengths.length < 4;
  if (lengths.length === 1 || isSpectra) {
    const what = lengths.length === 1 ? "one spectrum or line" : "a spectrum image";
    throw new ShapeError(`${found}, which is ${what}; expected a scan of diffraction patterns`, {
      expected: "4-D",
      got: lengths,
    });
  }
}

const real: Readonly<Record<number, readonly [StoredNumber["kind"], StoredNumber["bytes"]]>> = {
  1: ["signed", 2],
  2: ["float", 4],
  6: ["unsigned", 1],
  7: ["signed", 4],
  9: ["signed", 1],
  10: ["unsigned", 2],
  11: ["unsigned", 4],
  12: ["float", 8],
  14: ["boolean", 1],
  39: ["signed", 8],
  40: ["unsigned", 8],
};
const others: Readonly<Record<number, string>> = {
  3: "complex numbers",
  4: "an obsolete type",
  5: "packed complex numbers",
  8: "colours (RGB)",
  13: "complex numbers",
  23: "colours (RGB)",
  27: "packed complex numbers",
  28: "packed complex numbers",
};

function storedNumber(bytes: Bytes, { tag, path }: DmImage, bigEndian: boolean): StoredNumber {
  const type = numberOf(tagAt(tag, "ImageData", "DataType")) ?? 0;
  const [kind, width] = real[type] ?? [];
  if (kind !== undefined && width !== undefined) return { kind, bytes: width, bigEndian };
  const what = others[type] ?? "an unknown kind of numbers";
  throw new UnsupportedError(`${bytes.name}: expected real numbers in ${path}, found ${what} (data type ${type})`, {
    feature: `DigitalMicrograph data type ${type}`,
  });
}

/** Value of index i = (i − Origin) · Scale. */
function recordedAxis(bytes: Bytes, tags: DmTags, image: Tag, dimension: number): RecordedAxis {
  const axis = tagAt(image, "ImageData", "Calibrations", "Dimension", String(dimension));
  const step = numberOf(tagAt(axis, "Scale"));
  const origin = numberOf(tagAt(axis, "Origin")) ?? 0;
  return { step, unit: textOf(bytes, tags, tagAt(axis, "Units")), origin: step === undefined ? 0 : 0 - origin * step };
}

function axesOf(
  recorded: readonly RecordedAxis[],
  first: boolean,
  positions: Size | undefined,
  shape: Size | undefined,
): Axes {
  const [pixel, position] = first ? [0, 2] : [2, 0];
  const asRecorded =
    positions !== undefined && (shape ?? positions).every((length, index) => length === positions[index]);
  const scan = (dimension: number, name: string): Axis =>
    asRecorded ? scanAxis(recorded[dimension] ?? {}, name) : uncalibrated(name);
  return {
    positions: [scan(position + 1, "y"), scan(position, "x")],
    pixels: [detectorAxis(recorded[pixel + 1] ?? {}, "ky"), detectorAxis(recorded[pixel] ?? {}, "kx")],
  };
}

function microscope(image: Tag): Record<string, number> {
  const said = (name: string): number => numberOf(tagAt(image, "ImageTags", "Microscope Info", name)) ?? 0;
  const cameraLength = said("STEM Camera Length") || said("Camera Length");
  return {
    ...(said("Voltage") > 0 ? { "energy [eV]": said("Voltage") } : {}),
    ...(cameraLength > 0 ? { "camera length [mm]": cameraLength } : {}),
  };
}
