import { describe, expect, it } from "vitest";
import { meanPattern } from "../../src/imaging/mean-pattern.ts";
import { openSource } from "../../src/node/open-source.ts";
import { onThreads } from "../../src/node/threads.ts";
import { kept, roomFor } from "../../src/scan/kept.ts";
import { area } from "../../src/scan/scan.ts";
import { type PatternSource, readPatterns } from "../../src/scan/source.ts";
import { simulateNanowire } from "../../src/simulate/nanowire.ts";

const { source } = simulateNanowire({ positions: [6, 7], pixels: [32, 36], dtype: "u16", seed: 3 });
const count = area(source.positions);

/** The source, and how many patterns were asked of it. */
function counted(): { readonly source: PatternSource; readonly asked: () => number } {
  let asked = 0;
  const read: PatternSource["read"] = (first, some, into) => {
    asked += some;
    return source.read(first, some, into);
  };
  return { source: { ...source, read }, asked: () => asked };
}

describe("kept", () => {
  it("reads each pattern once, and gives the same numbers again", async () => {
    const inner = counted();
    const quick = kept(inner.source, roomFor(source));
    const once = await readPatterns(quick, 0, count);
    const part = await readPatterns(quick, 5, 9);
    expect(inner.asked()).toBe(count);
    expect(once).toEqual(await readPatterns(source, 0, count));
    expect(part).toEqual(await readPatterns(source, 5, 9));
  });

  it("reads what is partly there as a whole", async () => {
    const quick = kept(source, roomFor(source));
    await readPatterns(quick, 3, 2);
    expect(await readPatterns(quick, 0, 8)).toEqual(await readPatterns(source, 0, 8));
  });

  it("shares what was read with whoever opens its descriptor", async () => {
    const room = roomFor(source);
    const quick = kept(source, room);
    const there = await openSource(quick.descriptor);
    const found = await readPatterns(there, 0, count);
    expect(room.there.every((mark) => mark === 1)).toBe(true);
    const inner = counted();
    expect(await readPatterns(kept(inner.source, room), 0, count)).toEqual(found);
    expect(inner.asked()).toBe(0);
  });

  it("gives the same bits on threads", async () => {
    const [plain, quick] = await Promise.all(
      [source, kept(source, roomFor(source))].map((one) => onThreads(one, { threads: 2 })),
    );
    expect(await meanPattern(quick!)).toEqual(await meanPattern(plain!));
    await Promise.all([plain!.close(), quick!.close()]);
  });
});
