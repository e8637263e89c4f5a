import { FormatError, ShapeError } from "../scan/errors.ts";
import { area, type Size } from "../scan/scan.ts";
import { bytesPer, type PatternSource, uncalibratedAxes } from "../scan/source.ts";
import type { Bytes } from "./bytes.ts";
import type { OpenOptions } from "./format.ts";
import { framesIn, framesSource, plainNumbers } from "./frames.ts";
import type { RawLayout } from "./raw-layout.ts";
import type { StoredNumber } from "./stored-numbers.ts";

/**
 * Opens plain bytes that the user described. It is never recognised by itself: any bytes could be numbers.
 *
 * A wrong description that fits the file's length cannot be noticed; one that does not fit is an error, but for a
 * trailer shorter than one pattern, which the metadata counts.
 *
 * @throws FormatError  the file holds fewer patterns than described
 * @throws ShapeError   it holds whole patterns more than described
 */
export function openRaw(bytes: Bytes, layout: RawLayout, options: OpenOptions): PatternSource {
  const { dtype, bigEndian, shape, offset } = layout;
  const positions: Size = [shape[0], shape[1]];
  const pixels: Size = [shape[2], shape[3]];
  const lengths = [...shape, offset];
  if (!lengths.every(Number.isSafeInteger) || offset < 0 || !(area(positions) * area(pixels) > 0)) {
    throw new ShapeError(
      `raw: expected lengths of at least 1 and an offset of at least 0, found ${lengths.join(", ")}`,
      {
        expected: "≥ 1",
        got: lengths,
      },
    );
  }
  const stored: StoredNumber = {
    kind: dtype.startsWith("f") ? "float" : dtype.startsWith("i") ? "signed" : "unsigned",
    bytes: bytesPer[dtype] as StoredNumber["bytes"],
    bigEndian,
  };
  const pattern = area(pixels) * stored.bytes;
  const frames = framesIn(bytes, offset, pattern);
  if (frames > area(positions)) {
    throw new ShapeError(
      `${bytes.name}: expected ${area(positions)} patterns of ${pattern} bytes from byte ${offset} on, found ${frames}; ` +
        "describe all of them, or check DTYPE and the lengths",
      { expected: area(positions), got: frames },
    );
  }
  if (frames === 0 || (frames < area(positions) && !options.allowIncomplete)) {
    throw new FormatError(
      `${bytes.name}: expected ${area(positions)} patterns of ${pattern} bytes from byte ${offset} on, found ${frames}; ` +
        "the file is truncated or described wrongly",
      { file: bytes.name, offset: bytes.size },
    );
  }
  const left = bytes.size - offset - frames * pattern;
  return framesSource(bytes, options, {
    format: "raw",
    parts: [{ bytes, offset, frames }],
    stride: pattern,
    frameBytes: pattern,
    pixels,
    ...plainNumbers(stored),
    recorded: positions,
    axes: uncalibratedAxes,
    metadata: {
      "described as": `${bigEndian ? "big-endian " : ""}${dtype}, ${shape.join("×")} from byte ${offset}`,
      ...(left > 0 ? { "bytes left out": left } : {}),
    },
  });
}
