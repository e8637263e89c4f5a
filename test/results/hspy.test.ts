import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hspy } from "../../src/results/hspy.ts";
import { anAnalysis } from "./an-analysis.ts";
import { pythonHas, pythonJson } from "./python.ts";

const analysis = anAnalysis({ positions: [5, 7], pixels: [20, 26] });

describe("results.hspy", () => {
  it("is an HDF5 file, the same bytes at any time", async () => {
    const once = await hspy(analysis);
    expect([...once.subarray(0, 8)]).toEqual([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(Buffer.compare(await hspy(analysis), once)).toBe(0);
  });

  it("leaves the clock as it was", async () => {
    await hspy(analysis);
    expect(Date.now()).toBeGreaterThan(1e12);
  });

  it.skipIf(!pythonHas("hyperspy.api"))(
    "opens in HyperSpy as calibrated Signal2D with component as navigation axis",
    async () => {
      const path = join(mkdtempSync(join(tmpdir(), "endmember-")), "results.hspy");
      writeFileSync(path, await hspy(analysis));
      const script = `
import json, logging, warnings
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
import hyperspy.api as hs
axis = lambda a: [a.name, a.size, a.scale, a.offset, None if str(a.units) == "<undefined>" else a.units]
print(json.dumps({s.metadata.General.title: {
  "type": type(s).__name__,
  "navigation": [axis(a) for a in s.axes_manager.navigation_axes],
  "signal": [axis(a) for a in s.axes_manager.signal_axes],
  "dtype": str(s.data.dtype),
  "sum": float(s.data.astype("f8").sum()),
  "sha256": s.original_metadata.endmember.input_sha256,
} for s in hs.load(${JSON.stringify(path)})}))`;
      const signals = pythonJson(script) as Record<string, Record<string, unknown>>;
      const [ky, kx] = analysis.scan.axes.pixels;
      const maps = [
        ["x", 7, 10, 0, "nm"],
        ["y", 5, 10, 0, "nm"],
      ];
      const patterns = [
        ["kx", 26, kx.step, kx.origin, "1/Å"],
        ["ky", 20, ky.step, ky.origin, "1/Å"],
      ];
      const components = (count: number) => [["component", count, 1, 1, null]];
      const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);
      const { svd, nmf, fcm } = analysis;
      const expected: [string, unknown[], unknown[], Float32Array][] = [
        ["Bright field", [], maps, analysis.brightField.values],
        ["Mean pattern", [], patterns, analysis.meanPattern.values],
        ["SVD loadings", components(8), maps, svd!.loadings.values],
        ["SVD factors", components(8), patterns, svd!.factors.values],
        ["NMF loadings", components(3), maps, nmf!.loadings.values],
        ["NMF factors", components(3), patterns, nmf!.factors.values],
        ["Fuzzy clusters memberships", components(3), maps, fcm!.memberships.values],
        ["Fuzzy clusters barycentric maps", components(3), maps, fcm!.barycentric.maps.values],
        ["Fuzzy clusters centres", components(3), patterns, fcm!.centres.values],
      ];
      expect(Object.keys(signals).sort()).toEqual(expected.map(([title]) => title).sort());
      for (const [title, navigation, signal, values] of expected) {
        expect(signals[title]).toMatchObject({
          type: "Signal2D",
          navigation,
          signal,
          dtype: "float32",
          sha256: analysis.recipe.input.sha256,
        });
        expect(signals[title]!.sum, title).toBeCloseTo(sum(values), 2);
      }
    },
  );
});
