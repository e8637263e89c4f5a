import { expect, it } from "vitest";
import { filesUnder, textOf } from "./imports.ts";

// What a recipe promises to repeat to the same bits goes through these rooms. Math.exp and its like differ from engine to engine.
const rooms = ["algebra", "scan", "prepare", "imaging", "learn", "judge", "analyse"].map((room) => `src/${room}`);
const vague = /Math\.(a?(cos|sin|tan)h?|atan2|cbrt|exp|expm1|log|log10|log1p|pow)\(|\*\*(?! ?2\b)(?! -?(0\.5|\d+)\b)/;
// Powers of two: exact everywhere.
const exact = /2 \*\* -?(\d+|Math\.floor|shift|\(exponent)/;

it("results use no function that engines compute differently; src/algebra/elementary.ts has them", () => {
  const found = filesUnder(rooms, /\.ts$/).flatMap((file) =>
    textOf(file)
      .replace(/\/\*[\s\S]*?\*\//g, "")
      .split("\n")
      .map((line) => line.replace(/\/\/.*$/, ""))
      .filter((line) => vague.test(line.replace(exact, "")))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
});
