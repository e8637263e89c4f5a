import { describe, expect, test } from "vitest";
import { align } from "../../src/prepare/align.ts";
import { bytesPer, type PatternSource } from "../../src/scan/source.ts";
import { simulateNanowire } from "../../src/simulate/nanowire.ts";

/** The scan as recorded behind something that hides detector pixels, whatever the descan. */
function behind(source: PatternSource, hides: (row: number, column: number) => boolean): PatternSource {
  const [rows, columns] = source.pixels;
  const size = bytesPer[source.dtype];
  return {
    ...source,
    read: async (first, count, into) => {
      await source.read(first, count, into);
      for (let i = 0; i < count; i++) {
        for (let r = 0; r < rows; r++) {
          for (let c = 0; c < columns; c++) {
            if (!hides(r, c)) continue;
            const at = ((i * rows + r) * columns + c) * size;
            into.fill(0, at, at + size);
          }
        }
      }
    },
  };
}

const positions = [16, 18] as const;
const beam = [55.75, 50.5] as const;

describe("align behind a beam stop", () => {
  test.each([
    ["a bar over the beam", (r: number, c: number) => Math.abs(c - beam[1]) <= 4 && r >= beam[0] - 6],
    ["a disk of 10 px", (r: number, c: number) => Math.hypot(r - beam[0], c - beam[1]) <= 10],
    ["half the beam", (r: number, c: number) => c >= beam[1] && c <= beam[1] + 8 && r >= beam[0] - 20],
  ])("%s: the displacements of the crystal are those of its reflections, the others are marked", async (_, hides) => {
    const { source, truth } = simulateNanowire({ positions, dose: 10_000, seed: 2 });
    const count = positions[0] * positions[1];
    const { shifts, repaired, centre, measured, plane } = await align(behind(source, hides), { edge: "fill" });
    const errors = Array.from({ length: count }, (_, i) =>
      [i, count + i].map((k) => shifts.values[k]! - truth.shifts.values[k]!),
    );
    const common = errors[repaired.indexOf(0)]!;
    let right = 0;
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const off = Math.max(...errors[i]!.map((error, axis) => Math.abs(error - common[axis]!)));
      expect(Number.isNaN(measured.values[i]!)).toBe(repaired[i] === 1);
      expect(off).toBeLessThanOrEqual(repaired[i] === 1 ? 3 : 1);
      if (repaired[i] === 1) continue;
      kept++;
      if (off === 0) right++;
    }
    expect(kept).toBeGreaterThan(0.35 * count);
    expect(right / kept).toBeGreaterThanOrEqual(0.97);
    for (const axis of [0, 1] as const) expect(Math.abs(centre[axis] - beam[axis] + common[axis]!)).toBeLessThan(1.5);
    expect(plane.every((fit) => Object.values(fit).every(Number.isFinite))).toBe(true);
  });

  test("no crystal behind a beam stop: most patterns are marked, and none moves if all are", async () => {
    const { source } = simulateNanowire({ positions, dose: 20_000, diffracted: 0 });
    const { shifts, repaired } = await align(
      behind(source, (r, c) => Math.hypot(r - beam[0], c - beam[1]) <= 10),
      { edge: "fill" },
    );
    const marked = repaired.reduce((sum, mark) => sum + mark, 0);
    if (marked === repaired.length) expect(shifts.values.every((shift) => shift === 0)).toBe(true);
    expect(marked).toBeGreaterThan(0.5 * repaired.length);
  });

  test("a bar that does not reach the beam changes nothing", async () => {
    const { source } = simulateNanowire({ positions: [6, 7] });
    const stopped = behind(source, (r, c) => Math.abs(c - beam[1]) <= 4 && r >= beam[0] + 16);
    expect((await align(stopped)).shifts).toEqual((await align(source)).shifts);
  });
});
