import { ShapeError } from "../scan/errors.ts";
import type { BentNanowireOptions } from "./bent-nanowire.ts";
import { onDetector, wholeWithin, within } from "./options.ts";

/** @throws ShapeError  an option is outside its range */
export function checkBentNanowire(options: Required<BentNanowireOptions>): void {
  const { positions, pixels, detector, boundaries } = options;
  wholeWithin("positions", positions, 1, 4096);
  wholeWithin("pixels", pixels, 32, 1024);
  wholeWithin("seed", [options.seed], 0, 2 ** 32 - 1);
  onDetector("deadPixels", options.deadPixels, pixels);
  for (const [name, least, most] of [
    ["stepSize", 0.01, 1000],
    ["dose", 0, 1e9],
    ["precession", 0, 100],
    ["convergence", 0.1, 10],
    ["energy", 1e4, 1e6],
    ["diameter", 1, 1000],
    ["wireAngle", -360, 360],
    ["tilt", -60, 60],
    ["bend", 0, 200],
    ["misorientation", -200, 200],
    ["film", 0, 1],
    ["diffracted", 0, 0.95],
    ["thermal", 0, 0.9],
    ["pointSpread", 0.2, 10],
    ["descan", 0, Math.min(...pixels) / 4],
    ["jitter", 0, Math.min(...pixels) / 16],
  ] as const) {
    within(name, options[name], least, most);
  }
  for (const at of boundaries) within("boundaries", at, -1e6, 1e6);
  if (boundaries.some((at, i) => i > 0 && !(at > boundaries[i - 1]!))) {
    throw new ShapeError(`boundaries: expected ascending places, found ${boundaries.join(", ")} nm; sort them`, {
      expected: "ascending",
      got: boundaries,
    });
  }
  if (detector.kind === "ccd") {
    within("gain", detector.gain, 1e-6, 1e6);
    within("readNoise", detector.readNoise, 0, 100);
    within("offset", detector.offset, 0, 255);
  } else wholeWithin("saturation", [detector.saturation], 1, 65_535);
}

/** Boundaries that were asked for must be seen: the defaults are for the default field, and some may lie outside a smaller one. */
export function checkInField(boundaries: readonly number[], options: Required<BentNanowireOptions>): void {
  const { positions, stepSize, tilt, diameter } = options;
  const lean = (Math.abs(tilt) * Math.PI) / 180;
  // Along the wire: half the field's diagonal, and how far a tilted boundary reaches.
  const farthest = (Math.hypot(...positions) * stepSize) / 2 / Math.cos(lean) + diameter * Math.sin(lean);
  const outside = boundaries.find((at) => Math.abs(at) > farthest);
  if (outside === undefined) return;
  throw new ShapeError(
    `boundaries: expected places within ${farthest.toFixed(0)} nm of the middle of the field, found ${outside} nm; move it, or scan more positions`,
    { expected: farthest, got: outside },
  );
}
