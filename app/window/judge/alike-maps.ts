import { type Analysis, area, type Images, images, item, type MethodResult } from "../../../src/index.ts";
import { colourOfShape, nameOfShape, type Shape } from "../state/shapes.ts";

/** Maps to be compared along a line, each scaled so that its largest value is 1, and what each is. */
export interface AlikeMaps {
  readonly stack: Images;
  readonly labels: readonly string[];
  /** Colours of dark-field images, "" for bright field, undefined for methods, which take those of curves. */
  readonly colours: readonly (string | undefined)[];
}

/**
 * The map of one component, the map of every other method that is most like it (by correlation, with its sign), barycentric maps beside
 * memberships, and the images through the apertures and of the bright field: the nearest to the truth that there is.
 */
export function alikeMaps(
  { brightField }: Analysis,
  results: readonly MethodResult[],
  chosen: MethodResult,
  component: number,
  darkFields: { readonly shapes: readonly Shape[]; readonly stack: Images } | undefined,
): AlikeMaps {
  const wanted = item(chosen.images, component);
  const barycentricOf = ({ barycentric, short }: MethodResult, index: number) =>
    barycentric && index < barycentric.count
      ? [{ label: `${short} ${index + 1}, barycentric`, values: item(barycentric, index) }]
      : [];
  const entries: {
    readonly label: string;
    readonly values: Float32Array;
    readonly colour?: string;
    readonly signed?: boolean;
  }[] = [];
  for (const result of results) {
    if (result.images.size[0] !== chosen.images.size[0]) continue;
    if (result === chosen) {
      entries.push({ label: `${result.short} ${component + 1}`, values: wanted, signed: result.signed });
      entries.push(...barycentricOf(result, component));
      continue;
    }
    let best = { index: 0, alike: 0 };
    const most = Math.min(result.images.count, result.most ?? result.images.count);
    for (let index = 0; index < most; index++) {
      const alike = correlation(wanted, item(result.images, index));
      if (Math.abs(alike) > Math.abs(best.alike)) best = { index, alike };
    }
    const values = item(result.images, best.index);
    entries.push({
      label: `${best.alike < 0 ? "−" : ""}${result.short} ${best.index + 1}`,
      values: best.alike < 0 ? values.map((value) => -value) : values,
      signed: result.signed,
    });
    entries.push(...barycentricOf(result, best.index));
  }
  for (const [i, shape] of (darkFields?.shapes ?? []).entries()) {
    entries.push({
      label: `VDF ${nameOfShape(shape)}`,
      values: item(darkFields!.stack, i),
      colour: colourOfShape(shape.id),
    });
  }
  entries.push({ label: "Bright field", values: item(brightField, 0), colour: "" });
  const length = area(brightField.size);
  const values = new Float32Array(entries.length * length);
  for (const [i, entry] of entries.entries()) values.set(scaled(entry.values, entry.signed ?? false), i * length);
  return {
    stack: images(brightField.size, values),
    labels: entries.map(({ label }) => label),
    colours: entries.map(({ colour }) => colour),
  };
}

/** Largest value 1; of signed maps, whose zero means nothing, the least becomes 0. */
function scaled(values: Float32Array, signed: boolean): Float32Array {
  const most = values.reduce((a, b) => (b > a ? b : a), Number.NEGATIVE_INFINITY);
  const zero = signed ? values.reduce((a, b) => (b < a ? b : a), Number.POSITIVE_INFINITY) : 0;
  return most > zero ? values.map((value) => (value - zero) / (most - zero)) : values;
}

function correlation(a: Float32Array, b: Float32Array): number {
  let [meanA, meanB] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    meanA += a[i] / a.length;
    meanB += b[i] / a.length;
  }
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - meanA) * (b[i] - meanB);
    aa += (a[i] - meanA) ** 2;
    bb += (b[i] - meanB) ** 2;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}
