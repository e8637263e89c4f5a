import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { filesUnder, root } from "./imports.ts";

const programs = filesUnder(["examples"], /\.mjs$/);

describe("the programs in examples/", () => {
  const folder = mkdtempSync(join(tmpdir(), "endmember-examples-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("are numbered without gaps", () => {
    expect(programs.map((file) => Number(/^examples\/(\d+)-/.exec(file)?.[1]))).toEqual(programs.map((_, i) => i + 1));
  });

  it.each(programs)("%s runs on the built library", (file) => {
    const { status, stderr } = spawnSync(process.execPath, [join(root, file)], { cwd: folder, encoding: "utf8" });
    expect(stderr).toBe("");
    expect(status).toBe(0);
  });
});
