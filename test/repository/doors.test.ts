import { expect, it } from "vitest";
import * as index from "../../src/index.ts";
import * as node from "../../src/node.ts";
import { textOf } from "./imports.ts";

// What the doors export is a promise: a name is added here deliberately, and removed only with a new major version.

it("the browser's door exports these", () => {
  expect(Object.keys(index).sort()).toEqual([
    "DataError",
    "EngineError",
    "FormatError",
    "ShapeError",
    "UnsupportedError",
    "align",
    "analyse",
    "annulus",
    "area",
    "arraySource",
    "binned",
    "bytesPer",
    "centreOfMass",
    "centred",
    "cropped",
    "defaultRecipe",
    "disk",
    "eightBit",
    "findDirectBeam",
    "formats",
    "fuzzyCMeans",
    "images",
    "isFolderName",
    "item",
    "lineProfile",
    "maskFromRuns",
    "maskRuns",
    "masked",
    "maximumPattern",
    "meanPattern",
    "memoryBytes",
    "memoryForecast",
    "nmf",
    "nmfErrors",
    "npy",
    "onReference",
    "open",
    "parseRaw",
    "parseRecipe",
    "patternAt",
    "patterns",
    "poissonScaled",
    "polygon",
    "rasteriser",
    "readPatterns",
    "recentred",
    "reflections",
    "regionMeanPattern",
    "reproject",
    "resultFiles",
    "screePlot",
    "simulateNanowire",
    "stackFigure",
    "stackFiles",
    "suggestRank",
    "svd",
    "sweep",
    "uncalibratedAxes",
    "version",
    "virtualImages",
    "write",
    "writeFolder",
    "writerFor",
  ]);
});

it("the Node door adds these", () => {
  expect(Object.keys(node).sort()).toEqual([
    "newFolder",
    "nodeRasteriser",
    "onThreads",
    "openMask",
    "openScan",
    "sha256",
    "writeBeside",
    "writeResults",
    "writeScan",
  ]);
});

it("the version is that of package.json", () => {
  expect(index.version).toBe(JSON.parse(textOf("package.json")).version);
});
