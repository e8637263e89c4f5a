import { expect, test } from "vitest";
import { arraySource, openArray } from "../../src/scan/array-source.ts";
import { ShapeError } from "../../src/scan/errors.ts";
import { readPatterns } from "../../src/scan/source.ts";

const positions = [3, 4] as const;
const pixels = [5, 6] as const;

test("reads back its values, whole and in part, also from a view into a larger buffer", async () => {
  const values = new Uint16Array(new SharedArrayBuffer(2 * 370), 20, 360).map((_, i) => 7 * i);
  const source = arraySource({ positions, pixels, dtype: "u16", values });
  expect(Array.from(await readPatterns(source, 2, 3))).toEqual(Array.from(values.subarray(60, 150)));
  const again = openArray(source.descriptor);
  expect(Array.from(await readPatterns(again, 0, 12))).toEqual(Array.from(values));
  source.close();
  await expect(readPatterns(source, 0, 1)).rejects.toThrow("closed");
});

test("refuses values of another length or type", () => {
  expect(() => arraySource({ positions, pixels, dtype: "u8", values: new Uint8Array(359) })).toThrow(ShapeError);
  expect(() => arraySource({ positions, pixels, dtype: "u16", values: new Uint8Array(360) })).toThrow("expected 360");
});
