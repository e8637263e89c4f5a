import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { tiff } from "../../src/results/tiff.ts";
import { images } from "../../src/scan/scan.ts";

const stack = images(
  [3, 5],
  Float32Array.from({ length: 30 }, (_, i) => i * 1.5 - 7),
);

/** Reads a TIFF the way the specification says, without knowing how it was written. */
function pages(bytes: Uint8Array): { size: number[]; values: number[] }[] {
  const view = new DataView(bytes.buffer);
  expect([view.getUint16(0, true), view.getUint16(2, true)]).toEqual([0x4949, 42]);
  const found = [];
  for (let at = view.getUint32(4, true); at !== 0; ) {
    const tags = new Map<number, number>();
    const count = view.getUint16(at, true);
    for (let i = 0; i < count; i++)
      tags.set(view.getUint16(at + 2 + 12 * i, true), view.getUint32(at + 10 + 12 * i, true));
    const values = Array.from({ length: tags.get(279)! / 4 }, (_, i) => view.getFloat32(tags.get(273)! + 4 * i, true));
    found.push({ size: [tags.get(257)!, tags.get(256)!], values });
    at = view.getUint32(at + 2 + 12 * count, true);
  }
  return found;
}

it("holds one float32 page for each image", () => {
  const [first, second, ...more] = pages(tiff(stack));
  expect(more).toEqual([]);
  expect(first).toEqual({ size: [3, 5], values: Array.from(stack.values.subarray(0, 15)) });
  expect(second).toEqual({ size: [3, 5], values: Array.from(stack.values.subarray(15)) });
});

const python = "/usr/bin/python3";
const hasReader = (() => {
  try {
    execFileSync(python, ["-c", "import tifffile"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

it.skipIf(!hasReader)("is read by tifffile", () => {
  const folder = mkdtempSync(join(tmpdir(), "endmember-tiff-"));
  try {
    writeFileSync(join(folder, "stack.tif"), tiff(stack));
    const script =
      "import sys, json, tifffile; a = tifffile.imread(sys.argv[1]); print(json.dumps([a.shape, str(a.dtype), a.ravel().tolist()]))";
    const found = JSON.parse(execFileSync(python, ["-c", script, join(folder, "stack.tif")], { encoding: "utf8" }));
    expect(found).toEqual([[2, 3, 5], "float32", Array.from(stack.values)]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
