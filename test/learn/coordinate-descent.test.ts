import { expect, it } from "vitest";
import { random } from "../../src/algebra/random.ts";
import { plainStackKernels } from "../../src/algebra/stack-kernels.plain.ts";
import { simdStackKernels } from "../../src/algebra/stack-kernels.ts";
import { descend, factorsFor } from "../../src/learn/coordinate-descent.ts";
import { factorSpace, narrowed, taken, thinned } from "../../src/learn/factor-space.ts";
import { nmfStarts } from "../../src/learn/nmf-starts.ts";
import { svd } from "../../src/learn/svd.ts";
import { denseScan } from "./dense-scan.ts";
import { example } from "./example.ts";

const { positions, pixels, x } = example(3, 300, 5, [13, 21], [17, 19]);
const found = await svd(denseScan(positions, pixels, x), { components: 8, seed: 1 });
const space = factorSpace(found, 6);
const options = { tolerance: 1e-6, maximumIterations: 30 };

it("gives the same bits with and without SIMD", () => {
  for (const k of [1, 2, 4]) {
    for (const start of nmfStarts(found, space, k, 4, random(1))) {
      const once = descend(space, start, k, options, simdStackKernels());
      expect(once).toEqual(descend(space, start, k, options, plainStackKernels()));
    }
  }
});

it("states the error of what it returns", () => {
  const k = 3;
  const [start] = nmfStarts(found, space, k, 1, random(1));
  const { loadings, factors, objective } = descend(space, start, k, options);
  let sum = space.outside;
  for (let i = 0; i < space.positions; i++) {
    for (let j = 0; j < space.pixels; j++) {
      let error = 0;
      for (let c = 0; c < space.rank; c++) error += space.a[c * space.positions + i] * space.v[c * space.pixels + j];
      for (let t = 0; t < k; t++) error -= loadings[t * space.positions + i] * factors[t * space.pixels + j];
      sum += error * error;
    }
  }
  expect(objective / Math.sqrt(sum)).toBeCloseTo(1, 7);
  expect(Math.min(...loadings, ...factors)).toBeGreaterThanOrEqual(0);
});

it("a part of the space holds its brightest pixels; what is found there fits the rest", () => {
  const part = thinned(space, 100, 150);
  expect([part.positions, part.pixels, part.chosen?.length]).toEqual([100, 150, 150]);
  expect(part.squaredNorm).toBeLessThan(space.squaredNorm);
  const [start] = nmfStarts(found, space, 3, 1, random(1));
  const onPart = descend(part, taken(start, space.pixels, part.chosen!), 3, options);
  const factors = factorsFor(space, onPart.loadings, part, 3);
  const whole = descend(space, factors, 3, { tolerance: 0, maximumIterations: 0 });
  const best = descend(space, start, 3, { tolerance: 1e-9, maximumIterations: 500 });
  expect(whole.objective).toBeLessThan(1.02 * best.objective);
  const few = narrowed(space, 2);
  expect(few.squaredNorm + few.outside).toBeCloseTo(space.squaredNorm + space.outside, 3);
});
