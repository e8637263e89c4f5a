import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { sha256 } from "../../src/node/sha256.ts";

const folder = mkdtempSync(join(tmpdir(), "endmember-sha256-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("is that of a file, and of a folder with the names in it", async () => {
  writeFileSync(join(folder, "abc"), "abc");
  expect(await sha256(join(folder, "abc"))).toEqual({
    sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    bytes: 3,
  });
  mkdirSync(join(folder, "scan.zarr/c"), { recursive: true });
  writeFileSync(join(folder, "scan.zarr/zarr.json"), "{}");
  writeFileSync(join(folder, "scan.zarr/c/0"), "x");
  writeFileSync(join(folder, "all"), "c/0\0xzarr.json\0{}");
  const { sha256: expected } = await sha256(join(folder, "all"));
  expect(await sha256(join(folder, "scan.zarr"))).toEqual({ sha256: expected, bytes: 3 });
  // A trailing separator is the same folder.
  expect(await sha256(`${join(folder, "scan.zarr")}/`)).toEqual({ sha256: expected, bytes: 3 });
});
