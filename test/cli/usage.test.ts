import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { command, endmember, workFolder } from "./endmember.ts";

const folder = workFolder();
const run = (...args: string[]) => endmember(folder, ...args);

describe("help", () => {
  it.each([["info"], ["image"], ["analyse"], ["simulate"], ["reproduce"]])(
    "of %s has an example and leaves with 0",
    (name) => {
      const { code, stdout, stderr } = run(name, "--help");
      expect(code).toBe(0);
      expect(stderr).toBe("");
      expect(stdout).toMatch(new RegExp(`Examples:\\n  \\$ endmember ${name} `));
    },
  );

  it("lists every subcommand, with examples", () => {
    const { code, stdout } = run("--help");
    expect(code).toBe(0);
    for (const name of ["info", "image", "analyse", "simulate"]) expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
    expect(stdout).toContain("Examples:");
  });

  it("goes to stderr with code 2 when nothing was asked", () => {
    expect(run()).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("Usage:") });
  });

  it("does not load the library", () => {
    const args = ["--expose-internals", "--trace-uncaught", command, "--help"];
    expect(
      spawnSync(process.execPath, args, { encoding: "utf8", env: { ...process.env, NODE_DEBUG: "esm" } }).stderr,
    ).not.toMatch(/dist\/src\/index\.js/);
  });

  it("prints the version", () => {
    expect(run("--version")).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });
});

describe("wrong usage is one line on stderr and code 2", () => {
  writeFileSync(join(folder, "some.npy"), "");
  it.each([
    [["anlyse", "x"], "unknown command 'anlyse' (Did you mean analyse?); see endmember --help"],
    [
      ["analyse", "--cluster", "3", "x"],
      "unknown option '--cluster' (Did you mean --clusters?); see endmember analyse --help",
    ],
    [["info"], "missing required argument 'FILE'; see endmember info --help"],
    [["info", "--shape", "3y4", "x"], "Expected rows x columns, as in 36x40"],
    [["info", "--shape", "0x4", "x"], "Expected rows x columns, as in 36x40"],
    [["image", "--disk", "1,2", "x"], "Expected 3 numbers R,C,RADIUS, as in 10,12,3"],
    [["image", "--disk", "1,2,0x3", "x"], "Expected 3 numbers R,C,RADIUS"],
    [["image", "--polygon", "1,2,3,4", "x"], "Expected at least three corners"],
    [["image", "--reflections", "1,2;3,4", "x"], 'found "1,2"'],
    [
      ["image", "--mean", "--max", "x"],
      "expected apertures, --mean, --max or --pattern, found several of them; choose one",
    ],
    [["image", "--out", "x.jpg", "x"], 'expected a name that ends in .png, .svg, .npy, .tif, found ".jpg"'],
    [["analyse", "--components", "0", "x"], "Expected a whole number from 1 to 200, or auto"],
    [["analyse", "--components", "2.5", "x"], "Expected a whole number from 1 to 200, or auto"],
    [["analyse", "--methods", "svd,kmeans", "x"], 'found "kmeans"'],
    [["analyse", "--ica", "exp,tanh", "x"], 'found "tanh"'],
    [["analyse", "--ica", "maps,exp,cube", "x"], "Expected one of logcosh,exp,cube, found exp,cube"],
    [["analyse", "--fuzzifier", "1", "x"], "Expected a number above 1"],
    [["analyse", "--edge", "wrap", "x"], "Allowed choices are crop, fill"],
    [["analyse", "--threads", "0", "x"], "Expected a whole number from 1 to 64"],
    [["analyse", "a/x.npy", "b/x.npy"], "expected scans of different names"],
    [["simulate", "wire", "--out", "x.npy"], "unknown command 'wire'"],
    [["simulate", "nanowires", "--out", "x.npy"], "(Did you mean nanowire?); see endmember simulate --help"],
    [["simulate", "inclined-boundary", "--mixed", "2", "--out", "x.npy"], "Expected a number from 0 to 1"],
    [["simulate", "nanowire", "--mixed", "0.5", "--out", "x.npy"], "unknown option '--mixed'"],
    [["simulate", "nanowire", "--dead-pixels", "1,2,3", "--out", "x.npy"], 'Expected pixels R,C;R,C…, found "1,2,3"'],
    [["simulate", "nanowire", "--dead-pixels", "3,104", "--out", "x.npy"], "expected pixels of 112 x 104, found 3,104"],
    [
      ["simulate", "bicrystal", "--cif", "a.cif", "--crystal", "Al", "--out", "x.npy"],
      "expected --crystal or --cif, found both",
    ],
    [["simulate", "nanowire"], "required option '--out <FILE>' not specified"],
  ])("%j", (args, message) => {
    const { code, stdout, stderr } = run(...args);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^endmember: [^\n]+\n$/);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });
});

describe("what the data get wrong is one line on stderr and code 1", () => {
  mkdirSync(join(folder, "a folder"));
  writeFileSync(join(folder, "text.blo"), "This is no scan at all.");
  writeFileSync(join(folder, "empty.cif"), "data_none\n_cell_length_a 4\n_cell_length_b 4\n_cell_length_c 4\n");
  it.each([
    [["info", "missing.blo"], "missing.blo: expected a file, found none; check the path"],
    [["info", "a folder"], "a folder: expected a file, found a folder"],
    [["info", "text.blo"], "text.blo: expected one of"],
    [["info", "some.npy"], "some.npy: expected one of"],
    [["analyse", "missing.blo"], "missing.blo: expected a file, found none"],
    [["analyse", "text.blo", "--recipe", "none.json"], "none.json: no such file"],
    [["analyse", "text.blo", "--recipe", "text.blo"], "text.blo: expected a recipe in JSON"],
    [
      ["simulate", "inclined-boundary", "--positions", "1024x1024", "--pixels", "2048x2048", "--out", "x.npy"],
      "x.npy: no space on the disk: expected room for 16384.0 GiB, found",
    ],
    [["simulate", "bicrystal", "--cif", "empty.cif", "--out", "x.npy"], "empty.cif: expected atom sites"],
    [["simulate", "bicrystal", "--cif", "missing.cif", "--out", "x.npy"], "missing.cif: no such file"],
    [["simulate", "bicrystal", "--thickness", "0.01", "--out", "x.npy"], "thickness: expected 0.1 … 10000, found 0.01"],
    [["simulate", "bicrystal", "--precession", "150", "--out", "x.npy"], "slice: expected at most"],
    [["simulate", "nanowire", "--out", "x.zip"], "expected a name that ends in one of"],
  ])("%j", (args, message) => {
    const { code, stdout, stderr } = run(...args);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^endmember: [^\n]+\n$/);
    expect(stdout).toBe("");
    expect(code).toBe(1);
  });

  it("--debug adds where in the program", () => {
    expect(run("info", "missing.blo", "--debug").stderr).toMatch(/\n {4}at /);
  });
});
