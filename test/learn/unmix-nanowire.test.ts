import { expect, test } from "vitest";
import { unmix } from "../../src/learn/unmix.ts";
import { images, patterns } from "../../src/scan/scan.ts";
import { errorsOf, limitsOf } from "../accuracy/errors-of.ts";
import { hasReferenceData, readNpy, readScan } from "./reference-data.ts";

const truth = () => {
  const [maps, factors] = [readNpy("nanowire/truth-abundances.npy"), readNpy("nanowire/truth-patterns.npy")];
  return {
    loadings: images([maps.shape[1], maps.shape[2]], Float32Array.from(maps.values)),
    factors: patterns([factors.shape[1], factors.shape[2]], Float32Array.from(factors.values)),
  };
};

test.skipIf(!hasReferenceData)(
  "the nanowire is unmixed at the noise limit, told nothing but the number of components",
  async () => {
    const known = truth();
    const limit = limitsOf(Float64Array.from(readNpy("nanowire/aligned.npy").values), known);
    for (const seed of [1, 2]) {
      const found = await unmix(readScan("nanowire/aligned.npy"), { components: 3, seed });
      const { angles, maps } = errorsOf(found, known);
      for (const [t, value] of angles.entries()) expect(value).toBeLessThanOrEqual(1.1 * limit.angles[t]);
      for (const [t, value] of maps.entries()) expect(value).toBeLessThanOrEqual(1.05 * limit.maps[t]);
      expect(found.assumptions).toEqual([]);
    }
  },
);
