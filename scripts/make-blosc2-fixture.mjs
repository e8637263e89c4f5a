// Writes test/fixtures/hdf5-kinds/blosc2.h5, with the HDF5 library and its Blosc2 filter as h5wasm and h5wasm-plugins carry them: no
// other writer of such chunks is in Debian. Run once, after make-array-fixtures.py; the file is kept in the repository. Usage: node scripts/make-blosc2-fixture.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import * as hdf5 from "h5wasm";
import { root } from "./step.mjs";

const shape = [3, 4, 5, 6];
const data = Uint16Array.from({ length: 360 }, (_, index) => ((index * 37) % 251) * 130);
const module = await hdf5.ready;
module.activate_throwing_error_handler();
module.FS.mkdirTree("/plugins");
module.insert_plugin_search_path("/plugins", 0);
const plugin = createRequire(import.meta.url).resolve("h5wasm-plugins/plugins/libH5Zblosc2.so");
module.FS.writeFile("/plugins/libH5Zblosc2.so", readFileSync(plugin));

const file = new hdf5.File("/blosc2.h5", "w");
// Level 5, bit shuffle, Zstandard.
const compression_opts = [0, 0, 0, 0, 5, 2, 5];
file.create_dataset({
  name: "data",
  data,
  shape,
  dtype: "<H",
  chunks: [1, 2, 5, 6],
  compression: 32026,
  compression_opts,
});
file.close();

const at = ([row, column, y, x]) => data[((row * 4 + column) * 5 + y) * 6 + x];
const places = [
  [0, 0, 0, 0],
  [0, 1, 2, 3],
  [2, 0, 1, 5],
  [2, 3, 4, 4],
];
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const facts = { shape, sum: sum(data), firstSum: sum(data.subarray(0, 30)), values: places.map((p) => [...p, at(p)]) };
const out = join(root, "test", "fixtures", "hdf5-kinds");
writeFileSync(join(out, "blosc2.h5"), module.FS.readFile("/blosc2.h5"));
writeFileSync(join(out, "blosc2.json"), `${JSON.stringify(facts)}\n`);
