import { describe, expect, it } from "vitest";
import { filesUnder, type Import, importsOf, textOf } from "./imports.ts";

/**
 * Which rooms a room may import. `types` names rooms of which only types may be imported: they leave no trace at run time.
 * A room that is not listed here does not exist.
 */
const arrows: Record<string, { rooms: string[]; types?: string[]; packages?: string[]; node?: true }> = {
  kernels: { rooms: [] },
  algebra: { rooms: ["kernels"] },
  scan: { rooms: ["algebra"] },
  formats: { rooms: ["scan"], packages: ["h5wasm", "fflate", "numcodecs"] },
  engines: { rooms: ["scan", "algebra", "kernels"] },
  prepare: { rooms: ["scan", "algebra"] },
  imaging: { rooms: ["scan", "algebra"] },
  learn: { rooms: ["scan", "algebra"] },
  judge: { rooms: ["scan", "algebra"], types: ["learn"] },
  simulate: { rooms: ["scan", "algebra"] },
  figures: {
    rooms: [],
    types: ["scan", "learn", "prepare", "analyse", "imaging", "judge"],
    packages: ["d3-scale", "d3-scale-chromatic", "fast-png", "@resvg/resvg-wasm"],
  },
  results: { rooms: ["scan", "figures"], types: ["analyse", "learn", "prepare"], packages: ["h5wasm"] },
  analyse: { rooms: ["algebra", "scan", "prepare", "imaging", "learn", "judge"], packages: ["zod"] },
  reproduce: {
    rooms: ["scan", "algebra", "simulate", "prepare", "imaging", "learn", "judge", "analyse", "figures", "results"],
  },
  browser: {
    rooms: ["scan", "formats", "engines", "prepare", "simulate"],
  },
  node: {
    rooms: [
      "browser",
      "algebra",
      "scan",
      "formats",
      "engines",
      "prepare",
      "imaging",
      "learn",
      "judge",
      "simulate",
      "figures",
      "results",
      "analyse",
      "reproduce",
    ],
    packages: ["h5wasm", "h5wasm-plugins", "@resvg/resvg-wasm"],
    node: true,
  },
};

const doors = ["index", "node", "browser", "open", "imaging", "main-job"].map((name) => `src/${name}.ts`);
const packageOf = (target: string): string =>
  target
    .split("/")
    .slice(0, target.startsWith("@") ? 2 : 1)
    .join("/");
const isFile = ({ target }: Import): boolean =>
  /^(\.\.|src|cli|app|test|kernels|scripts|examples|bench|package\.json)/.test(target);

describe("rooms", () => {
  const files = filesUnder(["src"], /\.ts$/);

  it("are those that the table lists", () => {
    const rooms = new Set(files.filter((file) => file.split("/").length > 2).map((file) => file.split("/")[1]));
    expect([...rooms].filter((room) => !(room in arrows))).toEqual([]);
    expect(files.filter((file) => file.split("/").length === 2 && !doors.includes(file))).toEqual([]);
  });

  it("are not drawers", () => {
    expect(files.filter((file) => /\/(utils?|common|core|base|helpers?|types|misc)(\.ts|\/)/.test(file))).toEqual([]);
  });

  it("import only what the table allows", () => {
    const wrong: string[] = [];
    for (const file of files.filter((name) => !doors.includes(name))) {
      const room = file.split("/")[1];
      const allowed = arrows[room];
      if (!allowed) continue;
      for (const found of importsOf(file)) {
        const arrow = `${file} → ${found.target}`;
        if (isFile(found)) {
          const to = found.target.split("/")[1];
          const fine = to === room || allowed.rooms.includes(to) || (found.typesOnly && allowed.types?.includes(to));
          if (!fine || !found.target.startsWith("src/") || doors.includes(found.target)) wrong.push(arrow);
        } else if (found.target.startsWith("node:")) {
          if (!allowed.node) wrong.push(arrow);
        } else if (
          !allowed.packages?.includes(packageOf(found.target)) &&
          !(allowed.node && found.target === packageOf(found.target))
        ) {
          wrong.push(arrow);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it("are written for files of at most 300 lines", () => {
    const long = filesUnder(["src", "cli"], /\.ts$/)
      .filter((file) => file !== "src/kernels/kernels.wasm.ts")
      .map((file) => [file, textOf(file).split("\n").length - 1] as const)
      .filter(([, lines]) => lines > 300);
    expect(long).toEqual([]);
  });
});

describe("doors", () => {
  it("only export, each name by name", () => {
    for (const door of doors) {
      const code = textOf(door)
        .replace(/\/\*[\s\S]*?\*\//g, "")
        .replace(/\/\/.*$/gm, "");
      const rest = code.replace(/export\s+(type\s+)?\{[^}]*\}\s+from\s+"[^"]+";/g, "").trim();
      expect(rest, door).toBe("");
    }
  });

  it("the browser's doors reach no Node module", () => {
    const seen = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const found of importsOf(file).filter(({ typesOnly }) => !typesOnly)) {
        expect(found.target, `${file} imports`).not.toMatch(/^node:/);
        if (found.target.startsWith("src/")) visit(found.target);
      }
    };
    visit("src/index.ts");
    visit("src/browser.ts");
    visit("src/browser/worker.ts");
  });

  it("are all that the command line and the examples use", () => {
    const wrong = filesUnder(["cli", "examples", "bench", "app"], /\.(tsx?|mjs)$/)
      .flatMap(importsOf)
      .filter((found) => found.target.startsWith("src/") && !doors.includes(found.target))
      .map(({ file, target }) => `${file} → ${target}`);
    expect(wrong).toEqual([]);
  });
});
