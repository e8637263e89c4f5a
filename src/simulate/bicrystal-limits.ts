import { ShapeError } from "../scan/errors.ts";
import type { BicrystalOptions, BicrystalParameters } from "./bicrystal.ts";
import { crystals } from "./crystals.ts";
import { boundaryTilt } from "./grain.ts";
import { wholeWithin, within } from "./options.ts";
import { electronWavelength } from "./precession.ts";

/**
 * The options as parameters.
 *
 * @throws ShapeError  one is outside its range, or they do not go together
 */
export function checkedBicrystal(options: Required<BicrystalOptions>): BicrystalParameters {
  const { crystal: given, positions, pixels, azimuths, ...rest } = options;
  wholeWithin("positions", positions, 1, 65_536);
  wholeWithin("pixels", pixels, 8, 4096);
  wholeWithin("azimuths", [azimuths], 1, 100_000);
  for (const [name, least, most] of [
    ["thickness", 0.1, 10_000],
    ["mixed", 0, 1],
    ["precession", 0, 200],
    ["energy", 1e4, 2e6],
    ["reach", 0.2, 10],
    ["slice", 0.05, 20],
    ["absorption", 0, 0.5],
    ["step", 1e-5, 1],
    ["spread", 0, 100],
  ] as const) {
    within(name, rest[name], least, most);
  }
  const crystal = typeof given === "string" ? crystals[given] : given;
  if (crystal === undefined) {
    throw new ShapeError(
      `crystal: expected one of ${Object.keys(crystals).join(", ")} or one read from a CIF, found ${given}`,
      { expected: Object.keys(crystals), got: given },
    );
  }
  const parameters = { ...rest, positions, pixels, azimuths, crystal };
  checkBoundary(parameters);
  checkSampling(parameters);
  return parameters;
}

/** Edge-on crystals lie side by side: there is no position with one above the other. */
function checkBoundary({ crystal, beam, twinPlane, mixed }: BicrystalParameters): void {
  const off = Math.PI / 2 - boundaryTilt(crystal, beam, twinPlane);
  if (mixed === 0 || !(Math.abs(off) < 1e-6)) return;
  throw new ShapeError(
    `mixed: expected 0 where the boundary is edge-on, beam [${beam.join(" ")}] in the plane (${twinPlane.join(" ")}), found ${mixed}; take mixed 0, or another beam`,
    { expected: 0, got: mixed },
  );
}

/**
 * Slices of thickness Δz make false Laue zones at excitation errors of 1/Δz: those of all beams within reach, up to λ reach (reach/2 + k_t), k_t the
 * precession circle's radius, must stay below half of it. And all beams must lie within the Ewald sphere.
 */
function checkSampling({ thickness, slice, reach, precession, energy }: BicrystalParameters): void {
  if (10 * thickness < slice) {
    throw new ShapeError(
      `thickness: expected at least one slice of ${slice} Å, found ${thickness} nm; take a thicker crystal or thinner slices`,
      { expected: slice / 10, got: thickness },
    );
  }
  const wavelength = electronWavelength(energy);
  const circle = Math.sin(precession / 1000) / wavelength;
  const thickest = 0.5 / (wavelength * reach * (reach / 2 + circle));
  if (slice > thickest) {
    throw new ShapeError(
      `slice: expected at most ${thickest.toPrecision(2)} Å with a precession of ${precession} mrad, a reach of ${reach} 1/Å and ${energy / 1000} keV, found ${slice} Å; take thinner slices, or less precession or reach`,
      { expected: thickest, got: slice },
    );
  }
  // Corners of the grid of waves, 1.5 times the reach along both axes, and a little more by its rounding up.
  const farthest = circle + 2.5 * reach;
  if (farthest * wavelength > 1) {
    throw new ShapeError(
      `reach: expected beams within the Ewald sphere of ${(1 / wavelength).toFixed(1)} 1/Å at ${energy / 1000} keV, found beams up to ${farthest.toFixed(1)} 1/Å; take a smaller reach or more energy`,
      { expected: 1 / wavelength, got: farthest },
    );
  }
}

/** @throws ShapeError  the intensities of all distinct positions would not fit into the memory of every thread */
export function checkIntensities(distinct: number, beams: number): void {
  if (distinct * beams <= mostIntensities) return;
  throw new ShapeError(
    `positions: expected at most ${Math.floor(mostIntensities / beams)} different ones with ${beams} beams (${(8 * mostIntensities) / 2 ** 20} MiB in every thread), found ${distinct}; take fewer columns, or a smaller reach`,
    { expected: mostIntensities, got: distinct * beams },
  );
}

const mostIntensities = 2 ** 24;
