import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { npy } from "../../src/results/npy.ts";
import { ShapeError } from "../../src/scan/errors.ts";
import { pythonHas, pythonJson } from "./python.ts";

const headerOf = (bytes: Uint8Array): string =>
  String.fromCharCode(...bytes.subarray(10, 10 + bytes[8]! + 256 * bytes[9]!));

describe("npy", () => {
  it("has NumPy's header to the byte", () => {
    const bytes = npy(new Float32Array(60), [3, 4, 5]);
    expect([...bytes.subarray(0, 10)]).toEqual([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
    expect(headerOf(bytes)).toBe(`${"{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4, 5), }".padEnd(117)}\n`);
    expect(bytes.length).toBe(128 + 60 * 4);
  });

  it("holds values little-endian, in C order, after a multiple of 64 bytes, for any shape", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 }), (shape) => {
        const count = shape.reduce((product, length) => product * length, 1);
        const values = Float32Array.from({ length: count }, (_, i) => i - 1.5);
        const bytes = npy(values, shape);
        const start = 10 + bytes[8]! + 256 * bytes[9]!;
        expect(start % 64).toBe(0);
        expect(bytes.length).toBe(start + 4 * count);
        expect(headerOf(bytes)).toContain(`'shape': (${shape.join(", ")}${shape.length === 1 ? "," : ""})`);
        const view = new DataView(bytes.buffer);
        for (let i = 0; i < count; i++) expect(view.getFloat32(start + 4 * i, true)).toBe(i - 1.5);
      }),
    );
  });

  it("refuses a shape that does not fit, saying both numbers", () => {
    expect(() => npy(new Float32Array(5), [2, 3])).toThrow(ShapeError);
    expect(() => npy(new Float32Array(5), [2, 3])).toThrow("expected 6 values for shape 2×3, found 5");
  });

  it.skipIf(!pythonHas("numpy"))("is read back by NumPy", () => {
    const path = join(mkdtempSync(join(tmpdir(), "endmember-")), "a.npy");
    writeFileSync(
      path,
      npy(
        Float32Array.from({ length: 24 }, (_, i) => i / 4),
        [2, 3, 4],
      ),
    );
    const script = `import numpy, json; a = numpy.load(${JSON.stringify(path)}); print(json.dumps({"shape": a.shape, "dtype": str(a.dtype), "order": bool(a.flags.c_contiguous), "corner": float(a[1, 2, 3]), "second": float(a[0, 0, 1])}))`;
    expect(pythonJson(script)).toEqual({ shape: [2, 3, 4], dtype: "float32", order: true, corner: 5.75, second: 0.25 });
  });
});
