import { item } from "../scan/scan.ts";
import { boundaryWidth } from "./boundary-width.ts";
import { type Learned, mapError, type Truth } from "./learned-model.ts";
import { angle } from "./matching.ts";
import { type Claim, percent, shown } from "./reproduction.ts";

export function claims({ nmf, fcm, found }: Learned, truth: Truth): Claim[] {
  const thickness = item(truth.abundances, 1);
  const membership = item(fcm.memberships, 1);
  const pure = [...membership.keys()].filter((i) => thickness[i] === 1);
  const atPure = Math.max(...pure.map((i) => membership[i]!));
  const highest = membership.indexOf(membership.reduce((a, b) => Math.max(a, b), 0));
  const [width, trueWidth] = [boundaryWidth(membership), boundaryWidth(thickness)];
  const exact = mapError(nmf.loadings, truth.abundances);
  const left = nmf.objective / Math.sqrt(found.total);
  const shared = [0, 1].map((k) =>
    leftover(item(fcm.centres, k), item(truth.patterns, 1 - k), item(truth.patterns, k)),
  );
  return [
    {
      claim: "NMF recovers the signal profile exactly",
      expected: "loadings within 10⁻⁶ of the thickness (root mean square), and nothing left of the data (10⁻⁶)",
      measured: `${shown(exact)}; ${shown(left)} of ‖X‖ is left`,
      holds: exact <= 1e-6 && left <= 1e-6,
      ...(exact > 1e-6 || left > 1e-6
        ? { reason: "Values are held and multiplied as 32-bit floats; what is left is their rounding." }
        : {}),
    },
    {
      claim: "Memberships vary smoothly where the thickness has kinks",
      expected: "largest change of slope between neighbouring positions below that of the thickness",
      measured: `${shown(kink(membership))} per position, thickness ${shown(kink(thickness))}`,
      holds: kink(membership) < kink(thickness),
    },
    {
      claim: "The boundary appears narrower in the memberships than it is",
      expected: "10–90 % width below the true one",
      measured: `${shown(width)} of ${shown(trueWidth)} positions (${percent(width / trueWidth, 0)})`,
      holds: width < trueWidth,
    },
    {
      claim: "Pure positions have a membership slightly below 100 %",
      expected: "from 95 % to below 100 %",
      measured: percent(atPure, 2),
      holds: atPure < 1 && atPure >= 0.95,
    },
    {
      claim:
        "The membership rises at the edge of the boundary, where mixed patterns lie nearer to the weighted centre than pure ones",
      expected: "largest membership at a mixed position",
      measured: `${percent(membership[highest]!, 2)} where the crystal has ${percent(thickness[highest]!, 0)} of the thickness`,
      holds: thickness[highest]! < 1 && membership[highest]! > atPure,
    },
    {
      claim: "A cluster centre is a weighted mean and holds some of the other crystal",
      expected: "above 1 % of the other crystal's pattern in each centre",
      measured: shared.map((part) => percent(part)).join(" and "),
      holds: shared.every((part) => part > 0.01),
    },
  ];
}

export function embeddedClaim({ fcm, nmf, unmix }: Learned, truth: Truth): Claim {
  const part = leftover(item(fcm.centres, 1), item(truth.patterns, 0), item(truth.patterns, 1));
  const [byNmf, byUnmixing] = [nmf, unmix].map(({ factors }) => angle(item(factors, 1), item(truth.patterns, 1)));
  return {
    claim: "Clustering cannot separate a crystal without any pure position, such as a fully embedded particle",
    expected:
      "in the same model with at most half of the thickness in the second crystal, above 30 % of its centre is the matrix",
    measured: `${percent(part, 0)} of its centre is the matrix`,
    holds: part > 0.3,
    reason: `The paper states it without a figure. Its pattern is ${shown(byNmf!, 2)}° off by NMF and ${shown(byUnmixing!, 2)}° by unmixing: the crystal alone and the mixture explain the data equally well, so NMF may end at either, and unmixing, which asks for the smallest simplex, takes the mixture.`,
  };
}

/** Largest change of slope along a profile. */
function kink(profile: ArrayLike<number>): number {
  let most = 0;
  for (let i = 1; i + 1 < profile.length; i++) {
    most = Math.max(most, Math.abs(profile[i - 1]! - 2 * profile[i]! + profile[i + 1]!));
  }
  return most;
}

/** How much of `other` is in a pattern that is a mixture of `own` and `other`: b ÷ (a + b) of the least-squares a · own + b · other. */
export function leftover(pattern: Float32Array, other: Float32Array, own: Float32Array): number {
  const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const [oo, xx, ox] = [dot(own, own), dot(other, other), dot(own, other)];
  const [po, px] = [dot(pattern, own), dot(pattern, other)];
  const determinant = oo * xx - ox * ox;
  const a = (po * xx - px * ox) / determinant;
  const b = (px * oo - po * ox) / determinant;
  return b / (a + b);
}
