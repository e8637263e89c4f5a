import { describe, expect, it } from "vitest";
import { onThreads } from "../../src/node/threads.ts";
import { arraySource } from "../../src/scan/array-source.ts";
import { someImages, somePatterns, someValues } from "../scan/matrix.ts";
import { conformance } from "./conformance.ts";

conformance("threads, SIMD kernels", (source) => onThreads(source, { threads: 2, simd: true }));
conformance("threads, plain kernels", (source) => onThreads(source, { threads: 2, simd: false }));
conformance("threads, nothing kept in memory", (source) => onThreads(source, { threads: 3, memory: 0 }));

const [positions, pixels] = [
  [23, 31],
  [19, 21],
] as const;
const positive = <Stack extends { readonly values: Float32Array }>(stack: Stack): Stack => ({
  ...stack,
  values: stack.values.map(Math.abs),
});
const source = () => arraySource({ positions, pixels, dtype: "u8", values: someValues("u8", 23 * 31 * 19 * 21, 5) });

describe("threads", () => {
  it("gives the same bits for 1, 2, 3 and 8 threads, in memory or not", async () => {
    const b = somePatterns(5, pixels, 1);
    const a = someImages(5, positions, 2);
    const results: string[] = [];
    for (const [threads, memory] of [
      [1, 1e9],
      [2, 1e9],
      [3, 1e9],
      [8, 1e9],
      [2, 60_000],
      [3, 0],
    ] as const) {
      const scan = await onThreads(source(), { threads, memory });
      for (let repeat = 0; repeat < 2; repeat++) {
        const swept = await scan.sweep!(b, [{ step: "offset", values: new Float64Array(5).fill(3) }]);
        const coarsely = await scan.coarse!().sweep!(b, []);
        const exact = [await scan.toImages(b), await scan.toPatterns(a), swept.images, swept.patterns];
        const quotients = await scan.ratioSweep!(positive(a), positive(b), 2);
        const ofQuotients = [quotients.images, quotients.patterns, quotients.divergence];
        const parts = [...exact, coarsely.images, coarsely.patterns, ...ofQuotients];
        results.push(parts.map(({ values }) => Buffer.from(values.buffer).toString("base64")).join());
      }
      await scan.close();
    }
    expect(new Set(results).size).toBe(1);
  });

  it("runs products that were asked for at the same time one after the other", async () => {
    const scan = await onThreads(source(), { threads: 2 });
    const b = somePatterns(2, pixels, 1);
    const [one, two] = await Promise.all([scan.toImages(b), scan.squared().toImages(b)]);
    expect(one.values).toEqual((await scan.toImages(b)).values);
    expect(two.values).not.toEqual(one.values);
    await scan.close();
  });

  it("reports progress and stops when told", async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    const scan = await onThreads(source(), {
      threads: 2,
      signal: controller.signal,
      onProgress: (_, fraction) => seen.push(fraction),
    });
    await scan.toImages(somePatterns(1, pixels, 1));
    expect(seen.at(-1)).toBe(1);
    const running = scan.toPatterns(someImages(40, positions, 1));
    controller.abort(new Error("stopped by the user"));
    await expect(running).rejects.toThrow("stopped by the user");
    await expect(scan.toImages(somePatterns(1, pixels, 1))).rejects.toThrow("stopped by the user");
    await scan.close();
  });

  it("passes a source's error on as it is, and every later product fails with it", async () => {
    const short = arraySource({ positions: [2, 3], pixels: [2, 2], dtype: "u8", values: new Uint8Array(24) });
    const unknown = { ...short, descriptor: { kind: "nothing" } };
    await expect(onThreads(unknown, { threads: 1 })).rejects.toMatchObject({ name: "UnsupportedError" });
  });

  it("refuses a number of threads that makes no sense", async () => {
    await expect(onThreads(source(), { threads: 0 })).rejects.toThrow("expected a whole number from 1 to 64, found 0");
  });

  it("says that it is closed", async () => {
    const scan = await onThreads(source(), { threads: 1 });
    await scan.close();
    await expect(scan.toImages(somePatterns(1, pixels, 1))).rejects.toThrow("closed");
  });
});

describe("a virtual image of u8 counts", () => {
  for (const simd of [true, false]) {
    it(`takes the short way to the same bits (${simd ? "SIMD" : "plain"} kernels)`, async () => {
      const scan = await onThreads(source(), { threads: 2, simd });
      const two = somePatterns(2, pixels, 3);
      const both = await scan.toImages(two);
      for (const k of [0, 1]) {
        const one = { ...two, count: 1, values: two.values.slice(k * 399, (k + 1) * 399) };
        expect((await scan.toImages(one)).values).toEqual(both.values.slice(k * 713, (k + 1) * 713));
      }
      await scan.close();
    });
  }
});
