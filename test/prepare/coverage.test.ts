import { describe, expect, it } from "vitest";
import { onReference } from "../../src/engines/reference.ts";
import { coverage } from "../../src/prepare/coverage.ts";
import { recentred } from "../../src/prepare/recentred.ts";
import { arraySource } from "../../src/scan/array-source.ts";
import { images, patterns } from "../../src/scan/scan.ts";
import { lcg } from "../scan/matrix.ts";

// A larger world than the detector sees: what leaves one pattern at the edge is there in another.
const [positions, pixels] = [
  [5, 6],
  [9, 11],
] as const;
const [world, margin] = [[13, 15] as const, 2];
const random = lcg(8);
const truth = [0, 1].map(() => Float32Array.from({ length: 13 * 15 }, () => Math.round(random() * 60)));
const loadings = images(
  positions,
  Float32Array.from({ length: 60 }, () => Math.round(random() * 8) / 2),
);
const shifts = images(
  positions,
  Float32Array.from({ length: 60 }, () => Math.round(random() * 4) - 2),
);

/** The world's pixel that detector pixel (row, column) shows at a position. */
const at = (row: number, column: number, position: number) =>
  (row - shifts.values[position] + margin) * world[1] + column - shifts.values[30 + position] + margin;

const values = new Float32Array(30 * 99);
for (let i = 0; i < 30; i++) {
  for (let j = 0; j < 99; j++) {
    const seen = at(Math.floor(j / 11), j % 11, i);
    values[i * 99 + j] = loadings.values[i] * truth[0][seen] + loadings.values[30 + i] * truth[1][seen];
  }
}
const source = arraySource({ positions, pixels, dtype: "f32", values });
const aligned = recentred(source, shifts, "fill");
const cover = coverage(pixels, shifts);
const inWorld = (j: number) => (Math.floor(j / 11) + margin) * world[1] + (j % 11) + margin;

describe("coverage", () => {
  it("marks the pixels that cropping would keep", () => {
    const cropped = recentred(source, shifts, "crop").pixels;
    expect(cover.everywhere.reduce((sum, one) => sum + one, 0)).toBe(cropped[0] * cropped[1]);
  });

  it("fits what is missing of factors from the positions that recorded it", async () => {
    const learned = new Float32Array(2 * 99);
    for (let k = 0; k < 2; k++)
      for (let j = 0; j < 99; j++) if (cover.everywhere[j]) learned[k * 99 + j] = truth[k][inWorld(j)];
    const sums = await (await onReference(aligned)).toPatterns(loadings);
    const whole = cover.complete(patterns(pixels, learned), loadings, sums, "fit");
    for (let k = 0; k < 2; k++) {
      for (let j = 0; j < 99; j++) expect(whole.values[k * 99 + j]).toBeCloseTo(truth[k][inWorld(j)], 2);
    }
  });

  it("takes means over the positions that recorded a pixel, and leaves alone what nobody recorded", async () => {
    const ones = images(positions, new Float32Array(30).fill(1));
    const moved = images(positions, new Float32Array(60).fill(1, 0, 30));
    const one = coverage(pixels, moved);
    const scan = await onReference(
      recentred(
        arraySource({ positions, pixels, dtype: "u8", values: new Uint8Array(30 * 99).fill(7) }),
        moved,
        "fill",
      ),
    );
    const mean = one.complete(
      patterns(pixels, new Float32Array(99).fill(-1)),
      ones,
      await scan.toPatterns(ones),
      "mean",
    );
    expect([...mean.values]).toEqual(Array.from({ length: 99 }, () => -1));
    const some = moved.values.slice();
    some[3] = 0;
    const two = coverage(pixels, images(positions, some));
    const sums = await (
      await onReference(
        recentred(
          arraySource({ positions, pixels, dtype: "u8", values: new Uint8Array(30 * 99).fill(7) }),
          images(positions, some),
          "fill",
        ),
      )
    ).toPatterns(ones);
    expect([...two.complete(patterns(pixels, new Float32Array(99).fill(7)), ones, sums, "mean").values]).toEqual(
      Array.from({ length: 99 }, () => 7),
    );
  });
});
