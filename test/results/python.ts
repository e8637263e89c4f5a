import { spawnSync } from "node:child_process";

const python = "/usr/bin/python3";

/** Whether the system's Python has a module; asked once per module. */
export function pythonHas(module: string): boolean {
  const found = spawnSync(python, ["-c", `import ${module}`], { timeout: 60_000, stdio: "ignore" }).status === 0;
  if (!found) console.warn(`skipped: ${python} with ${module} is not there to read back what was written`);
  return found;
}

/** Runs Python and gives what it printed, as JSON. */
export function pythonJson(script: string): unknown {
  const run = spawnSync(python, ["-c", script], { encoding: "utf8", timeout: 60_000 });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout.slice(run.stdout.indexOf("{")));
}
