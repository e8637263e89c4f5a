// The fixtures as files in memory, and what is read of them: for the fuzzer and for the table of formats.
import { readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, posix, sep } from "node:path";
import { root } from "./step.mjs";

const fixtures = join(root, "test", "fixtures");

/** Most bytes of patterns that are read of one file. */
export const mostRead = 32 * 2 ** 20;

/** The folders of fixtures. */
export const fixtureFormats = () => readdirSync(fixtures).sort();

/** Numbers 0 … 1, the same ones every time (mulberry32). */
export function random(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Every fixture of a format with the options that open it, and all files of the folder, among which are its companions. */
export function corpusOf(format) {
  const folder = join(fixtures, format);
  const files = new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
      .map((path) => [
        path
          .slice(folder.length + 1)
          .split(sep)
          .join("/"),
        new Uint8Array(readFileSync(path)),
      ]),
  );
  const entries = readdirSync(folder).flatMap((name) => {
    const facts = [`${name}.json`, name.replace(/\.\w+$/, ".json")].find((each) => files.has(each));
    if (facts === undefined || name.endsWith(".json")) return [];
    // A folder is opened as the file that marks it.
    const file = [name, ...["zarr.json", ".zgroup", ".zarray"].map((marker) => `${name}/${marker}`)].find((each) =>
      files.has(each),
    );
    return [{ name: file, options: JSON.parse(new TextDecoder().decode(files.get(facts))).options ?? {} }];
  });
  return { files, entries };
}

/** A folder in memory that notes what is read of it. */
function bytesIn(library, files, name, note) {
  const whole = library.memoryBytes(name, files.get(name));
  return {
    ...whole,
    read: (offset, length) => {
      note(name, offset, offset + length);
      return whole.read(offset, length);
    },
    readInto: (offset, into) => {
      note(name, offset, offset + into.length);
      whole.readInto(offset, into);
    },
    sibling: (beside) => {
      const path = posix.join(posix.dirname(name), beside);
      return files.has(path) ? bytesIn(library, files, path, note) : undefined;
    },
    list: (below) => {
      const prefix = posix.join(posix.dirname(name), below, "/").replace(/^\.\//, "");
      const inside = [...files.keys()].filter((path) => path.startsWith(prefix));
      return [...new Set(inside.map((path) => path.slice(prefix.length).split("/")[0]))];
    },
  };
}

const reader = createRequire(join(root, "package.json"));
const hdf5Filter = (file) => readFile(join(dirname(reader.resolve("h5wasm-plugins")), "plugins", file));

/** Opens a scan and reads what of it fits into memory, in one go; says which bytes were looked at for opening and in all. */
export async function readAll(library, files, { name, options }, only) {
  const ranges = [];
  const note = (file, from, to) => ranges.push({ file, from, to });
  const source = await library.open(bytesIn(library, files, name, note), { hdf5Filter, ...options });
  try {
    const { format, positions, pixels, dtype, axes } = source;
    const size = pixels[0] * pixels[1] * library.bytesPer[dtype];
    const opening = ranges.slice();
    const [from, count] = only === undefined ? [0, positions[0] * positions[1]] : [only, 1];
    const all = new Uint8Array(Math.min(count, Math.floor(mostRead / size)) * size);
    if (all.length > 0) await source.read(from, all.length / size, all);
    const patterns = Array.from({ length: all.length / size }, (_, i) => all.subarray(i * size, (i + 1) * size));
    return { shape: JSON.stringify({ positions, pixels, dtype, axes }), format, opening, ranges, patterns };
  } finally {
    source.close();
  }
}

/** What an undamaged file holds, and which bytes each pattern comes from: each is read from a newly opened file. */
export async function readIntact(library, files, entry) {
  const found = await readAll(library, files, entry);
  const reads = [];
  for (const i of found.patterns.keys()) reads.push((await readAll(library, files, entry, i)).ranges);
  return { ...found, reads, touched: [...new Set(found.ranges.map(({ file }) => file))] };
}
