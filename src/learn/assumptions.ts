import { boxBlur } from "../algebra/blur.ts";
import { type Images, item, type Patterns } from "../scan/scan.ts";
import type { Vertices } from "./vertices.ts";

/** Something that a method assumes and that does not hold of the data: what, in plain words, and what to do. */
export interface Assumption {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** A component with fewer pure positions than this has none to speak of. */
const FEWEST_PURE = 4;
/** A component that is absent from fewer positions than this part has no facet to lean on. */
const FEWEST_ABSENT = 0.05;

/** What there is to check assumptions against; lists and stacks in the order of `order`, which names the vertex of each component. */
export interface Checked {
  readonly found: Vertices;
  /** How negative the smallest simplex's patterns were, as a part of their counts, where picked corners were taken instead. */
  readonly rejected?: number | undefined;
  readonly factors: Patterns;
  readonly loadings: Images;
  readonly order: readonly number[];
  readonly free: readonly (readonly number[])[];
  readonly pure: readonly number[];
}

/** What does not hold of what unmixing assumes. */
export function assumptionsOf({ found, rejected, factors, loadings, order, free, pure }: Checked): Assumption[] {
  const { plane, onFacet, converged } = found;
  const k = order.length;
  const warnings: Assumption[] = [];
  if (!plane.conserved) {
    warnings.push({
      code: "intensity-not-conserved",
      message: `The intensity of the positions varies by ${(100 * plane.excess).toFixed(0)} % beyond what mixing and counting noise explain.`,
      remedy:
        "Loadings sum to at most 1 and hold the intensity too; compare ratios of loadings, and look at the bright-field image.",
    });
  }
  if (rejected !== undefined) {
    warnings.push({
      code: "no-simplex",
      message: `The smallest simplex around the positions has patterns that are negative in ${(100 * rejected).toFixed(0)} % of their counts, more than noise explains: the positions do not fill one with ${k} corners. The purest positions were taken for components.`,
      remedy:
        "Compare with one component more and one less, and with the cluster centres; read the maps as shapes, not as amounts.",
    });
  }
  const vacuum = vacuumAmong(factors);
  if (k > 1 && vacuum === undefined) {
    warnings.push({
      code: "no-vacuum-component",
      message: "No component is the direct beam alone: none of them is vacuum.",
      remedy:
        "Loadings are parts of the components found, not of thickness; scan some vacuum beside the specimen where there is any.",
    });
  }
  const mixed = pure.flatMap((count, place) => (count < FEWEST_PURE ? [place + 1] : []));
  if (mixed.length > 0) {
    warnings.push({
      code: "no-pure-positions",
      message: `Component ${mixed.join(", ")} is nowhere pure: the pattern is extrapolated from mixtures.`,
      remedy:
        "It is the least mixed pattern that the mixtures allow; a part that never occurs without another cannot be told from it.",
    });
  }
  const everywhere = order.flatMap((t, place) =>
    k > 1 && onFacet[t] > 0 && onFacet[t] < FEWEST_ABSENT ? [place + 1] : [],
  );
  if (everywhere.length > 0) {
    warnings.push({
      code: "component-everywhere",
      message: `Component ${everywhere.join(", ")} is present at nearly all positions, so how much of it the others contain is uncertain.`,
      remedy: "Compare with a scan region, or a mask, in which it is absent.",
    });
  }
  for (let t = 0; t < k; t++) {
    const host = onlyBeside(loadings, t);
    if (k < 3 || t === vacuum) continue;
    if (host === undefined || host === vacuum || free[t][host] < LEAST_FREEDOM) {
      const within = free[t].map((part, s) => (s === vacuum ? 0 : part));
      const whole = within.indexOf(Math.max(...within));
      if (within[whole] >= CONTAINED) warnings.push(mayContain(t, whole, within[whole]));
      continue;
    }
    warnings.push({
      code: "only-beside",
      message: `Component ${t + 1} is mixed with nothing but component ${host + 1}: its pattern may hold up to ${(100 * free[t][host]).toFixed(0)} % of that one's, and nothing in the scan tells how much.`,
      remedy: `If it is a particle inside ${host + 1}, its own pattern is what remains when pattern ${host + 1} is subtracted until reflections of that one vanish.`,
    });
  }
  if (!converged) {
    warnings.push({
      code: "unmix-not-converged",
      message: "The search for the smallest simplex stopped before it had converged.",
      remedy: "Try fewer components, and compare with other seeds.",
    });
  }
  return warnings;
}

/** A component that shares so much of its boundaries with one other has only that one beside it. */
const ONE_NEIGHBOUR = 0.85;
/** Crystals that share a beam, diffuse intensity and half their reflections could hold some 0.2 to 0.35 of each other. */
const LEAST_FREEDOM = 0.4;

/** More than crystals that share half their reflections could hold of each other (0.33 at most in the families of docs/accuracy.md). */
const CONTAINED = 0.45;

const mayContain = (t: number, whole: number, part: number): Assumption => ({
  code: "may-contain",
  message: `Component ${t + 1} shows all that component ${whole + 1} shows: its pattern may hold up to ${(100 * part).toFixed(0)} % of that one's, and patterns alone do not tell how much.`,
  remedy: `If it is a particle that is nowhere without ${whole + 1}, its own pattern is what remains when pattern ${whole + 1} is subtracted; if it is seen outside of that one, nothing is wrong.`,
});

/** The one component that t is mixed with wherever it is mixed; undefined where there are several. */
function onlyBeside(loadings: Images, t: number): number | undefined {
  const map = item(loadings, t);
  const between = Array.from(map.keys()).filter((i) => map[i] > 0.1 && map[i] < 0.9);
  const shares = Array.from({ length: loadings.count }, (_, s) =>
    s === t ? 0 : between.reduce((sum, i) => sum + item(loadings, s)[i], 0),
  );
  const all = shares.reduce((sum, share) => sum + share, 0);
  const host = shares.indexOf(Math.max(...shares));
  return all > 0 && shares[host] >= ONE_NEIGHBOUR * all ? host : undefined;
}

/** How many positions hold nothing but component t: noise lifts half of them above 1, and hardly any other. */
export function purePositions(coordinates: Float64Array, k: number, t: number): number {
  let above = 0;
  for (let at = t; at < coordinates.length; at += k) if (coordinates[at] >= 1) above++;
  return 2 * above;
}

/** Of the pixels beside the direct beam, this part counts as a pattern's spots: its brightest. */
const SPOTS = 0.02;

/**
 * The component that is the direct beam alone: beside the beam it is nowhere clearly brighter than any other component, and every other has
 * spots that it lacks. Undefined where there is none.
 */
export function vacuumAmong(factors: Patterns): number | undefined {
  // The blur below carries the beam 1 px further, its own edge another.
  const beam = boxBlur(Float32Array.from(directBeam(factors)), ...factors.size, 2);
  const beside = Array.from(beam.keys()).filter((j) => beam[j] === 0);
  // Over 3 × 3 pixels: a noisy pixel is no spot.
  const all = Array.from({ length: factors.count }, (_, t) => boxBlur(item(factors, t), ...factors.size, 1));
  const spots = all.map((values) =>
    beside.toSorted((i, j) => values[j] - values[i] || i - j).slice(0, Math.max(1, Math.round(SPOTS * beside.length))),
  );
  const brightness = (values: Float32Array, pixels: readonly number[]): number =>
    pixels.reduce((sum, j) => sum + values[j], 0);
  const isVacuum = (_: unknown, v: number): boolean =>
    all.every((other, t) => {
      if (t === v) return true;
      const lacks = brightness(other, spots[t]) > 1.5 * brightness(all[v], spots[t]);
      return lacks && brightness(all[v], spots[v]) < 1.4 * brightness(other, spots[v]);
    });
  const found = all.findIndex(isVacuum);
  return found < 0 ? undefined : found;
}

/** Pixels connected to the brightest of the summed patterns that have more than a tenth of its value. */
function directBeam(factors: Patterns): Uint8Array {
  const [rows, columns] = factors.size;
  const mean = new Float64Array(rows * columns);
  for (let t = 0; t < factors.count; t++) {
    item(factors, t).forEach((value, j) => {
      mean[j] += value;
    });
  }
  const inside = new Uint8Array(mean.length);
  const brightest = mean.indexOf(mean.reduce((a, b) => Math.max(a, b), 0));
  const open = [brightest];
  inside[brightest] = 1;
  for (let pixel = open.pop(); pixel !== undefined; pixel = open.pop()) {
    const [row, column] = [Math.floor(pixel / columns), pixel % columns];
    for (const [r, c] of [
      [row - 1, column],
      [row + 1, column],
      [row, column - 1],
      [row, column + 1],
    ]) {
      const next = r * columns + c;
      if (r < 0 || c < 0 || r >= rows || c >= columns || inside[next] === 1) continue;
      if (mean[next] > 0.1 * mean[brightest]) {
        inside[next] = 1;
        open.push(next);
      }
    }
  }
  return inside;
}
