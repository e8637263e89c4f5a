import type { Size } from "../scan/scan.ts";
import type { Axes } from "../scan/source.ts";
import { ownDescription } from "./tiff-writer.ts";
import type { RecordedAxis } from "./units.ts";

/** What a TIFF's description says of its stack. */
export interface TiffDescription {
  readonly writer: "ImageJ" | "OME" | "tifffile" | undefined;
  /** Number of images that the description promises. */
  readonly images?: number | undefined;
  /** Scan size, where two dimensions besides rows and columns are longer than 1. */
  readonly positions?: Size | undefined;
  readonly pixels: readonly [y: RecordedAxis, x: RecordedAxis];
  /** All axes, where this library wrote the stack. */
  readonly axes?: Axes | undefined;
}

const nothing: TiffDescription = { writer: undefined, pixels: [{}, {}] };

/**
 * Reads the description of a stack: ImageJ's list of keys, OME's XML, or the shape that tifffile leaves.
 *
 * @param text        the image description (tag 270)
 * @param resolution  pixels per unit along y and x (tags 283 and 282), which ImageJ refers to
 */
export function readDescription(text: string, resolution: readonly [number, number]): TiffDescription {
  if (text.startsWith("ImageJ=")) return imageJ(text, resolution);
  if (text.includes("<OME") && text.includes("<Pixels")) return ome(text);
  if (text.startsWith("{")) return shaped(text);
  return nothing;
}

/** The two dimensions longer than 1, slowest first; of none or one, nothing is known of the scan. */
function scanOf(slowestFirst: readonly number[]): Size | undefined {
  const long = slowestFirst.filter((length) => length > 1);
  return long.length === 2 ? [long[0]!, long[1]!] : undefined;
}

const product = (lengths: readonly number[]): number => lengths.reduce((all, length) => all * length, 1);

/** Channels run fastest, then slices, then frames. */
function imageJ(text: string, [perY, perX]: readonly [number, number]): TiffDescription {
  const keys = new Map(
    text.split("\n").map((line) => [line.split("=")[0]!.trim(), line.slice(line.indexOf("=") + 1).trim()]),
  );
  const count = (key: string): number => {
    const value = Number(keys.get(key) ?? 1);
    return Number.isSafeInteger(value) && value > 0 ? value : 1;
  };
  const lengths = [count("frames"), count("slices"), count("channels")];
  const unit = keys
    .get("unit")
    ?.replaceAll(/\\u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  const axis = (per: number): RecordedAxis => (per > 0 && unit !== undefined ? { step: 1 / per, unit } : {});
  return {
    writer: "ImageJ",
    images: keys.has("images") ? count("images") : product(lengths),
    positions: scanOf(lengths),
    pixels: [axis(perY), axis(perX)],
    ...ownDescription(parsed(keys.get("endmember") ?? "")),
  };
}

function ome(text: string): TiffDescription {
  const [, element = ""] = /<Pixels\b([^>]{0,4000})>/.exec(text) ?? [];
  const attributes = new Map(
    Array.from(element.matchAll(/([A-Za-z]+)\s*=\s*"([^"]*)"/g), ([, key, value]) => [key!, value!]),
  );
  const order = attributes.get("DimensionOrder") ?? "XYZCT";
  const lengths = [...order.slice(2)].reverse().map((letter) => Number(attributes.get(`Size${letter}`) ?? 1));
  const axis = (letter: "X" | "Y"): RecordedAxis => {
    const step = attributes.get(`PhysicalSize${letter}`);
    return step === undefined ? {} : { step: Number(step), unit: attributes.get(`PhysicalSize${letter}Unit`) ?? "µm" };
  };
  return { writer: "OME", images: product(lengths), positions: scanOf(lengths), pixels: [axis("Y"), axis("X")] };
}

function shaped(text: string): TiffDescription {
  const { shape, endmember } = (parsed(text) ?? {}) as { shape?: unknown; endmember?: unknown };
  if (!Array.isArray(shape) || !shape.every((length) => Number.isSafeInteger(length) && length > 0)) return nothing;
  const stack = shape.slice(0, -2) as number[];
  return {
    ...nothing,
    writer: "tifffile",
    images: product(stack),
    positions: stack.length === 2 ? [stack[0]!, stack[1]!] : undefined,
    ...ownDescription(endmember),
  };
}

/** What is no JSON says nothing. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
