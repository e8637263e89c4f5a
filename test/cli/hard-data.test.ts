import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { npyHeader } from "../../src/formats/npy.ts";
import { bytesPer, type DType, typedArray } from "../../src/scan/source.ts";
import { endmember, started, workFolder } from "./endmember.ts";

const folder = workFolder();
const [rows, columns, height, width] = [6, 7, 20, 26];

/** A direct beam, and one of two reflections: left or right of column 4. */
function scan(
  name: string,
  value: (position: number, y: number, x: number, plain: number) => number,
  { count = rows * columns, dtype = "f32" }: { readonly count?: number; readonly dtype?: DType } = {},
): void {
  const values = typedArray(dtype, new ArrayBuffer(count * height * width * bytesPer[dtype])).map((_, i) => {
    const [position, y, x] = [Math.floor(i / (height * width)), Math.floor((i % (height * width)) / width), i % width];
    const within = (row: number, column: number): boolean => (y - row) ** 2 + (x - column) ** 2 <= 4;
    const noise = (Math.imul(i + 1, 2654435761) >>> 28) / 4;
    const reflection = within(...((position % columns < 4 ? [4, 6] : [15, 20]) as [number, number])) ? 200 : 0;
    return value(position, y, x, (within(10, 13) ? 900 : 0) + reflection + noise);
  });
  const shape = count === rows * columns ? [rows, columns] : [1, count];
  writeFileSync(
    join(folder, name),
    Buffer.concat([npyHeader(dtype, [...shape, height, width]), new Uint8Array(values.buffer)]),
  );
}
const mask = (name: string, size: readonly number[]): void =>
  writeFileSync(join(folder, name), Buffer.concat([npyHeader("u8", size), new Uint8Array(size[0] * size[1])]));

scan("good.npy", (_p, _y, _x, plain) => plain);
scan("NaN.npy", (p, y, x, plain) => (p === 8 && y === 3 && x === 4 ? Number.NaN : plain));
scan("infinite.npy", (p, y, x, plain) => (p === 8 && y === 3 && x === 4 ? Infinity : plain));
scan("zero.npy", () => 0);
scan("constant.npy", () => 7);
scan("one.npy", (_p, _y, _x, plain) => plain, { count: 1 });
scan("three.npy", (_p, _y, _x, plain) => plain, { count: 3 });
scan("negative.npy", (_p, _y, _x, plain) => plain - 5);
scan("dead rows.npy", (p, y, _x, plain) => (Math.floor(p / columns) === 2 || y === 5 ? 0 : plain));
scan("minus infinite f64.npy", (p, y, x, plain) => (p === 8 && y === 3 && x === 4 ? -Infinity : plain), {
  dtype: "f64",
});
scan("huge f64.npy", (p, y, x, plain) => (p === 8 && y === 3 && x === 4 ? 1e30 : plain), { dtype: "f64" });
scan("zero u8.npy", () => 0, { dtype: "u8" });
scan("constant u16.npy", () => 7, { dtype: "u16" });
scan("negative i16.npy", (_p, _y, _x, plain) => plain - 5, { dtype: "i16" });
scan("dead rows u32.npy", (p, y, _x, plain) => (Math.floor(p / columns) === 2 || y === 5 ? 0 : plain), {
  dtype: "u32",
});
scan("stuck row u16.npy", (_p, y, _x, plain) => (y === 3 ? 65535 : plain), { dtype: "u16" });
mask("nothing of the scan.npy", [rows, columns]);
mask("nothing of the detector.npy", [height, width]);

const quick = ["--methods", "nmf", "--threads", "1", "--quiet"];

describe("data that cannot be learned from end in one line that says why", () => {
  it.each([
    [["NaN.npy"], /NaN or an infinite value at position \[1, 1\] in pixel \[3, 4\]/],
    [["infinite.npy"], /NaN or an infinite value at position \[1, 1\] in pixel \[3, 4\]/],
    [["minus infinite f64.npy"], /NaN or an infinite value at position \[1, 1\] in pixel \[3, 4\]/],
    [["huge f64.npy"], /expected finite values, found Infinity from position 8/],
    [["zero u8.npy", "--no-align"], /found 0 in every pixel of every pattern; was the beam blanked\?/],
    [["constant u16.npy"], /expected a direct beam in the patterns, found none in 42/],
    [["zero.npy"], /expected a direct beam in the patterns, found none in 42/],
    [["zero.npy", "--no-align"], /found 0 in every pixel of every pattern; was the beam blanked\?/],
    [["constant.npy"], /expected a direct beam in the patterns, found none in 42/],
    [["three.npy", "--components", "5"], /expected components from 1 to 3/],
    [["three.npy", "--methods", "fcm", "--components", "2", "--clusters", "5"], /expected clusters from 1 to 3/],
    [["good.npy", "--mask", "nothing of the scan.npy"], /scan mask: expected something to be left/],
    [["good.npy", "--mask", "nothing of the detector.npy"], /detector mask: expected something to be left/],
  ])("%j", (args, message) => {
    const ended = endmember(
      folder,
      "analyse",
      ...quick.slice(args.includes("--methods") ? 2 : 0),
      ...args,
      "--out",
      "x",
    );
    expect(ended).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(message) });
    expect(ended.stderr.trim().split("\n")).toHaveLength(1);
    expect(existsSync(join(folder, "x"))).toBe(false);
  });
});

describe("data that are poor, but can be learned from, have a meaning", () => {
  it.each([
    ["constant.npy", 1, undefined, "--no-align"],
    ["constant u16.npy", 1, undefined, "--no-align"],
    ["one.npy", 1, undefined, "--no-align"],
    ["negative.npy", 2, "negative-values", "--no-align"],
    ["negative i16.npy", 2, "negative-values", "--no-align"],
    ["dead rows.npy", 2, undefined, "--no-align"],
    ["dead rows u32.npy", 2, "direct-beam-repaired", "--edge=fill"],
    ["stuck row u16.npy", 2, "saturated", "--no-align"],
  ])("%s: %i components", (file, components, warning, align) => {
    const ended = endmember(folder, "analyse", file, align, ...quick, "--json", "--force", "--out", "poor");
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    const found = JSON.parse(ended.stdout) as { components: number; warnings: { code: string }[] };
    expect(found.components).toBe(components);
    if (warning) expect(found.warnings.map(({ code }) => code)).toContain(warning);
  });
});

describe("files and folders", () => {
  it("a file that gets shorter or vanishes while it is there to be read", async () => {
    scan("shrinking.npy", (_p, _y, _x, plain) => plain);
    const child = started(folder, "analyse", "shrinking.npy", ...quick, "--out", "shrunk");
    // What it still has by then may be all of it or nothing; the end is one of the two, never a crash.
    await new Promise((settle) => setTimeout(settle, 400));
    truncateSync(join(folder, "shrinking.npy"), 20_000);
    const { code, stderr } = await child.ended;
    expect([0, 1]).toContain(code);
    if (code === 1) expect(stderr).toMatch(/^endmember: shrinking\.npy: [^\n]*(truncated|changed)[^\n]*\n$/);
    else expect(stderr).toBe("");

    scan("vanishing.npy", (_p, _y, _x, plain) => plain);
    const other = started(folder, "convert", "vanishing.npy", "vanished.hspy", "--quiet");
    rmSync(join(folder, "vanishing.npy"));
    const ended = await other.ended;
    expect([0, 1]).toContain(ended.code);
    expect(ended.stderr.trim().split("\n")).toHaveLength(1);
  });

  it("of two runs into the same folder one wins and the other says so", async () => {
    const run = () => started(folder, "analyse", "good.npy", ...quick, "--no-align", "--out", "contested").ended;
    const ended = await Promise.all([run(), run()]);
    expect(ended.map(({ code }) => code).sort()).toEqual([0, 1]);
    expect(ended.find(({ code }) => code === 1)!.stderr).toMatch(/found earlier results; --force replaces them/);
    expect(existsSync(join(folder, "contested", "summary.json"))).toBe(true);
    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0)("a folder that may not be written to", () => {
    mkdirSync(join(folder, "read only"));
    chmodSync(join(folder, "read only"), 0o555);
    for (const args of [
      ["analyse", "good.npy", ...quick, "--out", "read only/results"],
      ["convert", "good.npy", "read only/good.hspy", "--quiet"],
    ]) {
      expect(endmember(folder, ...args)).toMatchObject({ code: 1, stderr: expect.stringMatching(/permission denied/) });
    }
  });

  const disk = join(folder, "small disk");
  mkdirSync(disk);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=32k", "tmpfs", disk]).status === 0;
  if (!mounted) console.warn("skipped: no small disk can be mounted here to be filled up");
  it.skipIf(!mounted)("a disk that is full", () => {
    try {
      for (const args of [
        ["convert", "good.npy", "small disk/good.tif", "--quiet"],
        ["convert", "good.npy", "small disk/good.zspy", "--quiet"],
        ["analyse", "good.npy", ...quick, "--out", "small disk/results"],
      ]) {
        const ended = endmember(folder, ...args);
        expect(ended).toMatchObject({
          code: 1,
          stdout: "",
          stderr: expect.stringMatching(/^endmember: [^\n]*no space[^\n]*\n$/),
        });
        expect(readdirSync(disk)).toEqual([]);
      }
    } finally {
      spawnSync("umount", [disk]);
    }
  });
});
