import { describe, expect, it } from "vitest";
import { onReference } from "../../src/engines/reference.ts";
import { openSource } from "../../src/node/open-source.ts";
import { onThreads } from "../../src/node/threads.ts";
import { binned } from "../../src/prepare/binned.ts";
import { cropped } from "../../src/prepare/cropped.ts";
import { eightBit } from "../../src/prepare/eight-bit.ts";
import { recentred } from "../../src/prepare/recentred.ts";
import { arraySource } from "../../src/scan/array-source.ts";
import { images } from "../../src/scan/scan.ts";
import { simulateNanowire } from "../../src/simulate/nanowire.ts";
import { difference, somePatterns, someValues } from "../scan/matrix.ts";

const [positions, pixels] = [
  [3, 4],
  [9, 11],
] as const;
const plain = arraySource({ positions, pixels, dtype: "u16", values: someValues("u16", 12 * 99, 3) });
const shifts = images(
  positions,
  Float32Array.from({ length: 24 }, (_, i) => (i % 3) - 1),
);

describe("openSource", () => {
  const sources = {
    array: plain,
    binned: binned(plain, 2),
    cropped: cropped(plain, { row: 1, column: 2, rows: 5, columns: 7 }),
    recentred: recentred(plain, shifts),
    "eight-bit": eightBit(plain, { max: 8000 }),
    "all of them": eightBit(binned(recentred(plain, shifts, "fill"), 2), { clip: true }),
    simulated: simulateNanowire({ positions: [3, 4], pixels: [64, 72] }).source,
  };
  for (const [name, source] of Object.entries(sources)) {
    it(`opens ${name} in a worker: the same numbers there as here`, async () => {
      const scan = await onThreads(source, { threads: 2 });
      const operand = somePatterns(2, source.pixels, 5);
      const expected = await (await onReference(source)).toImages(operand);
      expect(difference((await scan.toImages(operand)).values, expected.values)).toBeLessThan(1e-6);
      await scan.close();
    });
  }

  it("says which kind it does not know", async () => {
    await expect(openSource({ kind: "hologram" })).rejects.toThrow('found "hologram"');
  });
});
