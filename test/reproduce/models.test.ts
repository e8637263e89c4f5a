import { beforeAll, describe, expect, it } from "vitest";
import { onReference } from "../../src/engines/reference.ts";
import { reproduce } from "../../src/reproduce/reproduce.ts";
import type { Reproduction } from "../../src/reproduce/reproduction.ts";
import { reproductionFiles } from "../../src/reproduce/reproduction-files.ts";

/** The model figures in full: what the paper claims of them must go on to hold. */
describe("Figs 5 and 6", () => {
  let made: Reproduction[] = [];
  const stages: string[] = [];
  beforeAll(async () => {
    made = await reproduce(["fig6", "fig5"], {
      scanOf: onReference,
      seed: 1,
      onProgress: (stage, fraction) => {
        stages.push(stage);
        expect(fraction).toBeLessThanOrEqual(1);
      },
    });
  });

  it("come in the paper's order, with progress", () => {
    expect(made.map(({ name }) => name)).toEqual(["fig5", "fig6"]);
    expect(stages.some((stage) => stage.startsWith("fig6"))).toBe(true);
  });

  it("all claims hold", () => {
    const claims = made.flatMap((figure) => figure.claims);
    expect(claims.length).toBeGreaterThanOrEqual(16);
    expect(claims.filter(({ holds }) => holds !== true)).toEqual([]);
  });

  it("are drawn, captioned and listed with their parameters", () => {
    for (const { figure, unmixed, parameters, about } of made) {
      expect(figure.svg).toMatch(/^<svg[\s\S]*<\/svg>$/);
      expect(unmixed?.svg).toMatch(/^<svg/);
      expect(figure.caption.length).toBeGreaterThan(80);
      expect(about.join("").length).toBeGreaterThan(80);
      expect(parameters.length).toBeGreaterThan(4);
    }
  });

  it("leave a page, claims.json and every drawing twice", async () => {
    const files = await reproductionFiles(made, { rasterise: () => Uint8Array.of(1), version: "1.2.3" });
    expect(files.map(({ name }) => name)).toEqual([
      "index.html",
      "claims.json",
      ...["fig5", "fig5-unmixed", "fig6", "fig6-unmixed"].flatMap((name) => [`${name}.svg`, `${name}.png`]),
    ]);
    const text = (name: string): string => new TextDecoder().decode(files.find((file) => file.name === name)!.bytes);
    const claims = JSON.parse(text("claims.json")) as { figures: { figure: string; claims: { holds: boolean }[] }[] };
    expect(claims.figures[0]).toMatchObject({ figure: "fig5", claims: { length: made[0]!.claims.length } });
    const page = text("index.html");
    // Self-contained: nothing is fetched.
    expect(page).not.toMatch(/(src|href)="https?:(?!\/\/doi\.org)/);
    expect(page).toContain(`${made[0]!.claims.length} of ${made[0]!.claims.length}`);
    for (const { title } of made) expect(page).toContain(title);
  });

  it("stops when told to", async () => {
    const stopped = AbortSignal.abort(new Error("enough"));
    await expect(reproduce(["fig5"], { scanOf: onReference, seed: 1, signal: stopped })).rejects.toThrow("enough");
  });
});
