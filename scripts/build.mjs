// kernels/*.as.ts → src/kernels/kernels.wasm.ts (as base64), then src and cli → dist, then app → dist/app. What is up to date is skipped.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { install, node, program, root } from "./step.mjs";

const thisFile = fileURLToPath(import.meta.url);
const kernelsModule = join(root, "src", "kernels", "kernels.wasm.ts");
const dist = join(root, "dist");
const stamp = join(dist, ".built");

export function build() {
  buildKernels();
  buildLibrary();
}

/** The app, as static files. Tests build it for themselves. */
export function buildApp() {
  const page = join(dist, "app", "index.html");
  const sources = [...filesOf("app"), ...filesOf("src"), join(root, "vite.config.ts"), join(root, "package-lock.json")];
  if (newer(sources, page) === undefined) return;
  node("app", program("vite", "vite"), "build", "--logLevel", "warn");
}

/** Each kernels/name.as.ts becomes the constant `nameWasm`. */
function buildKernels() {
  const sources = filesOf("kernels").filter((file) => file.endsWith(".as.ts"));
  if (newer([...sources, thisFile], kernelsModule) === undefined) return;
  const folder = mkdtempSync(join(tmpdir(), "endmember-kernels-"));
  try {
    const lines = sources.sort().map((source) => {
      const name = source.split(/[\\/]/).at(-1).replace(".as.ts", "");
      const wasm = join(folder, `${name}.wasm`);
      node(`kernels/${name}.as.ts`, program("assemblyscript", "asc"), source, "--outFile", wasm, ...kernelFlags);
      const constant = name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
      return `export const ${constant}Wasm =\n  "${readFileSync(wasm).toString("base64")}";\n`;
    });
    writeFileSync(
      kernelsModule,
      `// Made by scripts/build.mjs from kernels/*.as.ts; not edited by hand.\n${lines.join("")}`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const kernelFlags = [
  "-O3",
  "--noAssert",
  "--runtime=stub",
  "--importMemory",
  "--initialMemory=16",
  "--maximumMemory=65536",
  "--enable=simd",
];

function buildLibrary() {
  const sources = [...filesOf("src"), ...filesOf("cli"), join(root, "tsconfig.json"), join(root, "package-lock.json")];
  if (newer(sources, stamp) === undefined) return;
  const began = Date.now();
  node("compile", program("@typescript/native", "tsc"), "-p", join(root, "tsconfig.json"));
  removeOrphans();
  const command = join(dist, "cli", "endmember.js");
  if (existsSync(command)) chmodSync(command, 0o755);
  mkdirSync(dist, { recursive: true });
  writeFileSync(stamp, "");
  process.stderr.write(`built in ${((Date.now() - began) / 1000).toFixed(1)} s\n`);
}

/** What an earlier build made of a source that is gone would otherwise still be found. */
function removeOrphans() {
  for (const file of filesOf("dist").filter((name) => !name.startsWith(join(dist, "app")))) {
    const source = file.replace(dist, root).replace(/(\.d\.ts|\.js)(\.map)?$/, ".ts");
    if (source.endsWith(".ts") && !existsSync(source)) rmSync(file);
  }
}

/** Every file under a folder of the repository. */
function filesOf(folder) {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** The first of the files that is newer than `product`, if any is. */
function newer(files, product) {
  if (!existsSync(product)) return files[0];
  const made = statSync(product).mtimeMs;
  return files.find((file) => statSync(file).mtimeMs > made);
}

if (realpathSync(process.argv[1]) === thisFile) {
  install();
  build();
  buildApp();
}
