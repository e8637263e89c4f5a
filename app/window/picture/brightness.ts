import { type Display, type DisplayScale, displayScale } from "../../../src/index.ts";
import type { DisplaySettings } from "../state/window-state.ts";

export interface BrightnessOptions {
  readonly settings?: DisplaySettings;
  readonly signed?: boolean | undefined;
  readonly range?: readonly [lower: number, upper: number] | undefined;
}

/** Percentiles of so many values are good to half a percent, and found within a millisecond. */
const mostSampled = 16_384;

/** The brightness of a picture that may change at every frame: limits from a sample of its values, extremes from all of them. */
export function brightness(values: Float32Array, { settings, signed, range }: BrightnessOptions): DisplayScale {
  const display: Display =
    settings === undefined || settings.kind === "linear"
      ? { kind: "linear" }
      : settings.kind === "gamma"
        ? { kind: "gamma", gamma: settings.gamma }
        : { kind: "log", decades: 4 };
  return displayScale(sampled(values), { display, signed, range, percentiles: settings?.percentiles });
}

function sampled(values: Float32Array): Float32Array {
  if (values.length <= mostSampled) return values;
  const every = Math.ceil(values.length / mostSampled);
  const sample = new Float32Array(Math.ceil(values.length / every) + 2);
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value < least) least = value;
    if (value > most) most = value;
    if (i % every === 0) sample[i / every] = value;
  }
  sample[sample.length - 2] = least;
  sample[sample.length - 1] = most;
  return sample;
}
