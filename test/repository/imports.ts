import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** Every file of these folders whose name matches, as paths from the root with forward slashes. */
export function filesUnder(folders: readonly string[], name: RegExp): string[] {
  return folders
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) =>
      relative(root, join(entry.parentPath ?? entry.path, entry.name))
        .split(sep)
        .join("/"),
    )
    .filter((file) => !file.includes("node_modules/") && !file.startsWith("dist/"))
    .sort();
}

export const textOf = (file: string): string => readFileSync(join(root, file), "utf8");

export interface Import {
  readonly file: string;
  /** What is imported: a path from the root for relative imports, the package or node: module otherwise. */
  readonly target: string;
  readonly typesOnly: boolean;
}

/** The import and re-export lines of a TypeScript file, dynamic imports included. */
export function importsOf(file: string): Import[] {
  const text = textOf(file).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  const found: Import[] = [];
  const clause = /^(?:import|export)\s+(type\s)?[\w\s{},*$]+?\sfrom\s+"([^"]+)"|^import\s+()"([^"]+)"/gm;
  for (const [, type, from, , alone] of text.matchAll(clause)) {
    found.push({ file, target: resolved(file, from ?? alone), typesOnly: type !== undefined });
  }
  for (const [, specifier] of text.matchAll(/\bimport\(\s*"([^"]+)"\s*\)/g)) {
    found.push({ file, target: resolved(file, specifier), typesOnly: false });
  }
  return found;
}

const resolved = (file: string, specifier: string): string =>
  specifier.startsWith(".")
    ? relative(root, resolve(root, dirname(file), specifier))
        .split(sep)
        .join("/")
    : specifier;
