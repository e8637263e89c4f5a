// node scripts/formats-table.mjs [--check]: writes the table at the top of docs/formats.md from what the code says, from what
// the fixtures show when they are opened and damaged, and from the genuine files that the tests name. With --check it only looks.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { corpusOf, fixtureFormats, random, readAll, readIntact } from "./fixtures.mjs";
import { root } from "./step.mjs";

const page = join(root, "docs", "formats.md");
const [begin, end] = ["<!-- made by scripts/formats-table.mjs -->", "<!-- end of the table -->"];
const library = await import(new URL("../dist/src/index.js", import.meta.url));

/** Packings that are unpacked, as the sections of the page say in full. */
const packings = {
  npz: "deflate",
  hdf5: "gzip, szip, LZF, LZ4, Blosc, Blosc2, bitshuffle, Zstandard, ZFP",
  tiff: "deflate, LZW, PackBits",
  zarr: "gzip, zlib, Zstandard, LZ4, Blosc",
};
/** Folders of genuine files, and what sources call themselves: the format they are of. */
const formatOf = {
  hspy: "hdf5",
  fpd_hdf5: "hdf5",
  emd_py4dstem: "hdf5",
  emd_berkeley: "hdf5",
  emd_velox: "hdf5",
  nexus: "hdf5",
  arina: "hdf5",
  app5: "hdf5",
  ser_emi: "ser",
  tif: "tiff",
  prz: "npz",
  zspy: "zarr",
};

/** How many different genuine files the tests name. */
function genuineFiles() {
  const kinds = [...Object.keys(formatOf), ...library.formats.map(({ name }) => name)];
  const named = new RegExp(`"(?:real/)?((${kinds.join("|")})/[^"]+)"`, "g");
  const folder = join(root, "test", "formats");
  const texts = readdirSync(folder).filter((name) => name.startsWith("real"));
  const found = texts.flatMap((name) => [...readFileSync(join(folder, name), "utf8").matchAll(named)]);
  const counts = {};
  for (const file of new Set(found.map(([, path]) => path))) {
    const kind = file.split("/")[0];
    const format = formatOf[kind] ?? kind;
    counts[format] = (counts[format] ?? 0) + 1;
  }
  return counts;
}

const flips = 24;
const nothingSeen = { fixtures: 0, said: 0, asked: 0, scan: 0, detector: 0, noticed: 0, changed: 0 };

/** Opens every fixture, and changes single bytes of those that only patterns are read from. */
async function observed() {
  const seen = {};
  for (const folder of fixtureFormats()) {
    const { files, entries } = corpusOf(folder);
    for (const [number, entry] of entries.entries()) {
      const intact = await readIntact(library, files, entry);
      const { positions, pixels } = JSON.parse(intact.shape).axes;
      const format = formatOf[intact.format] ?? intact.format;
      seen[format] ??= { ...nothingSeen };
      const facts = seen[format];
      facts.fixtures++;
      facts[entry.options.shape ? "asked" : "said"]++;
      facts.scan += positions.some(({ unit }) => unit !== "px");
      facts.detector += pixels.some(({ unit }) => unit !== "px");
      const next = random(number + 1);
      // An archive may be read as a whole when it is opened.
      const later = intact.ranges.slice(intact.opening.length).filter(({ from, to }) => to > from);
      const places = later.length > 0 ? later : intact.ranges.filter(({ from, to }) => to - from >= 256);
      for (let flip = 0; flip < flips; flip++) {
        const { file, from, to } = places[Math.floor(next() * places.length)];
        const at = Math.min(from + Math.floor(next() * (to - from)), files.get(file).length - 1);
        const copy = files.get(file).slice();
        copy[at] ^= 1 + Math.floor(255 * next());
        facts.changed++;
        facts.noticed += await readAll(library, new Map(files).set(file, copy), entry).then(
          () => 0,
          () => 1,
        );
      }
    }
  }
  return seen;
}

const share = ({ noticed, changed }) => {
  const part = noticed / changed;
  if (part === 1) return "always";
  return part > 0.5 ? "mostly" : part > 0.02 ? "sometimes" : "no";
};
const both = (first, second) => [first, second].filter(Boolean).join(", ");

function table(seen) {
  const genuine = genuineFiles();
  const rows = library.formats.map((format) => {
    const { name, describes, extension, write } = format;
    const facts = seen[name];
    if (facts === undefined) throw new Error(`${name}: expected fixtures in test/fixtures, found none`);
    const written = name === "zarr" ? ".zspy, .zarr" : write ? extension : "";
    return [
      describes,
      written,
      both(facts.said && "the file", facts.asked && "`--shape`"),
      both(facts.scan && "scan", facts.detector && "detector") || "none",
      packings[name] ?? "",
      share(facts),
      facts.fixtures,
      genuine[name] ?? 0,
    ];
  });
  const raw = ["any other file of plain numbers", "", "`--raw`", "none", "", "no", "", ""];
  const head = [
    "read",
    "written",
    "scan size from",
    "calibration of",
    "unpacked",
    "a changed byte among the patterns is noticed",
    "fixtures",
    "genuine files",
  ];
  return [head, head.map(() => "---"), ...rows, raw].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

const text = readFileSync(page, "utf8");
const [before, after] = [text.indexOf(begin), text.indexOf(end)];
if (before < 0 || after < before) throw new Error(`${page}: expected the marks ${begin} and ${end}`);
const made = `${text.slice(0, before + begin.length)}\n\n${table(await observed())}\n\n${text.slice(after)}`;
if (process.argv.includes("--check")) {
  if (made !== text) {
    process.stderr.write(
      "docs/formats.md: its table is not what the code and the tests say; run node scripts/formats-table.mjs\n",
    );
    process.exit(1);
  }
} else writeFileSync(page, made);
