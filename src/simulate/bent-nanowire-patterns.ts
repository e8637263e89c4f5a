import type { Size } from "../scan/scan.ts";
import type { BentNanowireOptions } from "./bent-nanowire.ts";
import { carbonHalo } from "./carbon-film.ts";
import { type Canvas, diffuse, distribution } from "./pattern-canvas.ts";
import { electronWavelength } from "./precession.ts";
import { spotHeight } from "./spot.ts";
import { type PowerTable, powerTable, type ReflectionOptions, type WireReflection } from "./wire-reflections.ts";

/** 1/Å per pixel: {111} lies 11 px from the direct beam. */
export const reciprocalStep = 0.028;

/** Of all electrons, scattered a little by apertures and residual gas everywhere. */
const stray = 0.08;

/** What part of a position each piece of the specimen is. */
export interface Here {
  /** Paths through the twins [nm]. */
  readonly first: number;
  readonly second: number;
  /** Along the wire, −½ … ½ over the field. */
  readonly along: number;
  /** Part of the electrons that the film scatters. */
  readonly film: number;
}

/** Expected electrons over a canvas. */
export type Render = (here: Here, into: Float32Array) => void;

/**
 * How the wire scatters: Bragg intensities share what Σ powers makes of the beam, 1 − exp(−Σ), kinematical where it is thin and never more than
 * there is; what is diffuse grows with thickness. `render` makes the expected pattern on a canvas.
 */
export interface Scattering {
  readonly twins: readonly [PowerTable, PowerTable];
  readonly rendererOn: (canvas: Canvas) => Render;
}

export function scattering(options: Required<BentNanowireOptions>, longest: number): Scattering {
  const { pixels, dose, convergence, energy, diffracted, thermal: most } = options;
  const thickest = longest * 10;
  const reflectionOptions: ReflectionOptions = {
    ...options,
    longest: (Math.hypot(...pixels) / 2 + 4) * reciprocalStep,
    thickness: thickest,
  };
  const twins = [powerTable(false, reflectionOptions), powerTable(true, reflectionOptions)] as const;
  const [first, second] = twins.map(({ reflections }) => new Float64Array(reflections.length)) as [
    Float64Array,
    Float64Array,
  ];
  const scale = strength(twins[0], first, thickest, diffracted);
  // Diffuse scattering by thermal motion: a mean free path.
  const freePath = most > 0 ? -longest / Math.log(1 - most) : Number.POSITIVE_INFINITY;
  const radius = convergence / 1000 / electronWavelength(energy) / reciprocalStep;

  const rendererOn = (canvas: Canvas): Render => {
    const direct = distribution(canvas, (y, x) => {
      const distance = Math.hypot(y, x);
      return distance > radius + 8 * options.pointSpread ? 0 : spotHeight(distance, radius, options.pointSpread);
    });
    const small = diffuse(canvas, 0.05 / reciprocalStep);
    const wide = diffuse(canvas, 0.25 / reciprocalStep);
    const halo = carbonHalo(canvas, reciprocalStep);
    const stamps = twins.map(({ reflections }) =>
      reflections.map((reflection) =>
        stampOf(canvas, placeOf(reflection, options.wireAngle), radius, options.pointSpread),
      ),
    );
    return (here, into) => {
      twins[0].lookUp(here.along, here.first * 10, first);
      twins[1].lookUp(here.along, here.second * 10, second);
      const total = scale * (sum(first) + sum(second));
      const warm = 1 - Math.exp(-(here.first + here.second) / freePath);
      const through = (1 - here.film) * (1 - stray) * dose;
      const share = total > 0 ? (scale * (1 - Math.exp(-total))) / total : 0;
      const [a, b, c, d] = [
        through * (1 - warm) * Math.exp(-total),
        stray * dose,
        through * warm,
        here.film * (1 - stray) * dose,
      ];
      for (let i = 0; i < into.length; i++) into[i] = a * direct[i]! + b * small[i]! + c * wide[i]! + d * halo[i]!;
      for (const [k, powers] of [first, second].entries()) {
        for (const [r, stamp] of stamps[k]!.entries()) {
          const electrons = through * (1 - warm) * share * powers[r]!;
          if (stamp !== undefined && electrons > 0) add(stamp, electrons, into, canvas.size[1]);
        }
      }
    };
  };
  return { twins, rendererOn };
}

/** Place of a spot, px from the direct beam, rows first. */
export function placeOf(
  { along, across }: Pick<WireReflection, "along" | "across">,
  wireAngle: number,
): readonly [number, number] {
  const angle = (wireAngle * Math.PI) / 180;
  return [
    (-along * Math.sin(angle) + across * Math.cos(angle)) / reciprocalStep,
    (along * Math.cos(angle) + across * Math.sin(angle)) / reciprocalStep,
  ];
}

/** The factor between powers and what they take out of the beam: on average over the field the wire's middle scatters `diffracted` into spots. */
function strength(table: PowerTable, powers: Float64Array, thickness: number, diffracted: number): number {
  if (diffracted === 0) return 0;
  const totals = Array.from({ length: 33 }, (_, i) => {
    table.lookUp(i / 32 - 0.5, thickness, powers);
    return sum(powers);
  });
  const scattered = (scale: number): number =>
    totals.reduce((all, total) => all + 1 - Math.exp(-scale * total), 0) / totals.length;
  let [low, high] = [0, 1 / Math.max(...totals)];
  while (scattered(high) < diffracted) high *= 2;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (scattered(middle) < diffracted) low = middle;
    else high = middle;
  }
  return high;
}

/** A spot drawn once: its values sum to 1. */
interface Stamp {
  readonly top: number;
  readonly left: number;
  readonly size: Size;
  readonly values: Float32Array;
}

/** The spot at its place on the canvas; undefined where it does not reach the canvas. */
function stampOf(
  { size, centre }: Canvas,
  [row, column]: readonly [number, number],
  radius: number,
  edge: number,
): Stamp | undefined {
  const reach = radius + 4 * edge;
  const [y, x] = [centre[0] + row, centre[1] + column];
  const [top, left] = [Math.max(0, Math.ceil(y - reach)), Math.max(0, Math.ceil(x - reach))];
  const [bottom, right] = [Math.min(size[0] - 1, Math.floor(y + reach)), Math.min(size[1] - 1, Math.floor(x + reach))];
  if (bottom < top || right < left) return undefined;
  const own = [bottom - top + 1, right - left + 1] as const;
  // What a Gaussian edge adds to the disk's area.
  const area = Math.PI * (radius * radius + edge * edge);
  const values = Float32Array.from(
    { length: own[0] * own[1] },
    (_, i) => spotHeight(Math.hypot(top + Math.floor(i / own[1]) - y, left + (i % own[1]) - x), radius, edge) / area,
  );
  return { top, left, size: own, values };
}

function add({ top, left, size, values }: Stamp, by: number, into: Float32Array, columns: number): void {
  for (let r = 0, i = 0; r < size[0]; r++) {
    for (let c = 0, at = (top + r) * columns + left; c < size[1]; c++, i++, at++) into[at]! += by * values[i]!;
  }
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
