import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { extname, join, posix } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { analyse } from "../../src/analyse/analyse.ts";
import { defaultRecipe } from "../../src/analyse/default-recipe.ts";
import { recipeFor } from "../../src/analyse/recipe-for.ts";
import type { OpenOptions } from "../../src/formats/format.ts";
import { openScan } from "../../src/node/open-scan.ts";
import { sha256 } from "../../src/node/sha256.ts";
import { onThreads } from "../../src/node/threads.ts";
import { writeScan } from "../../src/node/write-scan.ts";
import { resultFiles } from "../../src/results/files.ts";
import { simulateNanowire } from "../../src/simulate/nanowire.ts";
import { endmember, workFolder } from "../cli/endmember.ts";
import { root } from "../repository/imports.ts";
import type { Bare } from "./bare/main.ts";
import type { Wanted } from "./bare/reading-worker.ts";
import { buildBare } from "./build-bare.ts";
import { checksum } from "./checksum.ts";
import { startChromium } from "./chromium.ts";
import { merlin } from "./merlin.ts";
import { openPage, type Watched } from "./page.ts";
import { type StaticServer, serveFolder } from "./static-server.ts";

const folder = workFolder();
const fixtures = join(root, "test", "fixtures");
let browser: Browser;
let server: StaticServer;
let bare: Watched;
let page: Page;

beforeAll(async () => {
  server = await serveFolder(await buildBare());
  browser = await startChromium();
  bare = await openPage(browser, server.address);
  page = bare.page;
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** Gives the page files, as a file dialog does. */
const give = (files: string | string[]): Promise<void> => page.setInputFiles("#files", files);

describe("formats in a browser", () => {
  it("reads every fixture as Node does, or refuses it with the same words", async () => {
    const expected: Record<string, string> = {};
    const wanted: Wanted[] = [];
    for (const format of readdirSync(fixtures)) {
      for (const name of readdirSync(join(fixtures, format))) {
        if (name.endsWith(".json") || /^scan(_data_\d+)?\.h5$/.test(name)) continue;
        const path = join(fixtures, format, name);
        const marker = ["zarr.json", ".zgroup", ".zarray"].find((file) => existsSync(join(path, file))) ?? "";
        const one = {
          path: posix.join("fixtures", format, name, marker),
          name,
          options: optionsOf(join(fixtures, format), name),
        };
        wanted.push(one);
        try {
          const source = await openScan(path, one.options);
          expected[one.path] = await checksum(source);
          source.close();
        } catch (error) {
          expected[one.path] = String(error);
        }
      }
    }
    await page.setInputFiles("#folder", fixtures);
    const found = await page.evaluate((asked) => {
      const { read } = window as unknown as Bare;
      return read([...document.querySelector<HTMLInputElement>("#folder")!.files!], asked);
    }, wanted);
    expect(wanted.length).toBeGreaterThan(200);
    expect(
      wanted
        .filter(({ path }) => found[path] !== expected[path])
        .map(({ path }) => [path, found[path], expected[path]]),
    ).toEqual([]);
  });
});

/** What the fixture's writer says is needed to open it. */
function optionsOf(within: string, name: string): OpenOptions {
  for (const facts of [`${name}.json`, `${name.slice(0, -extname(name).length)}.json`]) {
    if (statSync(join(within, facts), { throwIfNoEntry: false })) {
      return (JSON.parse(readFileSync(join(within, facts), "utf8")) as { options?: OpenOptions }).options ?? {};
    }
  }
  return {};
}

describe("a session", () => {
  beforeAll(async () => {
    const weak = { positions: [9, 11], pixels: [40, 48], seed: 3 } as const;
    await writeScan(
      simulateNanowire({ ...weak, pixels: [44, 44], dtype: "u8", dose: 4000 }).source,
      join(folder, "wire.blo"),
    );
    await writeScan(simulateNanowire(weak).source, join(folder, "wire.hspy"));
    await writeScan(simulateNanowire(weak).source, join(folder, "wire.zspy"));
    const { file, header } = await merlin(simulateNanowire(weak).source);
    writeFileSync(join(folder, "wire.mib"), file);
    writeFileSync(join(folder, "wire.hdr"), header);
    writeFileSync(join(folder, "damaged.blo"), readFileSync(join(folder, "wire.blo")).subarray(0, 20_000));
    writeFileSync(join(folder, "letter.txt"), "Dear editor,");
  });

  it("leaves the same files as the command line, bit for bit", async () => {
    const out = join(folder, "results");
    // Every figure that is left out saves a second.
    const choices = ["--methods", "svd,fcm", "--components", "3", "--seed", "7", "--out", out, "--quiet"];
    const { code, stderr } = endmember(folder, "analyse", "wire.hspy", ...choices);
    expect([code, stderr]).toEqual([0, ""]);
    await give(join(folder, "wire.hspy"));
    const found = await page.evaluate(async () => {
      const { connect } = window as unknown as Bare;
      const session = connect();
      const files = [...document.querySelector<HTMLInputElement>("#files")!.files!];
      const { recipe } = await session.open({ from: "files", files }, {});
      // What a user sets in the window: the rest comes from the defaults.
      const stages = new Set<string>();
      const chosen = { ...recipe, methods: ["svd", "fcm"] as const, components: 3, seed: 7 };
      await session.analyse(chosen, { onProgress: (stage) => stages.add(stage) });
      const kept = await session.files();
      session.close();
      const base64 = (bytes: Uint8Array): string =>
        btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
      return { stages: [...stages], files: kept.map(({ name, bytes }) => [name, base64(bytes)] as const) };
    });
    const kept = new Map(found.files.map(([path, bytes]) => [path, Buffer.from(bytes, "base64")]));
    const written = readdirSync(out, { recursive: true, encoding: "utf8" })
      .map((path) => path.replaceAll("\\", "/"))
      .filter((path) => statSync(join(out, path)).isFile());
    expect([...kept.keys()].sort()).toEqual(written.sort());
    // Seconds and megabytes stand in these two.
    const same = written.filter((path) => !["summary.json", "report.html"].includes(path));
    expect(same.filter((path) => !kept.get(path)!.equals(readFileSync(join(out, path))))).toEqual([]);
    expect(found.stages).toEqual(expect.arrayContaining(["checksum", "align", "svd", "fcm"]));
  });

  it.each([
    ["wire.blo", ["wire.blo"]],
    ["wire.mib", ["wire.hdr", "wire.mib"]],
  ])("repeats a run on %s of Node, bit for bit", async (name, files) => {
    const source = await openScan(join(folder, name));
    const input = { file: name, ...(await sha256(join(folder, name))) };
    const recipe = recipeFor({ ...defaultRecipe, components: 3, seed: 7 }, input, {});
    const analysis = await analyse(source, (from) => onThreads(from), recipe);
    source.close();
    const arrays = (await resultFiles(analysis, { rasterise: () => new Uint8Array() })).filter(isArray);

    await give(files.map((file) => join(folder, file)));
    const found = await page.evaluate(async (text) => {
      const { connect, endmember } = window as unknown as Bare;
      const session = connect();
      const files = [...document.querySelector<HTMLInputElement>("#files")!.files!];
      await session.open({ from: "files", files }, {});
      const analysis = await session.analyse(endmember.parseRecipe(text, "recipe.json"));
      session.close();
      const { npy } = endmember;
      const { svd, ica, nmf, unmix, fcm, gk, alignment, brightField, meanPattern } = analysis;
      const stacks = {
        "shifts.npy": alignment!.shifts,
        "svd-factors.npy": svd!.factors,
        "svd-loadings.npy": svd!.loadings,
        "ica-factors.npy": ica!.factors,
        "ica-loadings.npy": ica!.loadings,
        "nmf-factors.npy": nmf!.factors,
        "nmf-loadings.npy": nmf!.loadings,
        "unmix-factors.npy": unmix!.factors,
        "unmix-loadings.npy": unmix!.loadings,
        "fcm-centres.npy": fcm!.centres,
        "fcm-memberships.npy": fcm!.memberships,
        "fcm-barycentric.npy": fcm!.barycentric.maps,
        "gk-centres.npy": gk!.centres,
        "gk-memberships.npy": gk!.memberships,
        "gk-barycentric.npy": gk!.barycentric.maps,
      };
      const bytes = new Map([
        ["bright-field.npy", npy(brightField.values, [...brightField.size])],
        ["mean-pattern.npy", npy(meanPattern.values, [...meanPattern.size])],
        ...Object.entries(stacks).map(
          ([file, { values, count, size }]) => [file, npy(values, [count, ...size])] as const,
        ),
      ]);
      const base64 = (values: Uint8Array): string =>
        btoa(Array.from(values, (byte) => String.fromCharCode(byte)).join(""));
      return { recipe: analysis.recipe, arrays: [...bytes].map(([file, values]) => [file, base64(values)] as const) };
    }, JSON.stringify(recipe));
    expect(found.recipe).toEqual(recipe);
    const theirs = new Map(found.arrays.map(([file, bytes]) => [file, Buffer.from(bytes, "base64")]));
    expect([...theirs.keys()].sort()).toEqual(arrays.map((file) => file.name).sort());
    expect(arrays.filter((file) => !theirs.get(file.name)!.equals(file.bytes)).map((file) => file.name)).toEqual([]);
  });

  it("opens a dropped folder", async () => {
    await page.setInputFiles("#folder", join(folder, "wire.zspy"));
    const found = await page.evaluate(async () => {
      const { connect } = window as unknown as Bare;
      const session = connect();
      const files = [...document.querySelector<HTMLInputElement>("#folder")!.files!];
      const { name, positions, recipe } = await session.open({ from: "files", files }, {});
      const { recipe: done } = await session.analyse({ ...recipe, methods: ["svd"] });
      session.close();
      return { name, positions, input: done.input };
    });
    expect(found).toEqual({
      name: "wire.zspy",
      positions: [9, 11],
      input: { file: "wire.zspy", ...(await sha256(join(folder, "wire.zspy"))) },
    });
  });

  it.each([
    ["damaged.blo", "FormatError", /truncated|expected .* bytes/],
    ["letter.txt", "FormatError", /expected one of/],
  ])("says what is wrong with %s, and opens another afterwards", async (name, kind, words) => {
    await give([join(folder, name), join(folder, "wire.blo")]);
    const found = await page.evaluate(async () => {
      const { connect } = window as unknown as Bare;
      const session = connect();
      const [wrong, right] = document.querySelector<HTMLInputElement>("#files")!.files!;
      const error = await session.open({ from: "files", files: [wrong!] }, {}).catch((reason: Error) => reason);
      const { name: opened } = await session.open({ from: "files", files: [right!] }, {});
      session.close();
      return { kind: (error as Error).name, message: (error as Error).message, opened };
    });
    expect(found).toEqual({ kind, message: expect.stringMatching(words), opened: "wire.blo" });
  });

  it("stops when it is told to, and goes on afterwards", async () => {
    await give(join(folder, "wire.blo"));
    const found = await page.evaluate(async () => {
      const { connect } = window as unknown as Bare;
      const session = connect();
      const files = [...document.querySelector<HTMLInputElement>("#files")!.files!];
      const { recipe } = await session.open({ from: "files", files }, {});
      const controller = new AbortController();
      const stopped = await session
        .analyse(recipe, { signal: controller.signal, onProgress: (stage) => stage === "svd" && controller.abort() })
        .catch((reason: Error) => reason.name);
      const early = await session.look({ signal: AbortSignal.abort() }).catch((reason: Error) => reason.name);
      const { nmf } = await session.analyse({ ...recipe, methods: ["nmf"], components: 2 });
      const left = await session.residualAt("nmf", [4, 5]);
      const map = await session.residualMap("nmf");
      const unknown = await session.residualAt("magic", [4, 5]).catch((reason: Error) => reason.name);
      session.close();
      const after = await session.look().catch((reason: Error) => reason.name);
      return { stopped, early, components: nmf?.components, left: left.count, map: map.size, unknown, after };
    });
    expect(found).toEqual({
      stopped: "AbortError",
      early: "AbortError",
      components: 2,
      left: 3,
      map: [9, 11],
      unknown: "ShapeError",
      after: "AbortError",
    });
  });

  it("answers the newest of many calls, and drops those that it overtook", async () => {
    await give(join(folder, "wire.blo"));
    const found = await page.evaluate(async () => {
      const { connect, endmember } = window as unknown as Bare;
      const session = connect();
      const files = [...document.querySelector<HTMLInputElement>("#files")!.files!];
      const { pixels } = await session.open({ from: "files", files }, {});
      await session.look();
      const asked = Array.from({ length: 6 }, (_, i) => session.darkFields(endmember.disk(pixels, [12 + i, 20], 5)));
      const settled = await Promise.allSettled(asked);
      const alone = await session.darkFields(endmember.disk(pixels, [17, 20], 5));
      const last = settled.at(-1)!;
      const one = await session.patternAt([1, 0]);
      const region = new Float32Array(99);
      region[11] = 2;
      const mean = await session.meanOf(endmember.images([9, 11], region));
      session.close();
      return {
        outcomes: settled.map(({ status }) => status),
        sameAsPattern: mean.values.every((value, i) => value === one[i]),
        same: last.status === "fulfilled" && last.value.values.every((value, i) => value === alone.values[i]),
      };
    });
    expect(found.outcomes).toEqual(["fulfilled", "rejected", "rejected", "rejected", "rejected", "fulfilled"]);
    expect([found.same, found.sameAsPattern]).toEqual([true, true]);
  });

  it("previews other numbers of components and clusters", async () => {
    await give(join(folder, "wire.hspy"));
    const found = await page.evaluate(async () => {
      const { connect } = window as unknown as Bare;
      const session = connect();
      const files = [...document.querySelector<HTMLInputElement>("#files")!.files!];
      const { recipe } = await session.open({ from: "files", files }, {});
      const analysis = await session.analyse({ ...recipe, components: 3, clusters: 3, methods: ["svd", "nmf", "fcm"] });
      const same = await session.preview(analysis, { components: 3, clusters: 3, fuzzifier: 2 });
      const other = await session.preview(analysis, { components: 2, clusters: 4, fuzzifier: 1.5 });
      session.close();
      const off = (a: Float32Array, b: Float32Array): number =>
        a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
      return {
        memberships: off(same.fcm!.memberships.values, analysis.fcm!.memberships.values),
        loadings: off(same.nmf!.loadings.values, analysis.nmf!.loadings.values),
        other: [other.nmf?.components, other.fcm?.clusters, other.fcm?.fuzzifier],
        previews: [same, other, analysis].map((each) => "preview" in each),
      };
    });
    expect(found.memberships).toBeLessThan(1e-3);
    expect(found.loadings).toBeLessThan(0.1);
    expect(found.other).toEqual([2, 4, 1.5]);
    expect(found.previews).toEqual([true, true, false]);
  });

  it("learns with other numbers what it learns from the start with them, bit for bit, and keeps that", async () => {
    await give(join(folder, "wire.hspy"));
    const found = await page.evaluate(async () => {
      const { connect } = window as unknown as Bare;
      const session = connect();
      const files = [...document.querySelector<HTMLInputElement>("#files")!.files!];
      const { recipe } = await session.open({ from: "files", files }, {});
      const methods = ["svd", "ica", "nmf", "unmix", "fcm", "k-means"] as const;
      await session.analyse({ ...recipe, components: 3, clusters: 3, methods });
      const first = await session.residualAt("nmf", [3, 4]);
      await session.relearn({ components: 4, clusters: 3, fuzzifier: 2, ahead: true });
      const relearnt = await session.relearn({ components: 2, clusters: 4, fuzzifier: 1.5 });
      const residual = await session.residualAt("nmf", [3, 4]);
      // What is asked for before other numbers are there waits for them; the run's own are there.
      void session.relearn({ components: 3, clusters: 3, fuzzifier: 2 });
      const back = await session.residualAt("nmf", [3, 4]);
      const whole = await session.analyse({ ...recipe, components: 2, clusters: 4, fuzzifier: 1.5, methods });
      const again = await session.residualAt("nmf", [3, 4]);
      session.close();
      const text = (value: unknown): string =>
        JSON.stringify(value, (_, inner) => (ArrayBuffer.isView(inner) ? Array.from(inner as Float32Array) : inner));
      const { seconds: _, ...one } = relearnt;
      const { seconds: _seconds, ...other } = whole;
      const parts = Object.keys({ ...one, ...other }) as (keyof typeof one)[];
      return {
        parts,
        different: parts.filter((part) => text(one[part]) !== text(other[part])),
        residuals: [text(residual), text(again)],
        firsts: [text(first), text(back)],
      };
    });
    expect(found.different).toEqual([]);
    expect(found.parts).toEqual(
      expect.arrayContaining(["recipe", "ica", "nmf", "unmix", "fcm", "clusterings", "warnings"]),
    );
    expect(found.residuals[0]).toBe(found.residuals[1]);
    expect(found.firsts[0]).toBe(found.firsts[1]);
    expect(found.firsts[0]).not.toBe(found.residuals[0]);
  });
});

const isArray = ({ name }: { readonly name: string }): boolean => name.endsWith(".npy");

afterAll(() => {
  expect(bare.errors).toEqual([]);
  expect(bare.strangers).toEqual([]);
});
