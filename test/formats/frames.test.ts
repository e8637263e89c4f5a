import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Bytes } from "../../src/formats/bytes.ts";
import { type FrameStack, framesIn, framesSource, plainNumbers } from "../../src/formats/frames.ts";
import { memoryBytes } from "../../src/formats/memory-bytes.ts";
import { readPatterns, uncalibratedAxes } from "../../src/scan/source.ts";

const pixels = [5, 6] as const;
const stored = { kind: "unsigned", bytes: 2, bigEndian: true } as const;

/** Frame f holds the numbers 100 f, 100 f + 1 … behind `lead` bytes, with padding behind; split after the given frames. */
function stack(frames: number, lead: number, padding: number, splits: readonly number[]): FrameStack {
  const stride = lead + 60 + padding;
  const whole = new Uint8Array(frames * stride).fill(0xaa);
  const view = new DataView(whole.buffer);
  for (let frame = 0; frame < frames; frame++) {
    for (let pixel = 0; pixel < 30; pixel++) view.setUint16(frame * stride + lead + 2 * pixel, 100 * frame + pixel);
  }
  const edges = [0, ...splits.map((split) => Math.min(split, frames)).sort((one, other) => one - other), frames];
  const frameBytes = lead + 60;
  const parts = edges.slice(1).map((edge, index) => {
    const offset = 7 * index;
    const contents = new Uint8Array(offset + (edge - edges[index]!) * stride);
    contents.set(whole.subarray(edges[index]! * stride, edge * stride), offset);
    const bytes = memoryBytes(`part ${index}`, contents);
    return { bytes, offset, frames: framesIn(bytes, offset, stride, frameBytes) };
  });
  const numbers = plainNumbers(stored, lead);
  return { format: "test", parts, stride, frameBytes, pixels, ...numbers, axes: uncalibratedAxes, metadata: {} };
}

describe("frames", () => {
  it("are the patterns, for any range, padding, parts and order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          lead: fc.nat(9),
          padding: fc.nat(9),
          splits: fc.array(fc.nat(12), { maxLength: 3 }),
          order: fc.option(fc.array(fc.integer({ min: -1, max: 14 }), { minLength: 12, maxLength: 12 })),
          first: fc.nat(11),
          count: fc.nat(12),
        }),
        async ({ lead, padding, splits, order, first, count }) => {
          const frames = stack(12, lead, padding, splits);
          const source = framesSource(
            frames.parts[0]!.bytes,
            { shape: [3, 4] },
            { ...frames, order: order ? Int32Array.from(order) : undefined },
          );
          const wanted = Math.min(count, 12 - first);
          const found = await readPatterns(source, first, wanted);
          const expected = Array.from({ length: wanted * 30 }, (_, index) => {
            const position = first + Math.floor(index / 30);
            const frame = order ? order[position]! : position;
            return frame < 0 || frame >= 12 ? 0 : 100 * frame + (index % 30);
          });
          expect(Array.from(found)).toEqual(expected);
        },
      ),
      { seed: 20261123, numRuns: 300 },
    );
  });

  it("need not have the padding of the last one", () => {
    const bytes = memoryBytes("frames", new Uint8Array(10 + 3 * 100 - 40));
    expect(framesIn(bytes, 10, 100, 60)).toBe(3);
    expect(framesIn(bytes, 10, 100)).toBe(2);
    expect(framesIn(bytes, 11, 100, 60)).toBe(2);
    expect(framesIn(bytes, 1000, 100)).toBe(0);
  });

  it("are read from files larger than memory without reading or allocating more than asked for", async () => {
    let read = 0;
    const huge: Bytes = {
      ...memoryBytes("huge", new Uint8Array(0)),
      size: 2 ** 42,
      readInto: (offset, into) => {
        read += into.length;
        // Every 8 bytes hold their own number.
        const view = new DataView(into.buffer, into.byteOffset, into.byteLength);
        for (let at = 0; at < into.length; at += 8) view.setBigUint64(at, BigInt(offset + at) / 8n, true);
      },
    };
    const frameBytes = 2 ** 18;
    const numbers = plainNumbers({ kind: "unsigned", bytes: 8, bigEndian: false });
    const source = framesSource(
      huge,
      { shape: [4096, 4096] },
      {
        format: "test",
        parts: [{ bytes: huge, offset: 0, frames: framesIn(huge, 0, frameBytes) }],
        stride: frameBytes,
        frameBytes,
        pixels: [128, 256],
        ...numbers,
        axes: uncalibratedAxes,
        metadata: {},
      },
    );
    expect(read).toBe(0);
    const last = await readPatterns(source, 2 ** 24 - 2, 2);
    expect([last[0], last.at(-1)]).toEqual([2 ** 39 - 2 ** 16, 2 ** 39 - 1]);
    expect(read).toBe(2 * frameBytes);
  });

  it("fit the scan, or say what to do", () => {
    const frames = stack(12, 0, 0, []);
    const { bytes } = frames.parts[0]!;
    const metadata = (options: object, recorded?: readonly [number, number]) =>
      framesSource(bytes, options, { ...frames, recorded }).metadata;
    expect(metadata({}, [3, 4])).toEqual({});
    expect(metadata({ shape: [2, 5] })).toEqual({ "frames left out": 2 });
    expect(metadata({ allowIncomplete: true }, [3, 5])).toEqual({ "missing patterns": 3 });
    expect(() => metadata({})).toThrow(/12 frames of 5×6, and nothing that says.*--shape RxC/);
    expect(() => metadata({}, [3, 5])).toThrow(/the file says 3×5, which is 15 positions.*truncated/);
    expect(() => metadata({ shape: [3, 5] })).toThrow(/--shape 3x5 is 15 positions; give a shape of 12/);
    expect(() => metadata({ shape: [2, 4] })).toThrow(/only 8 positions/);
    expect(() => metadata({ shape: [0, 4] })).toThrow(/at least 1×1/);
    expect(() => framesSource(bytes, { shape: [1, 1] }, { ...frames, parts: [] })).toThrow(/truncated/);
  });
});
