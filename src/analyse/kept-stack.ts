import { DataError } from "../scan/errors.ts";
import type { Images, Patterns } from "../scan/scan.ts";
import type { KeptStack } from "./recipe.ts";

/**
 * A stack as it stands in a recipe, so that the recipe alone repeats the run.
 *
 * @param stack  count × size values
 * @example
 * const kept = keptStack(factors);
 */
export function keptStack({ count, size, values }: Pick<Images | Patterns, "count" | "size" | "values">): KeptStack {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, at) => {
    view.setFloat32(4 * at, value, true);
  });
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return { count, size, values: btoa(text) };
}

/**
 * The values of {@link keptStack}.
 *
 * @throws DataError fewer or more values than the size says
 */
export function valuesOfKept({ count, size, values }: KeptStack): Float32Array {
  const bytes = Uint8Array.from(atob(values), (character) => character.charCodeAt(0));
  const length = count * size[0] * size[1];
  if (bytes.length !== 4 * length) {
    throw new DataError(
      `recipe: expected ${length} fixed values of 4 bytes, found ${bytes.length} bytes; the recipe is damaged`,
      {},
    );
  }
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length }, (_, at) => view.getFloat32(4 * at, true));
}
