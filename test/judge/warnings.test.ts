import { describe, expect, it } from "vitest";
import { type Judged, warningsOf } from "../../src/judge/warnings.ts";
import { images, patterns } from "../../src/scan/scan.ts";

const [positions, pixels] = [
  [3, 4],
  [5, 6],
] as const;
const size = 30;

/** A pattern with a direct beam at (2, 3) of this height on a background of 1. */
function withBeam(height: number): Float32Array {
  const values = new Float32Array(size).fill(1);
  values[2 * 6 + 3] = height;
  return values;
}

const sound: Judged = {
  scan: { positions, pixels, analysedPixels: pixels },
  alignment: { repaired: new Uint8Array(12) },
  brightFieldDisk: { centre: [2, 3], radius: 0.5 },
  meanPattern: patterns(pixels, withBeam(40)),
  rank: { suggested: 3, votes: { elbow: 3, edge: 3 }, reason: "" },
  nmf: {
    components: 2,
    loadings: images(positions, new Float32Array(24)),
    factors: patterns(pixels, Float32Array.of(...withBeam(30), ...withBeam(50))),
    objective: 10,
    iterations: 40,
    converged: true,
    starts: [10, 10.0001],
  },
  fcm: {
    clusters: 3,
    fuzzifier: 2,
    memberships: images(positions, new Float32Array(36)),
    centres: patterns(pixels, new Float32Array(90)),
    loadingCentres: new Float64Array(9),
    objective: 1,
    iterations: 20,
    converged: true,
    partitionCoefficient: 0.8,
    validity: {
      partitionCoefficient: 0.8,
      partitionEntropy: 0.4,
      xieBeni: 0.1,
      fukuyamaSugeno: -1,
      fuzzySilhouette: 0.9,
    },
    coincident: [],
  },
};
const codes = (found: Judged) => warningsOf(found).map(({ code }) => code);

describe("warningsOf", () => {
  it("has nothing to say of a sound result, nor of one in which nothing was learned", () => {
    expect(codes(sound)).toEqual([]);
    const { scan, brightFieldDisk, meanPattern } = sound;
    expect(codes({ scan, brightFieldDisk, meanPattern })).toEqual([]);
    // The elbow alone misses weak components: no doubt where simulated noise and halves of the positions agree.
    const votes = { elbow: 2, parallelAnalysis: 5, splitHalf: 5 };
    expect(codes({ ...sound, rank: { suggested: 5, votes, reason: "" } })).toEqual([]);
  });

  it("names what is wrong, with a remedy each", () => {
    const nmf = sound.nmf!;
    const fcm = sound.fcm!;
    const cases: readonly (readonly [string, Judged])[] = [
      ["direct-beam-repaired", { ...sound, alignment: { repaired: new Uint8Array(12).fill(1, 0, 4) } }],
      ["cropped", { ...sound, scan: { ...sound.scan, analysedPixels: [4, 4] } }],
      ["components-uncertain", { ...sound, rank: { suggested: 3, votes: { elbow: 3, edge: 6 }, reason: "" } }],
      [
        "nmf-direct-beam",
        { ...sound, nmf: { ...nmf, factors: patterns(pixels, Float32Array.of(...withBeam(2), ...withBeam(50))) } },
      ],
      [
        "nmf-kl-direct-beam",
        {
          ...sound,
          factorisations: {
            "nmf-kl": { ...nmf, factors: patterns(pixels, Float32Array.of(...withBeam(2), ...withBeam(50))) },
          },
        },
      ],
      ["nmf-volume-not-converged", { ...sound, factorisations: { "nmf-volume": { ...nmf, converged: false } } }],
      ["possibilistic-coincide", { ...sound, clusterings: { possibilistic: { ...fcm, coincident: [[0, 1]] } } }],
      ["nmf-not-converged", { ...sound, nmf: { ...nmf, converged: false } }],
      ["nmf-starts-disagree", { ...sound, nmf: { ...nmf, starts: [10, 10.5] } }],
      ["fcm-coincide", { ...sound, fcm: { ...fcm, coincident: [[0, 1]] } }],
      ["fcm-blurred", { ...sound, fcm: { ...fcm, partitionCoefficient: 0.4 } }],
      ["gk-coincide", { ...sound, gk: { ...fcm, coincident: [[1, 2]] } }],
      [
        "no-unmix",
        {
          ...sound,
          impossible: [{ method: "unmix", reason: "unmix: expected positions that span 4 components, found fewer" }],
        },
      ],
      ["fcm-not-converged", { ...sound, fcm: { ...fcm, converged: false } }],
    ];
    for (const [code, found] of cases) {
      expect(codes(found)).toEqual([code]);
      expect(warningsOf(found)[0].remedy.length).toBeGreaterThan(20);
    }
    const flat = withBeam(255);
    flat.fill(255, 0, 3);
    expect(codes({ ...sound, scan: { ...sound.scan, dtype: "u8" }, maximumPattern: patterns(pixels, flat) })).toEqual([
      "saturated",
    ]);
    expect(codes({ ...sound, scan: { ...sound.scan, dtype: "u16" }, maximumPattern: patterns(pixels, flat) })).toEqual(
      [],
    );
    const negative = withBeam(40);
    negative[0] = -1;
    expect(codes({ ...sound, meanPattern: patterns(pixels, negative) })).toEqual(["negative-values"]);
  });
});
