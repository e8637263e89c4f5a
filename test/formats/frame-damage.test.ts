import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Bytes } from "../../src/formats/bytes.ts";
import type { OpenOptions } from "../../src/formats/format.ts";
import { open } from "../../src/formats/formats.ts";
import { memoryBytes } from "../../src/formats/memory-bytes.ts";
import { FormatError, ShapeError, UnsupportedError } from "../../src/scan/errors.ts";
import { area } from "../../src/scan/scan.ts";
import { patternBytes } from "../../src/scan/source.ts";

const folder = fileURLToPath(new URL("../fixtures", import.meta.url));
type Folder = ReadonlyMap<string, Uint8Array>;

/** A folder in memory: companions are found in it. */
const bytesIn = (files: Folder, name: string): Bytes => ({
  ...memoryBytes(name, files.get(name)!),
  sibling: (beside) => (files.has(beside) ? bytesIn(files, beside) : undefined),
});

/** All patterns, or the error if it is one that a user can be shown. Anything else that is thrown fails the test. */
async function outcome(files: Folder, name: string, options: OpenOptions): Promise<Uint8Array | Error> {
  try {
    const source = await open(bytesIn(files, name), options);
    // However damaged the file: what is to be read is never more than what was asked for and is there.
    const size = area(source.positions) * patternBytes(source);
    const there = Array.from(files.values()).reduce((sum, file) => sum + file.length, 0);
    if (!options.allowIncomplete) expect(size).toBeLessThanOrEqual(8 * there);
    if (size > 2 ** 24) return new ShapeError("too large to read here", { got: size, expected: "less" });
    const patterns = new Uint8Array(size);
    await source.read(0, area(source.positions), patterns);
    source.close();
    return patterns;
  } catch (error) {
    if (error instanceof FormatError || error instanceof ShapeError || error instanceof UnsupportedError) {
      expect(error.message).not.toContain("\n");
      expect(error.message).toContain(":");
      return error;
    }
    throw error;
  }
}

const equal = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

const changed = (files: Folder, name: string, contents: Uint8Array | undefined): Folder => {
  const copy = new Map(files);
  if (contents === undefined) copy.delete(name);
  else copy.set(name, contents);
  return copy;
};

const patched = (files: Folder, name: string, patch: (bytes: Uint8Array, view: DataView) => void): Folder => {
  const copy = files.get(name)!.slice();
  patch(copy, new DataView(copy.buffer));
  return changed(files, name, copy);
};

const cases = [
  ["mib", "u08.mib", 384],
  ["mib", "u16.mib", 384],
  ["mib", "u16.hdr", 512],
  ["mib", "r64-1-quad.mib", 768],
  ["mib", "r64-24-single.mib", 384],
  ["empad", "acquisition.xml", 304],
  ["empad", "scan_x2_y1.raw", 64],
  ["mrc", "mode-2-little.mrc", 240],
  ["mrc", "mode-12-big.mrc", 240],
  ["mrc", "raster_0_movie.mrc", 240],
  ["mrc", "random_movie.mrc", 240],
  ["tvips", "version-1.tvips", 64],
  ["tvips", "split_000.tvips", 64],
  ["tvips", "points_000.tvips", 64],
  ["seq", "grey-16.seq", 640],
  ["seq", "grey-8.seq", 640],
] as const;

const runs = { seed: 20261123, numRuns: 150 };
const extremes = [0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff];

describe.each(cases)("%s/%s, damaged", (format, name, headerBytes) => {
  const at = join(folder, format);
  const files: Folder = new Map(
    readdirSync(at)
      .filter((each) => !each.endsWith(".json"))
      .map((each) => [each, new Uint8Array(readFileSync(join(at, each)))]),
  );
  const facts = readdirSync(at).includes(`${name}.json`)
    ? (JSON.parse(readFileSync(join(at, `${name}.json`), "utf8")) as { options?: OpenOptions })
    : {};
  const options = facts.options ?? {};
  const whole = files.get(name)!;
  const intact = outcome(files, name, options);

  it("is one error or the same data, wherever it ends", async () => {
    const expected = (await intact) as Uint8Array;
    expect(expected).toBeInstanceOf(Uint8Array);
    expect(await outcome(changed(files, name, new Uint8Array(0)), name, options)).toBeInstanceOf(FormatError);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.boolean(), async (length, allowIncomplete) => {
        const cut = changed(files, name, whole.slice(0, length));
        const found = await outcome(cut, name, { ...options, allowIncomplete });
        if (found instanceof Error) return;
        // Of these only frames from before the scan are left, which cannot be told from a recording without scan points.
        if (name === "points_000.tvips" && length < 256 + 4 * 120) return;
        if (!allowIncomplete) expect(equal(found, expected)).toBe(true);
        // What was lost reads as zeros, what is there as it was.
        else expect(found.every((byte, index) => byte === expected[index] || byte === 0)).toBe(true);
      }),
      runs,
    );
  });

  it("is never a crash with flipped bits or extreme numbers in its header", async () => {
    await intact;
    const place = fc.nat(Math.min(headerBytes, whole.length) - 4);
    await fc.assert(
      fc.asyncProperty(place, fc.nat(7), fc.boolean(), async (offset, bit, allowIncomplete) => {
        const flipped = patched(files, name, (bytes) => {
          bytes[offset]! ^= 1 << bit;
        });
        await outcome(flipped, name, { ...options, allowIncomplete });
      }),
      runs,
    );
    await fc.assert(
      fc.asyncProperty(place, fc.constantFrom(...extremes), fc.boolean(), async (offset, value, little) => {
        const extreme = patched(files, name, (_, view) => view.setUint32(offset - (offset % 4), value, little));
        await outcome(extreme, name, options);
        await outcome(extreme, name, {});
      }),
      runs,
    );
  });

  it("is never a crash with companions that are missing, cut, damaged or exchanged", async () => {
    await intact;
    const others = Array.from(files.keys());
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...others),
        fc.constantFrom("missing", "cut", "flipped", "exchanged"),
        fc.constantFrom(...others),
        fc.nat(2 ** 20),
        async (other, how, instead, place) => {
          if (other === name) return;
          const contents = files.get(other)!;
          const at = place % contents.length;
          const damaged =
            how === "missing"
              ? undefined
              : how === "cut"
                ? contents.slice(0, at)
                : how === "exchanged"
                  ? files.get(instead)!
                  : contents.map((byte, index) => (index === at ? byte ^ (1 << (place % 8)) : byte));
          await outcome(changed(files, other, damaged), name, options);
        },
      ),
      runs,
    );
  });
});

describe("damage inside recordings", () => {
  const read = (...path: string[]): Uint8Array => new Uint8Array(readFileSync(join(folder, ...path)));

  it("notices bytes that a .mib lost, from the next frame on", async () => {
    const whole = read("mib/u08.mib");
    const shifted: Folder = new Map([["u08.mib", Uint8Array.from([...whole.slice(0, 700), ...whole.slice(701), 0])]]);
    expect(await outcome(shifted, "u08.mib", { shape: [3, 4] })).toMatchObject({
      message: expect.stringMatching(/header of frame 2 at byte 828.*the file is damaged/),
    });
  });

  it("changes no pattern but the one whose bytes changed", async () => {
    for (const [format, name] of cases) {
      if (!/mode|u08|version-1|grey/.test(name)) continue;
      const whole = read(format, name);
      const clean = (await outcome(new Map([[name, whole]]), name, { shape: [3, 4] })) as Uint8Array;
      const damaged = whole.slice();
      damaged[damaged.length - 40]! ^= 0xff; // inside the last frame or behind it
      const found = (await outcome(new Map([[name, damaged]]), name, { shape: [3, 4] })) as Uint8Array;
      const pattern = clean.length / 12;
      expect(equal(found.subarray(0, 11 * pattern), clean.subarray(0, 11 * pattern))).toBe(true);
    }
  });

  it("orders the frames of a .tvips by their scan points, also where the recording stopped early", async () => {
    const whole = read("tvips/points_000.tvips");
    const cut: Folder = new Map([["points.tvips", whole.slice(0, 256 + 12 * 120)]]); // as many frames as positions, by chance
    expect(await outcome(cut, "points.tvips", { shape: [3, 4] })).toMatchObject({
      message: expect.stringMatching(/12 positions, but the frames carry 8 scan points up to 8/),
    });
    const found = await outcome(cut, "points.tvips", { shape: [3, 4], allowIncomplete: true });
    const all = (await outcome(new Map([["all.tvips", whole]]), "all.tvips", { shape: [3, 4] })) as Uint8Array;
    expect(equal((found as Uint8Array).subarray(0, 8 * 60), all.subarray(0, 8 * 60))).toBe(true);
  });

  it("says which continuation of a .tvips is missing", async () => {
    const first = read("tvips/split_000.tvips");
    const second = read("tvips/split_001.tvips");
    const gap: Folder = new Map([
      ["split_000.tvips", first],
      ["split_002.tvips", second],
    ]);
    expect(await outcome(gap, "split_000.tvips", { shape: [3, 4] })).toMatchObject({
      message: expect.stringMatching(/continuation number 1.*a file is missing/),
    });
    const cut: Folder = new Map([
      ["split_000.tvips", first.slice(0, -1)],
      ["split_001.tvips", second],
    ]);
    expect(await outcome(cut, "split_000.tvips", { shape: [3, 4] })).toMatchObject({
      message: expect.stringMatching(/split_000.tvips: expected whole frames.*truncated/),
    });
  });

  it("refuses companions of other recordings", async () => {
    const mib = read("mib/u16.mib");
    const other = new TextEncoder().encode("HDR,\nCounter Depth (number):\t6\nEnd");
    const wrong = (header: Uint8Array): Folder =>
      new Map([
        ["u16.mib", mib],
        ["u16.hdr", header],
      ]);
    expect(await outcome(wrong(other), "u16.mib", {})).toMatchObject({
      message: expect.stringMatching(/u16.hdr: expected a counter depth of 12 bit.*found 6.*another recording/),
    });
    expect(await outcome(wrong(mib), "u16.mib", {})).toMatchObject({
      message: expect.stringMatching(/u16.hdr: expected a Merlin header/),
    });
    const lines = new TextEncoder().encode("1,1\n2,2\n");
    const movie: Folder = new Map([
      ["random_movie.mrc", read("mrc/random_movie.mrc")],
      ["random_info.txt", read("mrc/random_info.txt")],
      ["random_scan_coordinates.csv", lines],
    ]);
    expect(await outcome(movie, "random_movie.mrc", {})).toMatchObject({
      message: expect.stringMatching(/one line for each of 10 frames, found 2/),
    });
    const records = new Uint8Array(400);
    const sequence: Folder = new Map([
      ["grey-16.seq", read("seq/grey-16.seq")],
      ["grey-16.seq.metadata", records],
    ]);
    expect(await outcome(sequence, "grey-16.seq", { shape: [3, 4] })).toMatchObject({
      message: expect.stringMatching(/grey-16.seq.metadata: expected records of frames of 5×6, found 0×0/),
    });
  });

  it("promises of more than the file holds allocate nothing", async () => {
    const whole = read("mrc/mode-6-little.mrc");
    const promise = whole.slice();
    const view = new DataView(promise.buffer);
    for (const [offset, value] of [
      [0, 2 ** 20],
      [4, 2 ** 20],
      [8, 2 ** 31 - 1],
    ] as const) {
      view.setInt32(offset, value, true);
    }
    const before = process.memoryUsage().arrayBuffers;
    for (const allowIncomplete of [false, true]) {
      const found = await outcome(new Map([["p.mrc", promise]]), "p.mrc", { shape: [3, 4], allowIncomplete });
      expect(found).toBeInstanceOf(FormatError);
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
  });
});
