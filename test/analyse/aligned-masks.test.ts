import { describe, expect, it } from "vitest";
import { alignedMasks } from "../../src/analyse/aligned-masks.ts";
import { recentred } from "../../src/prepare/recentred.ts";
import { arraySource } from "../../src/scan/array-source.ts";
import { images } from "../../src/scan/scan.ts";
import { readPatterns } from "../../src/scan/source.ts";
import { lcg } from "../scan/matrix.ts";

const [positions, pixels] = [
  [3, 4],
  [9, 11],
] as const;
const random = lcg(5);
const shifts = images(
  positions,
  Float32Array.from({ length: 24 }, () => Math.floor(random() * 3) + 1),
);

describe("alignedMasks", () => {
  for (const edge of ["crop", "fill"] as const) {
    it(`leaves out what any shift brings from a masked pixel (${edge})`, async () => {
      // The oracle: move a scan of the mask itself, and see where a 0 turns up.
      const mask = Uint8Array.from({ length: 99 }, () => (random() < 0.9 ? 1 : 0));
      const values = new Uint8Array(12 * 99);
      for (let i = 0; i < 12; i++) values.set(mask, i * 99);
      const recorded = arraySource({ positions, pixels, dtype: "u8", values });
      const aligned = recentred(recorded, shifts, edge);
      const moved = await readPatterns(aligned, 0, 12);
      const size = aligned.pixels[0] * aligned.pixels[1];
      const expected = Array.from({ length: size }, (_, j) => {
        let least = 1;
        for (let i = 0; i < 12; i++) least = Math.min(least, moved[i * size + j]);
        return least;
      });
      expect([...alignedMasks({ pixels: mask }, recorded, aligned, shifts, edge).pixels!]).toEqual(expected);
    });
  }

  it("keeps masks as they are where nothing was moved", () => {
    const masks = { pixels: new Uint8Array(99).fill(1), positions: new Uint8Array(12).fill(1) };
    expect(alignedMasks(masks, { positions, pixels }, { positions, pixels }, undefined, "crop")).toBe(masks);
  });

  it("refuses masks of another size, and masks that leave nothing", () => {
    const sized = { positions, pixels };
    expect(() => alignedMasks({ pixels: new Uint8Array(98) }, sized, sized, undefined, "crop")).toThrow(
      "detector mask: expected 9×11 values, found 98",
    );
    expect(() => alignedMasks({ positions: new Uint8Array(12) }, sized, sized, undefined, "crop")).toThrow(
      "expected something to be left",
    );
  });
});
