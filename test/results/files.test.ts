import { describe, expect, it } from "vitest";
import { nodeRasteriser } from "../../src/node/resvg.ts";
import { nearestClusters } from "../../src/results/figures.ts";
import { type ResultFile, resultFiles } from "../../src/results/files.ts";
import { anAnalysis } from "./an-analysis.ts";

const rasterise = await nodeRasteriser();
const analysis = anAnalysis({ positions: [9, 12], pixels: [20, 26] });
const files = await resultFiles(analysis, { rasterise });
const bytesOf = (list: readonly ResultFile[], name: string) => list.find((file) => file.name === name)?.bytes;
const textOf = (name: string) => new TextDecoder().decode(bytesOf(files, name));
const shapeOf = (name: string) =>
  /'shape': \(([^)]*)\)/.exec(new TextDecoder("latin1").decode(bytesOf(files, name)!.subarray(0, 128)))?.[1];

describe("resultFiles", () => {
  it("gives every file of the contract, once", () => {
    const figures = [
      "bright-field",
      "shifts",
      "scree",
      "svd-components",
      "nmf-components",
      "fcm-components",
      "nmf-error",
      "scatter",
    ];
    expect(files.map(({ name }) => name).sort()).toEqual(
      [
        "report.html",
        "summary.json",
        "recipe.json",
        "results.hspy",
        ...figures.flatMap((name) => [`figures/${name}.svg`, `figures/${name}.png`]),
        "bright-field.npy",
        "mean-pattern.npy",
        "shifts.npy",
        "svd-factors.npy",
        "svd-loadings.npy",
        "nmf-factors.npy",
        "nmf-loadings.npy",
        "fcm-centres.npy",
        "fcm-memberships.npy",
        "fcm-barycentric.npy",
      ].sort(),
    );
  });

  it("writes arrays as components × rows × columns", () => {
    expect(shapeOf("bright-field.npy")).toBe("9, 12");
    expect(shapeOf("mean-pattern.npy")).toBe("20, 26");
    expect(shapeOf("shifts.npy")).toBe("2, 9, 12");
    expect(shapeOf("svd-factors.npy")).toBe("8, 20, 26");
    expect(shapeOf("nmf-loadings.npy")).toBe("3, 9, 12");
    expect(shapeOf("fcm-memberships.npy")).toBe("3, 9, 12");
    expect(shapeOf("fcm-barycentric.npy")).toBe("3, 9, 12");
  });

  it("gives the same bytes again, but for times and memory in the summary and the report", async () => {
    const later = await resultFiles(
      { ...analysis, seconds: { read: 9, total: 99 }, peakMemoryMiB: 999 },
      { rasterise },
    );
    const different = files
      .filter(({ name, bytes }) => Buffer.compare(bytes, bytesOf(later, name)!) !== 0)
      .map(({ name }) => name);
    expect(different).toEqual(["report.html", "summary.json"]);
  });

  it("leaves out what the recipe did not ask for", async () => {
    const { alignment: _, nmf: __, fcm: ___, ...rest } = analysis;
    const names = (await resultFiles(rest, { rasterise })).map(({ name }) => name);
    expect(names).toContain("svd-factors.npy");
    expect(names.filter((name) => /nmf|fcm|shifts|scatter/.test(name))).toEqual([]);
    const { svd: ____, rank: _____, ...bare } = rest;
    const few = (await resultFiles(bare, { rasterise })).map(({ name }) => name);
    expect(few).toEqual([
      "report.html",
      "summary.json",
      "recipe.json",
      "results.hspy",
      "figures/bright-field.svg",
      "figures/bright-field.png",
      "bright-field.npy",
      "mean-pattern.npy",
    ]);
  });

  it("keeps the recipe as it was", () => {
    expect(JSON.parse(textOf("recipe.json"))).toEqual(analysis.recipe);
  });
});

describe("summary.json", () => {
  it("has the keys of the contract", () => {
    const summary = JSON.parse(textOf("summary.json"));
    expect(summary.scan).toMatchObject({ positions: [9, 12], pixels: [24, 32], dtype: "u8" });
    expect(Object.keys(summary.svd)).toEqual(expect.arrayContaining(["singularValues", "explained", "total"]));
    expect(summary.svd.singularValues).toEqual(Array.from(analysis.svd!.singularValues));
    expect(Object.keys(summary.rank)).toEqual(expect.arrayContaining(["suggested", "votes"]));
    expect(Object.keys(summary.nmf)).toEqual(
      expect.arrayContaining(["components", "objective", "iterations", "converged", "errorByComponents"]),
    );
    expect(Object.keys(summary.fcm)).toEqual(
      expect.arrayContaining(["clusters", "fuzzifier", "objective", "partitionCoefficient"]),
    );
    expect(summary.warnings[0]).toEqual({
      code: expect.any(String),
      message: expect.any(String),
      remedy: expect.any(String),
    });
    expect(summary.seconds.total).toBe(2.76);
    expect(summary.peakMemoryMiB).toBe(212.4);
  });
});

it("nearestClusters takes the largest membership, the first of equals", () => {
  expect([...nearestClusters(Float32Array.of(0.2, 0.5, 0.9, 0.8, 0.5, 0.1), 2, 3)]).toEqual([1, 0, 0]);
});
