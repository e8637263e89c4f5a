import { expect, it } from "vitest";
import * as browser from "../../src/browser.ts";
import * as imaging from "../../src/imaging.ts";
import * as index from "../../src/index.ts";
import * as mainJob from "../../src/main-job.ts";
import * as node from "../../src/node.ts";
import * as opening from "../../src/open.ts";
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
    "barycentric",
    "binned",
    "brightFieldDisk",
    "bytesPer",
    "centreOfMass",
    "centred",
    "colourOf",
    "colourTable",
    "contours",
    "coverage",
    "cropped",
    "crystals",
    "defaultRecipe",
    "disk",
    "displayScale",
    "eightBit",
    "findDirectBeam",
    "formats",
    "fullyConstrainedLeastSquares",
    "fuzzyCMeans",
    "fuzzyMemberships",
    "gapStatistic",
    "grouped",
    "gustafsonKessel",
    "highContrastCMeans",
    "hoyerSparsity",
    "ica",
    "images",
    "isFolderName",
    "item",
    "kMeans",
    "kept",
    "keptStack",
    "lineProfile",
    "lowRank",
    "maskFromRuns",
    "maskRuns",
    "masked",
    "maximumPattern",
    "meanPattern",
    "memoryBytes",
    "memoryForecast",
    "methodResults",
    "nearestClusters",
    "nmf",
    "nmfErrors",
    "nmfKullbackLeibler",
    "nmfPoisson",
    "nmfSimplex",
    "nmfSparse",
    "nmfVolume",
    "noiseClustering",
    "npy",
    "numberOfClusters",
    "onReference",
    "open",
    "parseCif",
    "parseRaw",
    "parseRecipe",
    "patternAt",
    "patternBytes",
    "patterns",
    "poissonScaled",
    "polygon",
    "possibilisticCMeans",
    "preview",
    "printedUnit",
    "profilePlot",
    "rasteriser",
    "ratioSweep",
    "readPatterns",
    "recentred",
    "recipeFor",
    "reflections",
    "regionMeanPattern",
    "relearnt",
    "reproduce",
    "reproductionFiles",
    "reproject",
    "residualMap",
    "residualPatterns",
    "resultFiles",
    "roomFor",
    "scaleBar",
    "screePlot",
    "significant",
    "simulateBentNanowire",
    "simulateBicrystal",
    "simulateInclinedBoundary",
    "simulateNanowire",
    "stackFigure",
    "stackFiles",
    "suggestRank",
    "superscript",
    "svd",
    "sweep",
    "uncalibratedAxes",
    "unmix",
    "usedIn",
    "validity",
    "valuesOfKept",
    "version",
    "virtualImages",
    "write",
    "writeFolder",
    "writerFor",
  ]);
});

it("the door for files and workers in a browser adds these", () => {
  expect(Object.keys(browser).sort()).toEqual([
    "givenFiles",
    "memoryForScans",
    "onThreads",
    "openFiles",
    "openServed",
    "sha256",
  ]);
});

it("the Node door adds these", () => {
  expect(Object.keys(node).sort()).toEqual([
    "newFolder",
    "nodeRasteriser",
    "onThreads",
    "openMask",
    "openScan",
    "openStack",
    "rasteriseThreads",
    "rockedOnThreads",
    "serveApp",
    "sha256",
    "writeBeside",
    "writeFiles",
    "writeResults",
    "writeScan",
  ]);
});

it("the version is that of package.json", () => {
  expect(index.version).toBe(JSON.parse(textOf("package.json")).version);
});

it("the small doors export what the others do", () => {
  const opens = ["isFolderName", "memoryForecast", "openScan", "parseRaw", "version", "writerFor"];
  expect(Object.keys(opening).sort()).toEqual(opens);
  for (const [name, value] of Object.entries({ ...opening, ...imaging, ...mainJob })) {
    expect({ ...index, ...node }).toHaveProperty(name, value);
  }
});
