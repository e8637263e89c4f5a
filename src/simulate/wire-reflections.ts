import { latticePoints, type Miller, structureFactors } from "./crystal.ts";
import { galliumArsenide } from "./crystals.ts";
import { collected, type Illumination } from "./excitation.ts";
import { electronWavelength } from "./precession.ts";

export interface ReflectionOptions {
  readonly precession: number;
  readonly convergence: number;
  readonly energy: number;
  /** Of the wire from [1-10] towards its axis [°]. */
  readonly tilt: number;
  /** Difference in orientation from one end of the field to the other [mrad]. */
  readonly bend: number;
  /** Orientation at the middle of the field, from the zone axis towards the wire's axis [mrad]. */
  readonly misorientation: number;
  /** Longest reflection that the detector sees [1/Å]. */
  readonly longest: number;
  /** Longest path of the beam [Å]. */
  readonly thickness: number;
}

/** A reflection as it stands under the beam; components [1/Å] along the wire, across it, and along the beam. */
export interface WireReflection {
  readonly miller: Miller;
  readonly along: number;
  readonly across: number;
  readonly up: number;
  /** |F|² [Å²]. */
  readonly strength: number;
}

/** Reflections that are excited somewhere in the field, strong enough to matter: others cost time only. */
const negligible = 1e-4;

/**
 * Reflections of zinc blende GaAs with [111] along the wire, seen near [1-10], or of its Σ3 twin: half a turn about [111], so that g along
 * [111] stays and the other two components change sign. Tilting about the third axis by 31.5° brings both to a ⟨311⟩ zone axis.
 */
export function wireReflections(twin: boolean, options: ReflectionOptions): WireReflection[] {
  const { tilt, longest } = options;
  const [sine, cosine] = [Math.sin((tilt * Math.PI) / 180), Math.cos((tilt * Math.PI) / 180)];
  const factor = structureFactors(galliumArsenide);
  const sign = twin ? -1 : 1;
  const edge = galliumArsenide.edge;
  const found = latticePoints(galliumArsenide, longest + 0.2).flatMap((miller): WireReflection[] => {
    const [h, k, l] = miller;
    const axial = (h + k + l) / Math.sqrt(3) / edge;
    const across = (sign * (h + k - 2 * l)) / Math.sqrt(6) / edge;
    const zone = (sign * (h - k)) / Math.SQRT2 / edge;
    const along = axial * cosine - zone * sine;
    const up = zone * cosine + axial * sine;
    if (Math.hypot(along, across) > longest || miller.every((index) => index === 0)) return [];
    const { real, imaginary } = factor(miller);
    const strength = real * real + imaginary * imaginary;
    return strength > 0 ? [{ miller, along, across, up, strength }] : [];
  });
  const weight = (reflection: WireReflection): number =>
    Math.max(...[-0.5, -0.25, 0, 0.25, 0.5].map((at) => power(reflection, options, at, options.thickness)));
  const weights = found.map(weight);
  const strongest = Math.max(...weights);
  return found.filter((_, i) => weights[i]! > negligible * strongest);
}

/**
 * What a reflection scatters out of the beam, kinematical: |F|² t² ⟨sinc²(s t)⟩, up to a factor that all share.
 *
 * @param at         along the wire, −½ … ½ over the field: sets the orientation
 * @param thickness  path through the crystal [Å]
 */
export function power(
  { along, across, up, strength }: WireReflection,
  options: ReflectionOptions,
  at: number,
  thickness: number,
): number {
  const { precession, convergence, energy, bend, misorientation } = options;
  const orientation = (misorientation + bend * at) / 1000;
  const illumination: Illumination = { precession: precession / 1000, convergence: convergence / 1000 };
  const squared = along * along + across * across + up * up;
  const excitation = up + orientation * along - (electronWavelength(energy) * squared) / 2;
  return strength * thickness ** 2 * collected(excitation, Math.hypot(along, across), illumination, thickness);
}

/** Powers over a grid of orientations and thicknesses, to be looked up: one row of values for each reflection. */
export interface PowerTable {
  readonly reflections: readonly WireReflection[];
  /** Powers of all reflections at an orientation and a thickness, added up by weight into `into`. */
  lookUp(at: number, thickness: number, into: Float64Array): void;
}

const [orientations, thicknesses] = [33, 17];

export function powerTable(twin: boolean, options: ReflectionOptions): PowerTable {
  const reflections = wireReflections(twin, options);
  const n = reflections.length;
  const values = new Float32Array(orientations * thicknesses * n);
  for (let o = 0, i = 0; o < orientations; o++) {
    for (let t = 0; t < thicknesses; t++) {
      const thickness = (options.thickness * t) / (thicknesses - 1);
      for (const reflection of reflections)
        values[i++] = power(reflection, options, o / (orientations - 1) - 0.5, thickness);
    }
  }
  return {
    reflections,
    lookUp(at, thickness, into) {
      const o = Math.min(orientations - 1, Math.max(0, (at + 0.5) * (orientations - 1)));
      const t = Math.min(thicknesses - 1, (thickness / options.thickness) * (thicknesses - 1));
      const [below, under] = [Math.min(orientations - 2, Math.floor(o)), Math.min(thicknesses - 2, Math.floor(t))];
      const [more, over] = [o - below, t - under];
      const row = (a: number, b: number): number => ((below + a) * thicknesses + under + b) * n;
      const corners = [row(0, 0), row(0, 1), row(1, 0), row(1, 1)] as const;
      for (let r = 0; r < n; r++) {
        const lower = values[corners[0] + r]! * (1 - over) + values[corners[1] + r]! * over;
        const upper = values[corners[2] + r]! * (1 - over) + values[corners[3] + r]! * over;
        into[r] = lower * (1 - more) + upper * more;
      }
    },
  };
}
