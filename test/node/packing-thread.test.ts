import { expect, it } from "vitest";
import type { Analysis } from "../../src/analyse/analysis.ts";
import { packingThread } from "../../src/node/packing-thread.ts";
import { hspy } from "../../src/results/hspy.ts";
import { anAnalysis } from "../results/an-analysis.ts";

it("packs the same bytes as this thread would, and says why where it cannot", async () => {
  const packing = packingThread();
  try {
    const analysis = anAnalysis();
    expect(Buffer.from(await packing.pack(analysis)).equals(await hspy(analysis))).toBe(true);
    const broken = { ...analysis, scan: undefined } as unknown as Analysis;
    await expect(packing.pack(broken)).rejects.toMatchObject({
      name: "EngineError",
      message: expect.stringMatching(/^results\.hspy: could not be packed: /),
    });
    expect(Buffer.from(await packing.pack(analysis)).length).toBeGreaterThan(0);
  } finally {
    await packing.close();
  }
});
