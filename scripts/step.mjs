// Runs one step of a script in a process of its own. Needs nothing but Node, so that it works on a fresh checkout.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a Node program to its end and leaves with its exit code if it fails. */
export function node(what, ...args) {
  run(what, process.execPath, args);
}

/** The program that a package puts on the path under `name`, as a file that Node can run on every system. */
export function program(packageName, name) {
  const folder = join(root, "node_modules", ...packageName.split("/"));
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return join(folder, typeof bin === "string" ? bin : bin[name]);
}

/** Installs what package-lock.json names, unless it is there already. */
export function install() {
  const lock = join(root, "package-lock.json");
  const installed = join(root, "node_modules", ".package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  if (existsSync(installed) && sameVersions(lock, installed)) return;
  // npm is a script, on Windows a .cmd, which only a shell starts.
  run("install", "npm", ["ci", "--no-audit", "--no-fund"], { shell: process.platform === "win32" });
}

function sameVersions(lock, installed) {
  const wanted = JSON.parse(readFileSync(lock, "utf8")).packages;
  const found = JSON.parse(readFileSync(installed, "utf8")).packages;
  // Packages for other platforms are in the lock and rightly not installed.
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === "" || optional || found[path]?.version === version,
  );
}

function run(what, command, args, options = {}) {
  const { status, signal, error } = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (status === 0) return;
  process.stderr.write(`\n${what} failed${error ? `: ${error.message}` : signal ? ` (${signal})` : ""}\n`);
  process.exit(status || 1);
}
