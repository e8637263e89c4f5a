import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { npyHeader } from "../../src/formats/npy.ts";
import { openScan } from "../../src/node/open-scan.ts";
import { readPatterns } from "../../src/scan/source.ts";
import { endmember, workFolder } from "./endmember.ts";

const folder = workFolder();
const values = Uint16Array.from({ length: 12 * 36 }, (_, i) => (i * 37) % 1000);
writeFileSync(
  join(folder, "größe 1.npy"),
  Buffer.concat([npyHeader("u16", [3, 4, 6, 6]), new Uint8Array(values.buffer)]),
);
const convert = (...args: string[]) => endmember(folder, "convert", "größe 1.npy", ...args, "--quiet");

it("convert goes from format to format and keeps the numbers", async () => {
  let from = "größe 1.npy";
  for (const to of ["a.hspy", "b.zspy", "c.tiff", "d.zarr", "e.npy"]) {
    expect(endmember(folder, "convert", from, to, "--quiet")).toMatchObject({ code: 0, stderr: "" });
    from = to;
  }
  const source = await openScan(join(folder, "e.npy"));
  expect(await readPatterns(source, 0, 12)).toEqual(values);
  source.close();
  const json = JSON.parse(convert("f.hspy", "--json").stdout);
  expect(json).toMatchObject({ out: "f.hspy", positions: [3, 4], pixels: [6, 6], dtype: "u16" });
  expect(json.input.sha256).toMatch(/^[0-9a-f]{64}$/);
});

it("convert refuses what a .blo cannot hold, unless told how", async () => {
  expect(convert("x.blo")).toMatchObject({ code: 1, stderr: expect.stringMatching(/found 259 at position.*--scale/) });
  expect(existsSync(join(folder, "x.blo"))).toBe(false);
  expect(convert("scaled.blo", "--scale", "999").code).toBe(0);
  expect(convert("clipped.blo", "--clip").code).toBe(0);
  for (const [name, to8] of [
    ["scaled.blo", (value: number) => Math.round((value * 255) / 999)],
    ["clipped.blo", (value: number) => Math.min(255, value)],
  ] as const) {
    const source = await openScan(join(folder, name));
    expect(await readPatterns(source, 0, 12)).toEqual(Uint8Array.from(values, to8));
    expect(source.metadata.note).toMatch(/^endmember .* from größe 1.npy, SHA-256 [0-9a-f]{64}$/);
    source.close();
  }
});

it("convert says in one line what is wrong, and leaves nothing behind", () => {
  const before = readdirSync(folder).length;
  const cases: [string[], number, RegExp][] = [
    [["y.png"], 1, /ends in one of/],
    [["größe 1.npy"], 2, /--force replaces it/],
    [["größe 1.npy", "--force"], 2, /another place/],
    [["y.hspy", "--scale", "9"], 2, /with a \.blo only/],
    [["no folder/y.npy"], 1, /does not exist; make it first/],
  ];
  for (const [args, code, message] of cases) {
    expect(convert(...args)).toMatchObject({ code, stdout: "", stderr: expect.stringMatching(message) });
    expect(
      convert(...args)
        .stderr.trim()
        .split("\n"),
    ).toHaveLength(1);
  }
  expect(readdirSync(folder)).toHaveLength(before);
});
