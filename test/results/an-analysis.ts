import { random } from "../../src/algebra/random.ts";
import type { Analysis } from "../../src/analyse/analysis.ts";
import { barycentric } from "../../src/learn/barycentric.ts";
import type { Images, Patterns, Size } from "../../src/scan/scan.ts";

/**
 * An analysis as the main job would leave it, made without it: a tilted wire of two crystals in vacuum, three spot patterns on a
 * detector that is not square, calibrated in nm and 1/Å. Numbers fit together (maps, patterns, memberships), nothing was learned.
 */
export function anAnalysis({
  positions = [36, 48],
  pixels = [60, 72],
}: {
  positions?: Size;
  pixels?: Size;
} = {}): Analysis {
  const { uniform, normal } = random(7);
  const noise = () => normal() / 2;
  const [rows, columns] = positions;
  const [height, width] = pixels;
  const n = rows * columns;
  const p = height * width;
  const centre = [height / 2 - 0.5, width / 2 + 0.5] as const;

  // Three patterns: vacuum (direct beam only) and two lattices that are mirror images of each other.
  const patternValues = new Float32Array(3 * p);
  const spot = (k: number, row: number, column: number, intensity: number, sigma: number) => {
    for (let r = 0; r < height; r++) {
      for (let c = 0; c < width; c++) {
        const square = (r - row) ** 2 + (c - column) ** 2;
        patternValues[k * p + r * width + c]! += intensity * Math.exp(-square / (2 * sigma ** 2));
      }
    }
  };
  for (let k = 0; k < 3; k++) {
    spot(k, centre[0], centre[1], k === 0 ? 2400 : 1500, 2.3);
    spot(k, centre[0], centre[1], k === 0 ? 12 : 40, 11);
    if (k === 0) continue;
    const lean = k === 1 ? 0.35 : -0.35;
    for (let h = -3; h <= 3; h++) {
      for (let l = -3; l <= 3; l++) {
        if (h === 0 && l === 0) continue;
        const row = centre[0] + h * 9.2;
        const column = centre[1] + l * 10.4 + lean * h * 10.4;
        spot(k, row, column, 260 * Math.exp(-(h * h + l * l) / 5) * (1 + 0.4 * Math.sin(3 * h + l)), 1.25);
      }
    }
  }

  // Abundances: a wire across the field, its two halves meeting at a boundary that is inclined (mixed there).
  const abundance = new Float32Array(3 * n);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const along = (c - columns / 2) * 0.94 + (r - rows / 2) * 0.34;
      const off = (r - rows / 2) * 0.94 - (c - columns / 2) * 0.34;
      const wire = 1 / (1 + Math.exp((Math.abs(off) - rows * 0.24) * 1.6));
      const first = 1 / (1 + Math.exp(along * 0.7));
      const i = r * columns + c;
      abundance[i] = 1 - wire;
      abundance[n + i] = wire * first;
      abundance[2 * n + i] = wire * (1 - first);
    }
  }
  const noisy = (values: Float32Array, amount: number) => values.map((value) => Math.max(0, value + amount * noise()));
  const asImages = (values: Float32Array): Images => ({
    kind: "images",
    count: values.length / n,
    size: positions,
    values,
  });
  const asPatterns = (values: Float32Array): Patterns => ({
    kind: "patterns",
    count: values.length / p,
    size: pixels,
    values,
  });
  const mix = (weights: readonly number[]) => {
    const values = new Float32Array(p);
    for (const [k, weight] of weights.entries())
      for (let j = 0; j < p; j++) values[j]! += weight * patternValues[k * p + j]!;
    return values;
  };

  // Loadings of an SVD stand-in: signed rotations of the abundances, plus two of noise.
  const singularValues = Float64Array.from({ length: 8 }, (_, i) => [2.6e5, 6.1e4, 3.2e4][i] ?? 2.1e3 * 0.97 ** i);
  const total = singularValues.reduce((sum, value) => sum + value * value, 0) * 1.004;
  const turns = [
    [0.62, 0.55, 0.56],
    [0.78, -0.45, -0.42],
    [0.02, 0.7, -0.71],
  ];
  const svdLoadings = new Float32Array(8 * n);
  const svdFactors = new Float32Array(8 * p);
  for (let k = 0; k < 8; k++) {
    const weights = turns[k] ?? [0, 0, 0];
    const scale = singularValues[k]! / Math.sqrt(n);
    for (let i = 0; i < n; i++) {
      let value = k < 3 ? 0.05 * noise() : 1.2 * noise();
      for (let j = 0; j < 3; j++) value += weights[j]! * abundance[j * n + i]! * 1.8;
      svdLoadings[k * n + i] = value * scale;
    }
    const pattern = k < 3 ? mix(weights) : new Float32Array(p).map(() => noise());
    const norm = Math.sqrt(pattern.reduce((sum, value) => sum + value * value, 0));
    svdFactors.set(
      pattern.map((value) => value / norm),
      k * p,
    );
  }

  const memberships = abundance.map((value) => value ** 1.6 + 0.01);
  for (let i = 0; i < n; i++) {
    const sum = memberships[i]! + memberships[n + i]! + memberships[2 * n + i]!;
    for (let k = 0; k < 3; k++) memberships[k * n + i]! /= sum;
  }
  const loadingCentres = new Float64Array(9);
  for (let c = 0; c < 3; c++) {
    let weight = 0;
    for (let i = 0; i < n; i++) {
      const u = memberships[c * n + i]! ** 2;
      weight += u;
      for (let k = 0; k < 3; k++) loadingCentres[c * 3 + k]! += u * svdLoadings[k * n + i]!;
    }
    for (let k = 0; k < 3; k++) loadingCentres[c * 3 + k]! /= weight;
  }

  // Direct beam: a tilted plane with jitter, and a few positions that went astray.
  const measured = new Float32Array(2 * n);
  const fitted = new Float32Array(2 * n);
  const repaired = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const [r, c] = [Math.floor(i / columns), i % columns];
    fitted[i] = 31.2 + 0.041 * r - 0.012 * c;
    fitted[n + i] = 38.4 - 0.02 * r + 0.055 * c;
    measured[i] = fitted[i]! + 0.08 * noise();
    measured[n + i] = fitted[n + i]! + 0.08 * noise();
    if (uniform() < 0.008) {
      repaired[i] = 1;
      measured[i] = uniform() < 0.4 ? Number.NaN : fitted[i]! + 9 * noise();
      measured[n + i] = Number.isNaN(measured[i]!) ? Number.NaN : fitted[n + i]! + 9 * noise();
    }
  }

  const svd = {
    loadings: asImages(svdLoadings),
    factors: asPatterns(svdFactors),
    singularValues,
    explained: singularValues.map((value) => (value * value) / total),
    total,
    reads: 4,
  };
  const meanPattern = mix([0.5, 0.27, 0.23]);
  const maximum = mix([1, 0, 0]).map(
    (value, j) => Math.max(value, patternValues[p + j]!, patternValues[2 * p + j]!) * 1.15,
  );
  const step = 0.0185;
  return {
    scan: {
      name: "twinned wire.blo",
      format: "blo",
      positions,
      pixels: [height + 4, width + 6],
      analysedPixels: pixels,
      dtype: "u8",
      axes: {
        positions: [
          { name: "y", step: 10, unit: "nm", origin: 0 },
          { name: "x", step: 10, unit: "nm", origin: 0 },
        ],
        pixels: [
          { name: "ky", step, unit: "1/Å", origin: -step * centre[0] },
          { name: "kx", step, unit: "1/Å", origin: -step * centre[1] },
        ],
      },
      metadata: { "beam energy": "300 keV", "precession angle": "9 mrad" },
    },
    recipe: {
      endmember: "0.1.0",
      input: {
        file: "twinned wire.blo",
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        bytes: 8_294_400,
      },
      open: {},
      align: "whole-pixel",
      edge: "crop",
      methods: ["svd", "nmf", "fcm"],
      components: "auto",
      clusters: "auto",
      fuzzifier: 2,
      loadings: "scaled",
      centred: false,
      seed: 1,
      rank: 8,
    },
    alignment: {
      measured: asImages(measured),
      fitted: asImages(fitted),
      shifts: asImages(fitted.map((value, i) => Math.round(value - (i < n ? 31 : 38)))),
      centre,
      plane: [
        { constant: 31.2, perRow: 0.041, perColumn: -0.012, rms: 0.0401 },
        { constant: 38.4, perRow: -0.02, perColumn: 0.055, rms: 0.0398 },
      ],
      repaired,
      radius: 3.1,
    },
    brightField: asImages(
      abundance.subarray(0, n).map((vacuum, i) => 30_000 + 18_000 * vacuum - 4_000 * abundance[n + i]! + 700 * noise()),
    ),
    brightFieldDisk: { centre, radius: 4.5 },
    meanPattern: asPatterns(meanPattern),
    maximumPattern: asPatterns(maximum),
    svd,
    rank: {
      suggested: 3,
      votes: { gap: 3, "noise edge": 3, elbow: 4 },
      reason: "The fourth component explains no more than noise of this size would.",
    },
    nmf: {
      loadings: asImages(noisy(abundance, 0.02).map((value) => Math.min(1, value))),
      factors: asPatterns(patternValues),
      components: 3,
      objective: Math.sqrt(total) * 0.0712,
      iterations: 84,
      converged: true,
      starts: [0.0712, 0.0712, 0.0731].map((share) => share * Math.sqrt(total)),
      errorByComponents: Object.fromEntries(
        [0.282, 0.152, 0.0712, 0.0703, 0.0695, 0.0688].map((share, i) => [String(i + 1), share * Math.sqrt(total)]),
      ),
    },
    fcm: {
      clusters: 3,
      fuzzifier: 2,
      memberships: asImages(memberships),
      centres: asPatterns(patternValues.map((value) => value * 0.96 + 3)),
      loadingCentres,
      objective: 1.234e9,
      iterations: 31,
      converged: true,
      partitionCoefficient: 0.871,
      validity: {
        partitionCoefficient: 0.871,
        partitionEntropy: 0.254,
        xieBeni: 0.072,
        fukuyamaSugeno: -3.1e9,
        fuzzySilhouette: 0.91,
      },
      coincident: [],
      barycentric: barycentric({ svd, loadingCentres, dimensions: 3 }),
    },
    warnings: [
      {
        code: "shared-direct-beam",
        message:
          "NMF gave crystal patterns 2 and 3 hardly any direct beam; it was booked to pattern 1, which they all share.",
        remedy:
          "Do not read the direct beam of these patterns; compare with the cluster centres, or mask the direct beam.",
      },
    ],
    seconds: { read: 0.41, align: 0.38, image: 0.12, svd: 0.55, nmf: 0.32, fcm: 0.08, report: 0.9, total: 2.76 },
    peakMemoryMiB: 212.4,
  };
}
