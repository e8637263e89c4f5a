import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { methods } from "../../src/analyse/recipe.ts";
import { endmember, workFolder } from "./endmember.ts";

const folder = workFolder();
const run = (...args: string[]) => endmember(folder, ...args);
const at = (...path: string[]) => join(folder, ...path);
const bytes = (name: string) => readFileSync(at(name));
const values = (name: string): Float32Array => {
  const file = bytes(name);
  const from = 10 + file.readUInt16LE(8);
  return new Float32Array(file.buffer.slice(file.byteOffset + from, file.byteOffset + file.length));
};

describe("analyse --methods", () => {
  it("runs every one, and the recipe repeats it to the same bits", { timeout: 240_000 }, () => {
    const scan = ["simulate", "nanowire", "--positions", "12x14", "--pixels", "34x36", "--dose", "3000"];
    expect(run(...scan, "--out", "scan.hspy", "--quiet").code).toBe(0);
    const quick = ["--components", "3", "--no-align", "--threads", "2", "--quiet"];
    const all = run(
      "analyse",
      "scan.hspy",
      "--methods",
      "all",
      "--out",
      "all",
      "--sparsity",
      "0.3",
      "--contrast",
      "0.2",
      "--ica",
      "deflation,exp,maps,differences",
      ...quick,
    );
    expect([all.code, all.stderr]).toEqual([0, ""]);
    const arrays = readdirSync(at("all")).filter((name) => name.endsWith(".npy"));
    const { warnings } = JSON.parse(bytes("all/summary.json").toString());
    for (const method of methods) {
      const refused = warnings.some(({ code }: { code: string }) => code === `no-${method}`);
      expect(refused || arrays.some((name) => name.startsWith(`${method}-`)), method).toBe(true);
    }
    expect(
      run("analyse", "scan.hspy", "--recipe", "all/recipe.json", "--out", "again", "--threads", "1", "--quiet").code,
    ).toBe(0);
    const { ica } = JSON.parse(bytes("again/recipe.json").toString());
    expect(ica).toEqual({ of: "maps", algorithm: "deflation", contrast: "exp", differences: true });
    for (const name of arrays) expect(bytes(`again/${name}`).equals(bytes(`all/${name}`)), name).toBe(true);
  });

  it("keeps what is fixed, from files over the detector and over the scan", { timeout: 120_000 }, () => {
    const fixed = ["--fixed", "scan-truth-patterns.npy", "--methods", "nmf,nmf-poisson", "--no-align", "--quiet"];
    expect(run("analyse", "scan.hspy", ...fixed, "--components", "4", "--out", "fixed").code).toBe(0);
    const known = values("scan-truth-patterns.npy");
    for (const name of ["nmf", "nmf-poisson"]) {
      expect(values(`fixed/${name}-factors.npy`).slice(0, known.length)).toEqual(known);
    }
    expect(run("analyse", "scan.hspy", "--recipe", "fixed/recipe.json", "--out", "refixed", "--quiet").code).toBe(0);
    expect(values("refixed/nmf-loadings.npy")).toEqual(values("fixed/nmf-loadings.npy"));
    const wrong = run("analyse", "scan.hspy", "--fixed", "all/scan.npy", "--out", "none");
    expect([wrong.code, existsSync(at("none"))]).toEqual([1, false]);
    const few = run("analyse", "scan.hspy", ...fixed, "--components", "1", "--out", "few");
    expect(few).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("expected at most 1 fixed patterns and maps"),
    });
  });

  it("is told what it may be", () => {
    const { code, stderr } = run("analyse", "scan.hspy", "--methods", "nmf,nmfx");
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('nmf-volume,spa,vca,n-findr,k-means,possibilistic,high-contrast,noise, found "nmfx"'),
    ]);
  });
});
