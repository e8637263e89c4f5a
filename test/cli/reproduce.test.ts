import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { figureNames } from "../../src/reproduce/reproduction.ts";
import { endmember, started, workFolder } from "./endmember.ts";

const folder = workFolder();
const run = (...args: string[]) => endmember(folder, ...args);
const claimsIn = (
  name: string,
): { figures: { figure: string; claims: { holds: boolean | null }[] }[]; scan?: string } =>
  JSON.parse(readFileSync(join(folder, name, "claims.json"), "utf8"));

describe("reproduce", () => {
  it("makes the figures asked for, and says how many claims hold", () => {
    const { code, stdout, stderr } = run("reproduce", "fig6", "--out", "models");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^fig6 +9 of 9 claims hold/m);
    expect(stderr).toMatch(/^fig6/m);
    expect(readdirSync(join(folder, "models")).sort()).toEqual(
      ["claims.json", "fig6-unmixed.png", "fig6-unmixed.svg", "fig6.png", "fig6.svg", "index.html"].sort(),
    );
    expect(claimsIn("models").figures.map(({ figure }) => figure)).toEqual(["fig6"]);
  });

  it("replaces nothing unasked, and only its own results", () => {
    expect(run("reproduce", "fig6", "--out", "models")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("--force replaces them"),
    });
    expect(run("reproduce", "fig6", "--quiet", "--out", "models", "--force").code).toBe(0);
  });

  it("analyses a scan of one's own, and says what it cannot tell", () => {
    const wire = ["--positions", "20x26", "--pixels", "72x72", "--boundaries", "-60,30", "--step-size", "12"];
    expect(run("simulate", "bent-nanowire", ...wire, "--quiet", "--out", "mine.blo").code).toBe(0);
    const { code, stdout } = run(
      "reproduce",
      "fig1",
      "fig2",
      "fig3",
      "fig4",
      "--scan",
      "mine.blo",
      "--out",
      "own",
      "--json",
      "--quiet",
    );
    expect(code).toBe(0);
    const { claims } = JSON.parse(stdout) as { claims: { figure: string; holds: boolean | null }[] };
    expect(new Set(claims.map(({ figure }) => figure)).size).toBe(4);
    expect(claims.filter(({ holds }) => holds === null).length).toBeGreaterThan(6);
    expect(claims.filter(({ holds }) => holds === true).length).toBeGreaterThan(6);
    expect(claimsIn("own").scan).toBe("mine.blo");
    expect(readFileSync(join(folder, "own", "index.html"), "utf8")).toContain("mine.blo");
  });

  it("knows the figures by the names that the library has, and no others", () => {
    const { stdout } = run("reproduce", "--help");
    for (const name of figureNames) expect(stdout).toContain(`"${name}"`);
    expect(run("reproduce", "fig8", "--out", "x")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Allowed choices are"),
    });
  });

  it("leaves nothing behind when interrupted", async () => {
    const child = started(folder, "reproduce", "fig5", "fig6", "--out", "half");
    await new Promise((resolve) => child.stderr!.once("data", resolve)).catch(() => {});
    child.kill("SIGINT");
    const { code, stderr } = await child.ended;
    expect([130, null]).toContain(code);
    expect(stderr).toContain("nothing was written");
    expect(existsSync(join(folder, "half"))).toBe(false);
    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
  });
});

describe("simulate", () => {
  it.each([
    [
      ["bent-nanowire", "--positions", "3x4", "--pixels", "40x44", "--counting", "4095"],
      "u16",
      ["abundances", "patterns", "shifts"],
    ],
    [["inclined-boundary", "--positions", "2x9", "--arrangement", "contained"], "f32", ["abundances", "patterns"]],
    [
      [
        "bicrystal",
        "--positions",
        "1x3",
        "--thickness",
        "5",
        "--precession",
        "0",
        "--pixels",
        "40x44",
        "--step",
        "0.07",
        "--spread",
        "1",
      ],
      "u16",
      ["abundances", "patterns"],
    ],
  ])("%j", (args, dtype, truth) => {
    const name = `${args[0]}.hspy`;
    const { code, stdout, stderr } = run("simulate", ...args, "--out", name);
    expect(stderr).not.toContain("endmember:");
    expect(code).toBe(0);
    expect(stdout).toContain(dtype);
    const described = JSON.parse(readFileSync(join(folder, `${args[0]}-truth.json`), "utf8"));
    expect(described).toMatchObject({
      model: args[0],
      scan: { file: name, dtype },
      parameters: { positions: expect.any(Array) },
    });
    expect(described.arrays.map(({ file }: { file: string }) => file).sort()).toEqual(
      truth.map((stack) => `${args[0]}-truth-${stack}.npy`),
    );
    for (const { file, shape, axes, unit } of described.arrays) {
      const bytes = readFileSync(join(folder, file));
      expect(bytes.subarray(0, 128).toString("latin1")).toContain(`(${shape.join(", ")})`);
      expect(axes[0]).toHaveLength(shape[0]);
      expect(unit).toMatch(/\w/);
    }
    // Every parameter is an option; that of the detector is several.
    const { stdout: help } = run("simulate", args[0]!, "--help");
    for (const name of Object.keys(described.parameters)) {
      const option = name === "detector" ? "counting" : name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      expect(help).toContain(`--${option} `.trimEnd());
    }
  });
});
