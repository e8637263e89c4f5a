import { carbonHalo } from "./carbon-film.ts";
import { type Miller, reciprocalLength, structureFactorSquared, zoneReflections } from "./crystal.ts";
import { galliumArsenide } from "./crystals.ts";
import type { NanowireOptions } from "./nanowire.ts";
import { diffuse, distribution } from "./pattern-canvas.ts";
import { collectedByPrecession, electronWavelength } from "./precession.ts";
import { spotHeight } from "./spot.ts";

/** 1/Å per pixel: {111} lies 10 px from the direct beam, and the detector's short side reaches 1.5 Å⁻¹. */
export const reciprocalStep = 0.03;

/** Direct beam without descan: a little off the detector's middle, as on a microscope, and on the corner of a pixel's quarter. */
export const beamPlace = (pixels: readonly [number, number]): readonly [number, number] => [
  pixels[0] / 2 - 0.25,
  pixels[1] / 2 - 1.5,
];

/** How the scattered intensity is divided. */
const shares = {
  /** Of all electrons, scattered a little by apertures and residual gas everywhere. */
  stray: 0.08,
  /** Of the electrons that a full wire scatters: into Bragg spots; the rest is diffuse. */
  bragg: 0.62,
} as const;

/** A spot of the crystal, in px from the direct beam, and its part of the Bragg intensity. */
export interface Spot {
  readonly row: number;
  readonly column: number;
  readonly share: number;
  readonly miller: Miller;
}

/**
 * Spots of GaAs along [1-10] with [111] along the wire, or of its Σ3 twin about [111], which looks mirrored: the component of g
 * along [111] stays, that along [11-2] changes sign.
 *
 * Shares are |F|² t² ⟨sinc²⟩ over the precession circle, scaled to sum to 1.
 *
 * @param tilt  of the beam from the zone axis, towards [111] [mrad]
 */
export function crystalSpots(twin: boolean, options: Required<NanowireOptions>, tilt = 0): Spot[] {
  const { pixels, precession, thickness, energy, wireAngle } = options;
  const wavelength = electronWavelength(energy);
  const longest = (Math.max(...pixels) * Math.SQRT1_2 + 4) * reciprocalStep;
  const angle = (wireAngle * Math.PI) / 180;
  const spots = zoneReflections(galliumArsenide, [1, -1, 0], longest).map((miller) => {
    const [h, k, l] = miller;
    const along = (h + k + l) / Math.sqrt(3) / galliumArsenide.edge;
    const across = ((twin ? -1 : 1) * (h + k - 2 * l)) / Math.sqrt(6) / galliumArsenide.edge;
    const g = reciprocalLength(galliumArsenide, miller);
    const collected = collectedByPrecession(
      g,
      precession / 1000,
      ((tilt / 1000) * along) / g,
      thickness * 10,
      wavelength,
    );
    return {
      miller,
      row: (-along * Math.sin(angle) + across * Math.cos(angle)) / reciprocalStep,
      column: (along * Math.cos(angle) + across * Math.sin(angle)) / reciprocalStep,
      share: structureFactorSquared(galliumArsenide, miller) * collected,
    };
  });
  const total = spots.reduce((sum, spot) => sum + spot.share, 0);
  return spots.map((spot) => ({ ...spot, share: spot.share / total }));
}

/** Spots of both twins without tilt and at the two ends of the bent wire: what does not depend on where the beam lies. */
export interface WireSpots {
  readonly twins: readonly [TiltedSpots, TiltedSpots];
}

interface TiltedSpots {
  readonly still: readonly Spot[];
  readonly start: readonly Spot[];
  readonly end: readonly Spot[];
}

export function wireSpots(options: Required<NanowireOptions>): WireSpots {
  const tilted = (twin: boolean): TiltedSpots => {
    const still = crystalSpots(twin, options);
    if (options.bend === 0) return { still, start: still, end: still };
    return {
      still,
      start: crystalSpots(twin, options, -options.bend / 2),
      end: crystalSpots(twin, options, options.bend / 2),
    };
  };
  return { twins: [tilted(false), tilted(true)] };
}

/** Expected counts on a canvas that is `margin` px larger than the detector on every side; the same total in each. */
export interface Expected {
  readonly margin: number;
  readonly size: readonly [rows: number, columns: number];
  readonly twinA: Float32Array;
  readonly twinB: Float32Array;
  readonly vacuum: Float32Array;
  readonly carbon: Float32Array;
  /** What half the bend adds to the two twins at the wire's end, and takes away at its start. */
  readonly bentA: Float32Array;
  readonly bentB: Float32Array;
}

/** Renders the four patterns for a direct beam that lies a fraction of a pixel from its place. */
export function expectedPatterns(
  options: Required<NanowireOptions>,
  { twins }: WireSpots,
  margin: number,
  phase: readonly [number, number],
): Expected {
  const { pixels, dose, convergence, energy, diffracted } = options;
  const size = [pixels[0] + 2 * margin, pixels[1] + 2 * margin] as const;
  const place = beamPlace(pixels);
  const centre = [place[0] + margin + phase[0], place[1] + margin + phase[1]] as const;
  const radius = convergence / 1000 / electronWavelength(energy) / reciprocalStep;

  const canvas = { size, centre };
  const spotsOf = (spots: readonly Spot[]) => {
    const values = new Float32Array(size[0] * size[1]);
    const area = Math.PI * (radius * radius + edge * edge);
    const reach = Math.ceil(radius + 4 * edge);
    for (const { row, column, share } of spots) {
      const y = centre[0] + row;
      const x = centre[1] + column;
      for (let r = Math.max(0, Math.round(y) - reach); r <= Math.min(size[0] - 1, Math.round(y) + reach); r++) {
        for (let c = Math.max(0, Math.round(x) - reach); c <= Math.min(size[1] - 1, Math.round(x) + reach); c++) {
          values[r * size[1] + c]! += (share / area) * spotHeight(Math.hypot(r - y, c - x), radius, edge);
        }
      }
    }
    return values;
  };

  const direct = distribution(canvas, (y, x) =>
    Math.hypot(y, x) > radius + 6 ? 0 : spotHeight(Math.hypot(y, x), radius, edge),
  );
  const stray = diffuse(canvas, 0.05 / reciprocalStep);
  const thermal = diffuse(canvas, 0.25 / reciprocalStep);
  const halo = carbonHalo(canvas, reciprocalStep);

  const mixed = (...parts: readonly (readonly [number, Float32Array])[]) =>
    direct.map((_, i) => dose * parts.reduce((sum, [share, values]) => sum + share * values[i]!, 0));
  const unscattered = (1 - shares.stray) * (1 - diffracted);
  const bragg = (1 - shares.stray) * diffracted * shares.bragg;
  const diffused = (1 - shares.stray) * diffracted * (1 - shares.bragg);
  const crystal = ({ still }: TiltedSpots) =>
    mixed([shares.stray, stray], [unscattered, direct], [bragg, spotsOf(still)], [diffused, thermal]);
  const bent = ({ start, end }: TiltedSpots) => {
    if (start === end) return new Float32Array(direct.length);
    return mixed([bragg / 2, spotsOf(end)], [-bragg / 2, spotsOf(start)]);
  };
  return {
    margin,
    size,
    twinA: crystal(twins[0]),
    twinB: crystal(twins[1]),
    vacuum: mixed([shares.stray, stray], [1 - shares.stray, direct]),
    carbon: mixed([shares.stray, stray], [1 - shares.stray, halo]),
    bentA: bent(twins[0]),
    bentB: bent(twins[1]),
  };
}

/** Standard deviation of the spots' edge, px: the point spread of the camera. */
const edge = 0.6;
