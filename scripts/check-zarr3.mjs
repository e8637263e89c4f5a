// Reads what `endmember convert` writes as Zarr 3 with zarrita, a reader by others, and compares every number; reads the fixtures of
// Zarr 3 too. zarrita is no dependency of this project:
//   npm install --prefix FOLDER zarrita@0.7.5 && node scripts/check-zarr3.mjs FOLDER
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { node, root } from "./step.mjs";

const package_ = join(resolve(process.argv[2] ?? "."), "node_modules", "zarrita");
const { main, exports } = JSON.parse(readFileSync(join(package_, "package.json"), "utf8"));
const zarr = await import(pathToFileURL(join(package_, exports?.["."]?.import ?? main)));
const library = await import(new URL("../dist/src/node.js", import.meta.url));
const { bytesPer } = await import(new URL("../dist/src/index.js", import.meta.url));

/** A store of zarrita: a folder. */
function folder(path) {
  const get = async (key) => (existsSync(join(path, key)) ? new Uint8Array(readFileSync(join(path, key))) : undefined);
  const part = (bytes, { offset, length, suffixLength }) =>
    suffixLength === undefined ? bytes.slice(offset, offset + length) : bytes.slice(-suffixLength);
  const getRange = async (key, range) => {
    const bytes = await get(key);
    return bytes && part(bytes, range);
  };
  return { get, getRange };
}

async function compare(name, path, dataset, options = {}) {
  const source = await library.openScan(path, options);
  const sizes = [...source.positions, ...source.pixels];
  const own = new Uint8Array(sizes.reduce((product, size) => product * size, bytesPer[source.dtype]));
  await source.read(0, source.positions[0] * source.positions[1], own);
  const location = zarr.root(folder(path));
  const array = await zarr.open.v3(dataset === "" ? location : location.resolve(dataset), { kind: "array" });
  const { data, shape, stride } = await zarr.get(array);
  // Row by row: zarrita leaves transposed chunks as they are, and says so by its strides.
  const inOrder = data.slice();
  for (const index of inOrder.keys()) {
    let [left, at] = [index, 0];
    for (let axis = shape.length - 1; axis >= 0; left = Math.floor(left / shape[axis]), axis--) {
      at += (left % shape[axis]) * stride[axis];
    }
    inOrder[index] = data[at];
  }
  const theirs = new Uint8Array(inOrder.buffer, inOrder.byteOffset, inOrder.byteLength);
  const same = shape.join() === sizes.join() && Buffer.compare(theirs, own) === 0;
  process.stdout.write(`${same ? "equal" : "DIFFERENT"}: ${name}, ${source.dtype}, ${shape.join("×")}\n`);
  if (!same) process.exitCode = 1;
  source.close();
}

const work = mkdtempSync(join(tmpdir(), "endmember-zarr-"));
try {
  const command = join(root, "dist", "cli", "endmember.js");
  for (const [dtype, width] of Object.entries(bytesPer)) {
    const bytes = Uint8Array.from(
      { length: 3 * 70 * 5 * 6 * width },
      (_, i) => (Math.imul(i + 1, 2654435761) >>> 24) % 127,
    );
    writeFileSync(join(work, "scan.raw"), bytes);
    const out = join(work, `${dtype}.zarr`);
    node(`convert ${dtype}`, command, "convert", join(work, "scan.raw"), out, "--raw", `${dtype}:3x70x5x6`, "--quiet");
    await compare(`written ${dtype}.zarr`, out, "Experiments/scan.raw/data");
  }
  const fixtures = join(root, "test", "fixtures", "zarr");
  for (const file of readdirSync(fixtures)) {
    // zarrita 0.7.5 looks for the index of shards at their end only.
    if (!/^v3-.*\.zarr$/.test(file) || file === "v3-sharded-start.zarr") continue;
    const marked = JSON.parse(readFileSync(join(fixtures, file, "zarr.json"), "utf8"));
    const { options } = JSON.parse(readFileSync(join(fixtures, file.replace(".zarr", ".json")), "utf8"));
    const dataset = marked.node_type === "array" ? "" : (options?.dataset ?? "data");
    await compare(`fixture ${file}`, join(fixtures, file), dataset, options);
  }
} finally {
  rmSync(work, { recursive: true });
}
