import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { npyHeader } from "../../src/formats/npy.ts";
import { endmember, workFolder } from "./endmember.ts";

const folder = workFolder();

/** A disk that stays in place, and a reflection in some positions: 3×4 positions of 10×12 pixels, u16. */
const numbers = Uint16Array.from({ length: 12 * 120 }, (_, i) => {
  const [position, y, x] = [Math.floor(i / 120), Math.floor((i % 120) / 12), i % 12];
  const within = (row: number, column: number): boolean => (y - row) ** 2 + (x - column) ** 2 <= 2;
  const noise = Math.imul(i, 2654435761) >>> 28;
  return (within(4, 6) ? 900 : 0) + (within(8, position % 3 === 0 ? 2 : 9) ? 200 + 10 * position : 0) + noise;
});
const bytes = new Uint8Array(numbers.buffer);

it("--raw describes plain bytes, and recipes keep it", () => {
  writeFileSync(join(folder, "plain.bin"), Buffer.concat([new Uint8Array(512), bytes]));
  const raw = ["--raw", "u16:3x4x10x12:512"];
  const info = JSON.parse(endmember(folder, "info", "plain.bin", ...raw, "--json").stdout);
  expect(info).toMatchObject({ format: "raw", positions: [3, 4], pixels: [10, 12], dtype: "u16" });
  expect(endmember(folder, "image", "plain.bin", ...raw, "--mean", "--quiet")).toMatchObject({ code: 0, stderr: "" });

  const run = ["--components", "2", "--methods", "nmf,fcm", "--quiet", "--threads", "1"];
  const first = endmember(folder, "analyse", "plain.bin", ...raw, ...run, "--out", "first");
  expect(first).toMatchObject({ code: 0 });
  const recipe = join("first", "recipe.json");
  expect(JSON.parse(readFileSync(join(folder, recipe), "utf8")).open.raw).toEqual({
    dtype: "u16",
    bigEndian: false,
    shape: [3, 4, 10, 12],
    offset: 512,
  });
  const again = endmember(folder, "analyse", "plain.bin", "--recipe", recipe, "--quiet", "--out", "again");
  expect(again).toMatchObject({ code: 0 });
  for (const file of ["nmf-factors.npy", "fcm-memberships.npy"]) {
    expect(readFileSync(join(folder, "again", file))).toEqual(readFileSync(join(folder, "first", file)));
  }
  const wrong = endmember(folder, "info", "plain.bin", "--raw", "u17:3x4");
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringMatching(/^endmember: --raw: expected DTYPE.*\n$/) });
});

it("--allow-incomplete opens a recording that stopped early, and the results say what is missing", () => {
  writeFileSync(
    join(folder, "cut.npy"),
    Buffer.concat([npyHeader("u16", [3, 4, 10, 12]), bytes.subarray(0, 9 * 240 + 17)]),
  );
  expect(endmember(folder, "info", "cut.npy")).toMatchObject({ code: 1, stderr: expect.stringContaining("found 9") });
  expect(endmember(folder, "info", "cut.npy", "--allow-incomplete").stdout).toMatch(/missing patterns +3/);
  expect(endmember(folder, "image", "cut.npy", "--mean", "--allow-incomplete", "--quiet").code).toBe(0);

  const run = [
    "analyse",
    "cut.npy",
    "--allow-incomplete",
    "--no-align",
    "--components",
    "2",
    "--methods",
    "nmf,fcm",
    "--quiet",
  ];
  expect(endmember(folder, ...run, "--out", "cut results")).toMatchObject({ code: 0 });
  const read = (name: string): string => readFileSync(join(folder, "cut results", name), "utf8");
  expect(JSON.parse(read("recipe.json")).open).toEqual({ allowIncomplete: true });
  expect(JSON.parse(read("summary.json")).warnings[0].code).toBe("recording-incomplete");
  expect(read("report.html")).toContain("3 of 12 patterns");
  const again = endmember(folder, "analyse", "cut.npy", "--recipe", "cut results/recipe.json", "--out", "cut again");
  expect(again.code).toBe(0);
});
