import { expect, it } from "vitest";
import type { Analysis } from "../../src/analyse/analysis.ts";
import { nodeRasteriser } from "../../src/node/resvg.ts";
import { resultFiles } from "../../src/results/files.ts";
import { methodResults } from "../../src/results/methods.ts";
import { images, patterns } from "../../src/scan/scan.ts";
import { anAnalysis } from "./an-analysis.ts";

const plain = anAnalysis({ positions: [9, 12], pixels: [20, 26] });
const { nmf, fcm } = plain;
const picked = {
  loadings: nmf!.loadings,
  factors: nmf!.factors,
  components: 3,
  method: "Corners picked.",
  residual: 4,
  noise: [0.1, 0.1, 0.1],
  assumptions: [],
  pure: [40, 40, 0],
  uncertainty: [0, 0, 0],
  freedom: [],
};
const analysis: Analysis = {
  ...plain,
  recipe: { ...plain.recipe, sparsity: 0.5 },
  factorisations: { "nmf-poisson": nmf!, "nmf-kl": nmf!, "nmf-sparse": nmf!, "nmf-simplex": nmf!, "nmf-volume": nmf! },
  unmixings: { spa: picked, vca: picked, "n-findr": picked },
  clusterings: {
    "k-means": fcm!,
    possibilistic: fcm!,
    "high-contrast": fcm!,
    noise: {
      ...fcm!,
      noise: images([9, 12], new Float32Array(108).fill(0.25)),
      noiseDistance: 2,
      noiseCentre: patterns([20, 26], new Float32Array(520)),
    },
  },
};
const pairs = {
  ...Object.fromEntries(
    ["nmf-poisson", "nmf-kl", "nmf-sparse", "nmf-simplex", "nmf-volume", "spa", "vca", "n-findr"].map((name) => [
      name,
      ["factors", "loadings"],
    ]),
  ),
  ...Object.fromEntries(
    ["k-means", "possibilistic", "high-contrast", "noise"].map((name) => [name, ["centres", "memberships"]]),
  ),
};

it("every method beside the usual ones has its arrays, figure, section and numbers", async () => {
  const files = await resultFiles(analysis, { rasterise: await nodeRasteriser() });
  const names = files.map(({ name }) => name);
  const textOf = (wanted: string) => new TextDecoder().decode(files.find(({ name }) => name === wanted)!.bytes);
  const [summary, report] = [JSON.parse(textOf("summary.json")), textOf("report.html")];
  for (const [name, [patternName, imageName]] of Object.entries(pairs)) {
    expect(names).toContain(`${name}-${patternName}.npy`);
    expect(names).toContain(`${name}-${imageName}.npy`);
    expect(names.includes(`${name}-barycentric.npy`), name).toBe(imageName === "memberships");
    expect(names).toContain(`figures/${name}-components.svg`);
    expect(report).toContain(`<section id="${name}">`);
    expect(summary[name]).toBeDefined();
  }
  expect(new Set(methodResults(analysis).map(({ short }) => short)).size).toBe(15);
  expect(summary["nmf-volume"].objective).toBe(nmf!.objective);
});

it("the noise is the last of its maps", () => {
  const found = methodResults(analysis).find(({ name }) => name === "noise")!;
  expect([found.images.count, found.patterns.count]).toEqual([4, 4]);
  // No position is made of noise.
  expect(found.barycentric?.count).toBe(3);
  expect(found.images.values[3 * 108]).toBe(0.25);
  expect(found.note!(3)).toContain("noise");
});
