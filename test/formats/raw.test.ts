import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { open } from "../../src/formats/formats.ts";
import { memoryBytes } from "../../src/formats/memory-bytes.ts";
import { parseRaw } from "../../src/formats/raw-layout.ts";
import { readPatterns } from "../../src/scan/source.ts";

describe("plain bytes", () => {
  it.each([
    ["u16:36x40x128x128", { dtype: "u16", bigEndian: false, shape: [36, 40, 128, 128], offset: 0 }],
    [">u2:3x4x5x6:512", { dtype: "u16", bigEndian: true, shape: [3, 4, 5, 6], offset: 512 }],
    ["<f8:1×1×2×3:0", { dtype: "f64", bigEndian: false, shape: [1, 1, 2, 3], offset: 0 }],
    ["i4:1x2x3x4", { dtype: "i32", bigEndian: false, shape: [1, 2, 3, 4], offset: 0 }],
    ["u8:1x2x3x4", { dtype: "u8", bigEndian: false, shape: [1, 2, 3, 4], offset: 0 }],
  ])("are described by %s", (text, layout) => {
    expect(parseRaw(text)).toEqual(layout);
  });

  it.each([
    "",
    "u16",
    "u16:3x4x5",
    "u12:3x4x5x6",
    "<u8:3x4x5x6",
    "u16:3x0x5x6",
    "u16:99999999x99999999x9999x9999",
    "u16:3x4x5x6:-1",
    "c8:1x1x1x1",
  ])("are not described by %j", (text) => {
    expect(() => parseRaw(text)).toThrow(/^--raw: expected DTYPE:ROWSxCOLUMNSxROWSxCOLUMNS\[:OFFSET\].*found/);
  });

  it("read in either byte order, from any byte on", async () => {
    const property = fc.asyncProperty(fc.boolean(), fc.nat(70), fc.nat(40), async (bigEndian, offset, trailer) => {
      const contents = new Uint8Array(offset + 2 * 360 + trailer).fill(0xee);
      const view = new DataView(contents.buffer);
      for (let index = 0; index < 360; index++) view.setInt16(offset + 2 * index, 91 * index - 9000, !bigEndian);
      const raw = parseRaw(`${bigEndian ? ">" : "<"}i2:3x4x5x6:${offset}`);
      const source = await open(memoryBytes("scan.bin", contents), { raw });
      expect([source.positions, source.pixels, source.dtype]).toEqual([[3, 4], [5, 6], "i16"]);
      expect(source.metadata["bytes left out"]).toBe(trailer || undefined);
      expect(Array.from(await readPatterns(source, 5, 2))).toEqual(
        Array.from({ length: 60 }, (_, index) => 91 * (150 + index) - 9000),
      );
    });
    await fc.assert(property, { numRuns: 100, seed: 3 });
  });

  it("are refused where the description does not fit", async () => {
    const bytes = memoryBytes("scan.bin", new Uint8Array(720));
    const as = (text: string, more = {}) => open(bytes, { raw: parseRaw(text), ...more });
    await expect(as("u16:3x5x5x6")).rejects.toThrow(/expected 15 patterns of 60 bytes.*found 12; .*described wrongly/);
    await expect(as("u16:3x3x5x6")).rejects.toThrow(/expected 9 patterns of 60 bytes.*found 12; describe all/);
    await expect(as("u16:3x4x5x6:999")).rejects.toThrow(/found 0/);
    await expect(as("u16:3x4x5x6:999", { allowIncomplete: true })).rejects.toThrow(/found 0/);
    await expect(open(bytes)).rejects.toThrow(/--raw/);
    const source = await as("u16:3x5x5x6", { allowIncomplete: true });
    expect(source.metadata["missing patterns"]).toBe(3);
  });
});
