import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { endmember, started, workFolder } from "./endmember.ts";

const folder = workFolder();
const run = (...args: string[]) => endmember(folder, ...args);
const at = (...path: string[]): string => join(folder, ...path);
const hidden = (): string[] => readdirSync(folder).filter((name) => name.startsWith("."));

/** Shape and values of a float32 .npy file. */
function array(...path: string[]): { shape: number[]; values: Float32Array } {
  const bytes = readFileSync(at(...path));
  const length = bytes.readUInt16LE(8);
  const shape = /'shape': \(([^)]*)\)/.exec(bytes.toString("latin1", 10, 10 + length))![1];
  return {
    shape: shape
      .split(",")
      .filter((part) => part.trim() !== "")
      .map(Number),
    values: new Float32Array(bytes.buffer.slice(bytes.byteOffset + 10 + length, bytes.byteOffset + bytes.length)),
  };
}

beforeAll(() => {
  const made = run(
    "simulate",
    "nanowire",
    "--positions",
    "18x20",
    "--pixels",
    "44x40",
    "--dtype",
    "u8",
    "--out",
    "wire scan.hspy",
  );
  expect(made.stderr).not.toContain("endmember:");
  expect(made.code).toBe(0);
});

describe("simulate", () => {
  it("writes the scan and its truth", () => {
    expect(array("wire scan-truth-patterns.npy").shape).toEqual([4, 44, 40]);
    expect(array("wire scan-truth-abundances.npy").shape).toEqual([4, 18, 20]);
    expect(array("wire scan-truth-shifts.npy").shape).toEqual([2, 18, 20]);
  });

  it("is the same for the same seed, and replaces nothing unasked", () => {
    const again = [
      "simulate",
      "nanowire",
      "--positions",
      "18x20",
      "--pixels",
      "44x40",
      "--dtype",
      "u8",
      "--quiet",
      "--out",
    ];
    expect(run(...again, "again.hspy").code).toBe(0);
    expect(array("again-truth-shifts.npy")).toEqual(array("wire scan-truth-shifts.npy"));
    expect(run(...again, "again.hspy")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--force replaces it"),
    });
    expect(run(...again, "again.hspy", "--force").code).toBe(0);
    expect(hidden()).toEqual([]);
  });
});

describe("info", () => {
  it("shows shape, type, calibration and memory", () => {
    const { code, stdout } = run("info", "wire scan.hspy");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^scan +18 × 20 positions, step 10 nm$/m);
    expect(stdout).toMatch(/^patterns +44 × 40 px of u8/m);
    expect(stdout).toMatch(/^memory +analyse takes about \d+ MiB/m);
  });

  it("prints the same as JSON", () => {
    const found = JSON.parse(run("info", "--json", "wire scan.hspy").stdout);
    expect(found).toMatchObject({ format: "hdf5", positions: [18, 20], pixels: [44, 40], dtype: "u8" });
    expect(found.axes.positions[0]).toMatchObject({ step: 10, unit: "nm" });
    expect(found.memory.scan).toBe(18 * 20 * 44 * 40);
  });
});

describe("image", () => {
  it("writes the bright-field image when no aperture is given", () => {
    const { code, stdout } = run("image", "wire scan.hspy");
    expect(code).toBe(0);
    expect(stdout).toContain("wire scan-bright-field.png");
    expect(readFileSync(at("wire scan-bright-field.png")).subarray(1, 4).toString()).toBe("PNG");
  });

  it("sums over apertures: disjoint rings add up to the disk", () => {
    const apertures = ["--disk", "21,19,8", "--disk", "21,19,3", "--annulus", "21,19,3,8"];
    expect(run("image", "wire scan.hspy", ...apertures, "--out", "three.npy").code).toBe(0);
    const { shape, values } = array("three.npy");
    expect(shape).toEqual([3, 18, 20]);
    for (let i = 0; i < 360; i++) expect(values[360 + i] + values[720 + i]).toBe(values[i]);
  });

  it("writes several PNG, one SVG, one TIFF", () => {
    const apertures = ["--disk", "21,19,8", "--polygon", "0,0,0,9,9,9", "--reflections", "4,5,2;30,31,2"];
    expect(JSON.parse(run("image", "wire scan.hspy", ...apertures, "--out", "p.png", "--json").stdout).files).toEqual([
      "p-1.png",
      "p-2.png",
      "p-3.png",
    ]);
    expect(run("image", "wire scan.hspy", ...apertures, "--out", "p.svg").code).toBe(0);
    expect(readFileSync(at("p.svg"), "utf8")).toMatch(/^<svg[\s\S]*<\/svg>\s*$/);
    expect(run("image", "wire scan.hspy", ...apertures, "--out", "p.tif").code).toBe(0);
    expect(readFileSync(at("p.tif")).subarray(0, 4)).toEqual(Buffer.from("II*\0"));
  });

  it("shows mean, maximum and single patterns", () => {
    for (const [option, value] of [["--mean"], ["--max"], ["--pattern", "3,4"]]) {
      expect(run("image", "wire scan.hspy", option, ...(value ? [value] : []), "--out", `${option}.npy`).code).toBe(0);
      expect(array(`${option}.npy`).shape).toEqual([44, 40]);
    }
    const [mean, most, one] = ["--mean", "--max", "--pattern"].map((name) => array(`${name}.npy`).values);
    expect(most.every((value, i) => value >= mean[i] && value >= one[i])).toBe(true);
    expect(run("image", "wire scan.hspy", "--pattern", "18,0")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("expected a position from 0, 0 to 17, 19, found 18, 0"),
    });
  });

  it("replaces nothing unasked", () => {
    const { code, stderr } = run("image", "wire scan.hspy", "--quiet");
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^endmember: [^\n]*exists[^\n]*\n$/)]);
    expect(run("image", "wire scan.hspy", "--force").code).toBe(0);
  });
});

describe("analyse", () => {
  const expected = [
    "bright-field.npy",
    "fcm-centres.npy",
    "fcm-memberships.npy",
    "fcm-barycentric.npy",
    "figures",
    "gk-centres.npy",
    "gk-memberships.npy",
    "gk-barycentric.npy",
    "ica-factors.npy",
    "ica-loadings.npy",
    "mean-pattern.npy",
    "nmf-factors.npy",
  ];
  const rest = [
    "nmf-loadings.npy",
    "recipe.json",
    "report.html",
    "results.hspy",
    "shifts.npy",
    "summary.json",
    "svd-factors.npy",
    "svd-loadings.npy",
    "unmix-factors.npy",
    "unmix-loadings.npy",
  ];

  beforeAll(() => {
    const done = run("analyse", "wire scan.hspy", "--components", "3");
    expect(done.stderr).not.toContain("endmember:");
    expect(done.code).toBe(0);
    expect(done.stdout).toContain(join("wire scan-endmember", "report.html"));
  });

  it("leaves the files of the contract", () => {
    expect(readdirSync(at("wire scan-endmember")).sort()).toEqual([...expected, ...rest].sort());
    const summary = JSON.parse(readFileSync(at("wire scan-endmember", "summary.json"), "utf8"));
    expect(summary.scan).toMatchObject({ positions: [18, 20], dtype: "u8" });
    expect(array("wire scan-endmember", "nmf-loadings.npy").shape).toEqual([3, 18, 20]);
    expect(array("wire scan-endmember", "shifts.npy").shape).toEqual([2, 18, 20]);
  });

  it("repeats to the same bits from its recipe, on another number of threads", () => {
    const recipe = join("wire scan-endmember", "recipe.json");
    expect(
      run("analyse", "wire scan.hspy", "--recipe", recipe, "--out", "again/results", "--threads", "1", "--memory", "0")
        .code,
    ).toBe(0);
    for (const name of [...expected, ...rest].filter((file) => file.endsWith(".npy"))) {
      expect(readFileSync(at("again/results", name)).equals(readFileSync(at("wire scan-endmember", name))), name).toBe(
        true,
      );
    }
    expect(readFileSync(at("again/results/recipe.json"), "utf8")).toBe(readFileSync(at(recipe), "utf8"));
  });

  it("replaces results only with --force, and other folders never", () => {
    expect(run("analyse", "wire scan.hspy", "--quiet")).toMatchObject({
      code: 1,
      stderr: "endmember: wire scan-endmember: expected a new folder, found earlier results; --force replaces them\n",
    });
    mkdirSync(at("mine"), { recursive: true });
    writeFileSync(at("mine", "thesis.tex"), "years of work");
    const { code, stderr } = run("analyse", "wire scan.hspy", "--out", "mine", "--force");
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("found a folder with other files, which is never replaced"),
    ]);
    expect(readdirSync(at("mine"))).toEqual(["thesis.tex"]);
    expect(run("analyse", "wire scan.hspy", "--force", "--methods", "svd", "--json").code).toBe(0);
    expect(existsSync(at("wire scan-endmember", "nmf-factors.npy"))).toBe(false);
    expect(hidden()).toEqual([]);
  });

  it("analyses several scans, and goes on after a damaged one", () => {
    writeFileSync(at("broken.blo"), "no scan");
    const { code, stdout, stderr } = run(
      "analyse",
      "wire scan.hspy",
      "broken.blo",
      "again.hspy",
      "--methods",
      "svd",
      "--no-align",
      "--out",
      "all",
      "--json",
      "--quiet",
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/^endmember: broken\.blo: .*\nendmember: 1 of 3 scans could not be analysed, see above\n$/);
    expect(JSON.parse(stdout).map(({ file }: { file: string }) => file)).toEqual(["wire scan.hspy", "again.hspy"]);
    expect(readdirSync(at("all")).sort()).toEqual(["again-endmember", "wire scan-endmember"]);
  });

  it("takes masks, and keeps them in the recipe", () => {
    const header = `${"{'descr': '|u1', 'fortran_order': False, 'shape': (44, 40), }".padEnd(117)}\n`;
    const mask = Buffer.concat([
      Buffer.from("\x93NUMPY\x01\x00\x76\x00", "latin1"),
      Buffer.from(header),
      Buffer.alloc(44 * 40, 1).fill(0, 0, 400),
    ]);
    writeFileSync(at("mask.npy"), mask);
    const masked = ["analyse", "wire scan.hspy", "--methods", "svd", "--no-align"];
    expect(run(...masked, "--mask", "mask.npy", "--out", "masked").code).toBe(0);
    expect(JSON.parse(readFileSync(at("masked/recipe.json"), "utf8")).masks).toEqual({ pixels: [0, 400, 1360] });
    expect(
      array("masked/svd-factors.npy")
        .values.subarray(0, 400)
        .every((value) => value === 0),
    ).toBe(true);
    expect(run("analyse", "wire scan.hspy", "--recipe", "masked/recipe.json", "--out", "masked-again").code).toBe(0);
    expect(array("masked-again/svd-factors.npy")).toEqual(array("masked/svd-factors.npy"));
  });

  it.skipIf(process.platform === "win32")("stops at Ctrl-C and at kill, and leaves nothing", async () => {
    for (const [signal, code] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const) {
      const child = started(folder, "analyse", "wire scan.hspy", "--out", "interrupted/deep");
      await new Promise<void>((resolve) => {
        const look = setInterval(() => {
          const begun = existsSync(at("interrupted")) && readdirSync(at("interrupted")).length > 0;
          if (!begun) return;
          clearInterval(look);
          resolve();
        }, 10);
      });
      child.kill(signal);
      const ended = await child.ended;
      expect(ended.code).toBe(code);
      expect(ended.stderr).toContain(`endmember: stopped by ${signal}; nothing was written`);
      expect(existsSync(at("interrupted"))).toBe(false);
    }
  });

  it.skipIf(process.platform === "win32" || process.getuid?.() === 0)("says when a folder may not be written", () => {
    mkdirSync(at("locked"));
    chmodSync(at("locked"), 0o555);
    expect(run("analyse", "wire scan.hspy", "--out", "locked/results", "--quiet")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^endmember: locked\/results: the folder cannot be made: permission denied[^\n]*\n$/,
      ),
    });
  });

  it("says when the place for the results is a file", () => {
    expect(run("analyse", "wire scan.hspy", "--out", "wire scan.hspy/results", "--quiet")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^endmember: [^\n]*cannot be made: a part of its path is a file[^\n]*\n$/),
    });
  });
});

describe("stdout", () => {
  it("may be closed early", async () => {
    const child = started(folder, "info", "wire scan.hspy");
    child.stdout?.destroy();
    expect((await child.ended).stderr).not.toContain("EPIPE");
  });
});
