import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

export const command = resolve(dirname(fileURLToPath(import.meta.url)), "../../dist/cli/endmember.js");

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder for one test file, with a blank and letters beyond ASCII in its name; removed in the end. */
export function workFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "endmember größe 実験 "));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs the built command to its end. */
export function endmember(folder: string, ...args: readonly string[]): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], { cwd: folder, encoding: "utf8" });
  return { code: status, stdout, stderr };
}

/** Starts the built command. */
export function started(folder: string, ...args: readonly string[]): ChildProcess & { ended: Promise<Ended> } {
  const child = spawn(process.execPath, [command, ...args], { cwd: folder });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (text) => {
    stdout += text;
  });
  child.stderr.on("data", (text) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((settle) => child.on("close", (code) => settle({ code, stdout, stderr })));
  return Object.assign(child, { ended });
}
