/** How values become brightness. Gamma below 1 lifts weak spots; log shows decades and needs positive values. */
export type Display =
  | { readonly kind: "linear" }
  | { readonly kind: "gamma"; readonly gamma: number }
  | { readonly kind: "log"; readonly decades?: number };

export interface DisplayOptions {
  /** Default linear. */
  readonly display?: Display | undefined;
  /** Symmetric about 0: values are signed. Default false. */
  readonly signed?: boolean | undefined;
  /** Fixed limits instead of those found in the values. */
  readonly range?: readonly [lower: number, upper: number] | undefined;
  /** Share of the values, in percent, that limits are taken from. Default [0, 100]. */
  readonly percentiles?: readonly [lower: number, upper: number] | undefined;
}

/** Brightness of values, with the ticks of its colour bar. */
export interface DisplayScale {
  readonly lower: number;
  readonly upper: number;
  readonly signed: boolean;
  /** Values lie outside the limits on that side: the colour bar ends in a point there. */
  readonly clippedBelow: boolean;
  readonly clippedAbove: boolean;
  /** Value to brightness 0 … 1, clamped; NaN stays NaN. */
  toUnit(value: number): number;
  /** Values worth a tick, of which no two are nearer than `separation` in brightness; ascending. */
  ticks(separation: number): number[];
}

/**
 * Fits a display to values. Non-finite values do not count. An empty or constant array gets a range of length |value| or 1,
 * so that it is drawn evenly.
 *
 * - linear: (v − lower) ÷ (upper − lower)
 * - gamma: that to the power gamma; signed: ½ + ½ sign(v)·(|v| ÷ limit)^gamma
 * - log: log(v ÷ lower) ÷ log(upper ÷ lower), lower = the least positive value but at most `decades` (default 5) below upper;
 *   signed values fall back to gamma ⅓, which keeps decades apart without a threshold to choose
 */
export function displayScale(values: Float32Array, options: DisplayOptions = {}): DisplayScale {
  const { signed = false, range, percentiles = [0, 100] } = options;
  let display: Display = options.display ?? { kind: "linear" };
  if (signed && display.kind === "log") display = { kind: "gamma", gamma: 1 / 3 };

  const { least, most, leastPositive } = extremes(values);
  const whole = percentiles[0] <= 0 && percentiles[1] >= 100;
  let [lower, upper] = range ?? (whole ? [least, most] : percentilesOf(values, percentiles));
  if (signed) {
    upper = Math.max(Math.abs(lower), Math.abs(upper));
    lower = -upper;
  }
  // Values that never rise above 0 have no decades to lie in.
  if (!signed && display.kind === "gamma" && upper <= 0) display = { kind: "linear" };
  // Brightness that is raised to a power starts at nothing: an offset would make ratios of spots look wrong.
  if (!signed && display.kind === "gamma" && range === undefined && lower > 0) lower = 0;
  if (display.kind === "log") {
    if (!(upper > 0)) upper = 1;
    lower = Math.max(leastPositive ?? upper, upper * 10 ** -(display.decades ?? 5));
    if (lower >= upper) lower = upper / 10;
  } else if (!(upper > lower)) {
    upper = signed ? 1 : lower + (Math.abs(lower) || 1);
    if (signed) lower = -1;
  }

  const exponent = display.kind === "gamma" ? display.gamma : 1;
  const toUnit = (value: number): number => {
    if (Number.isNaN(value)) return Number.NaN;
    if (display.kind === "log") return clamp(Math.log(Math.max(value, lower) / lower) / Math.log(upper / lower));
    if (signed) return clamp(0.5 + 0.5 * Math.sign(value) * (Math.abs(value) / upper) ** exponent);
    return clamp((value - lower) / (upper - lower)) ** exponent;
  };
  const scale = {
    lower,
    upper,
    signed,
    clippedBelow: least < lower && display.kind !== "log",
    clippedAbove: most > upper,
    toUnit,
  };
  return { ...scale, ticks: (separation) => spacedTicks(scale, display, separation) };
}

const clamp = (unit: number): number => Math.min(1, Math.max(0, unit));

/** Of the finite values: 0 and 1 where there are none. */
function extremes(values: Float32Array): { least: number; most: number; leastPositive: number | undefined } {
  let [least, most, leastPositive] = [Infinity, -Infinity, Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < least) least = value;
    if (value > most) most = value;
    if (value > 0 && value < leastPositive) leastPositive = value;
  }
  if (least > most) return { least: 0, most: 1, leastPositive: undefined };
  return { least, most, leastPositive: leastPositive < Infinity ? leastPositive : undefined };
}

function percentilesOf(values: Float32Array, [low, high]: readonly [number, number]): [number, number] {
  const sorted = values.filter(Number.isFinite).sort();
  if (sorted.length === 0) return [0, 1];
  const at = (percent: number): number =>
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.round((percent / 100) * (sorted.length - 1))))]!;
  return [at(low), at(high)];
}

function spacedTicks(
  { lower, upper, signed, toUnit }: Pick<DisplayScale, "lower" | "upper" | "signed" | "toUnit">,
  display: Display,
  separation: number,
): number[] {
  if (display.kind === "linear") return linearTicks(lower, upper, Math.min(5, Math.max(1, Math.floor(1 / separation))));
  const candidates: number[] = [];
  if (display.kind === "gamma" && lower <= 0) candidates.push(0);
  const top = Math.floor(Math.log10(upper) + 1e-9);
  // Round values are tried from the roundest on, so that 100 and 10 win over 50 where there is no room for both.
  for (const leading of [1, 5, 2]) {
    for (let decade = top; decade >= top - 6; decade--) candidates.push(leading * 10 ** decade);
  }
  const chosen: number[] = [];
  for (const value of candidates) {
    if (value !== 0 && (value > upper * (1 + 1e-9) || value < lower)) continue;
    for (const tick of signed && value !== 0 ? [value, -value] : [value]) {
      if (chosen.every((other) => Math.abs(toUnit(other) - toUnit(tick)) >= separation)) chosen.push(tick);
    }
  }
  return chosen.map((value) => Number(value.toPrecision(12))).sort((a, b) => a - b);
}

/** At most `most` + 1 round values from lower to upper, 1-2-5 steps. */
export function linearTicks(lower: number, upper: number, most: number): number[] {
  const step = roundUp((upper - lower) / most);
  const ticks: number[] = [];
  for (let i = Math.ceil(lower / step - 1e-9); i * step <= upper + step * 1e-9; i++)
    ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
}

/** The least number 1, 2 or 5 times a power of ten that is not less. */
export function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9);
  const leading = value / power;
  return power * (leading <= 1 + 1e-9 ? 1 : leading <= 2 + 1e-9 ? 2 : leading <= 5 + 1e-9 ? 5 : 10);
}
