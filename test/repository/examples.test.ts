import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ScriptTarget, transpile } from "typescript";
import { afterAll, beforeAll, describe, it } from "vitest";
import { random } from "../../src/algebra/random.ts";
import * as index from "../../src/index.ts";
import * as node from "../../src/node.ts";
import { filesUnder, root, textOf } from "./imports.ts";

/**
 * Runs every `@example` of the documentation comments in src. An example sees the doors, what its own file exports, and a small
 * scan: source, scan, and what is usually made of them.
 */
interface Example {
  readonly file: string;
  readonly line: number;
  readonly code: string;
}

function examplesOf(file: string): Example[] {
  const text = textOf(file);
  return [...text.matchAll(/\/\*\*(?:(?!\*\/)[\s\S])*?@example\n((?:\s*\*(?!\/).*\n)+)/g)].map((match) => ({
    file,
    line: text.slice(0, match.index + match[0].length - match[1].length).split("\n").length,
    code: match[1].replace(/^\s*\* ?/gm, "").split(/^@/m)[0],
  }));
}

const inputOf = async (file: string) => ({ file, ...(await node.sha256(file)) });

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => Promise<void>;

describe("documentation examples", () => {
  const folder = mkdtempSync(join(tmpdir(), "endmember examples "));
  const before = process.cwd();
  let context: Record<string, unknown> = {};

  beforeAll(async () => {
    process.chdir(folder);
    mkdirSync("figures");
    // A .blo holds square 8-bit patterns only.
    const square = index.simulateNanowire({ positions: [8, 9], pixels: [40, 40], dtype: "u8", descan: 1 }).source;
    await node.writeBeside("scan.blo", (sink) => index.write(square, "scan.blo", sink));
    const { source } = index.simulateNanowire({ positions: [8, 9], pixels: [40, 36], descan: 1 });
    const scan = await index.onReference(source);
    const found = await index.svd(scan, { components: 6, seed: 1 });
    const rasterise = await node.nodeRasteriser();
    const clustered = await index.fuzzyCMeans(scan, { svd: found, clusters: 3, seed: 1 });
    const recipe = { ...index.defaultRecipe, endmember: index.version, open: {}, input: await inputOf("scan.blo") };
    const analysis = await index.analyse(source, index.onReference, recipe);
    context = {
      ...{ source, scan, found, rasterise, analysis, folder, random, join, writeFile },
      ...{ bytes: index.memoryBytes("mine.bin", new Uint8Array(64 + 12 * 60)), options: { shape: [3, 4] } },
      ...{ axes: index.uncalibratedAxes, metadata: {} },
      ...{ loadings: found.loadings, factors: found.factors, memberships: clustered.memberships },
    };
  });
  afterAll(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  });

  for (const { file, line, code } of filesUnder(["src"], /\.ts$/).flatMap(examplesOf)) {
    it(`${file}:${line}`, async () => {
      const own = (await import(/* @vite-ignore */ join(root, file))) as Record<string, unknown>;
      const names = { ...index, ...node, ...own, ...context };
      // A block of its own, so that an example may declare a name that it also sees.
      const body = transpile(`{\n${code}\n}`, { target: ScriptTarget.ES2022 });
      await new AsyncFunction(...Object.keys(names), body)(...Object.values(names));
    });
  }
});
