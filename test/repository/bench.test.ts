import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";

it("the benchmarks run, each with its peer where that is there", { timeout: 300_000 }, () => {
  const { status, stdout, stderr } = spawnSync("node", ["bench/bench.mjs", "--short", "--json"], { encoding: "utf8" });
  expect(status, stderr).toBe(0);
  const { parts } = JSON.parse(stdout);
  expect(Object.keys(parts)).toEqual([
    "passes",
    "compressed",
    "learning",
    "clusters",
    "whole",
    "start",
    "fft",
    "growth",
    "large",
  ]);
  for (const [name, { columns, rows }] of Object.entries<{ columns: string[]; rows: unknown[][] }>(parts)) {
    expect(rows.length, name).toBeGreaterThan(0);
    for (const row of rows) {
      expect(row, name).toHaveLength(columns.length);
      const figures = row.flatMap((cell) =>
        typeof cell === "number" ? [cell] : cell && typeof cell === "object" ? Object.values(cell) : [],
      );
      expect(figures.length, name).toBeGreaterThan(0);
      for (const figure of figures) expect(Number.isFinite(figure), name).toBe(true);
    }
  }
});
