import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { root } from "../repository/imports.ts";

/**
 * A headless Chromium: that of $CHROMIUM_PATH, else the one from npm, unpacked once into node_modules/.cache, else the system's.
 * The one from npm comes before the system's, so that tests see the same browser everywhere.
 */
export async function startChromium(): Promise<Browser> {
  const failures: string[] = [];
  for (const find of [fromEnvironment, fromNpm, fromSystem]) {
    try {
      const executablePath = await find();
      if (executablePath === undefined) continue;
      return await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    } catch (error) {
      failures.push(error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error));
    }
  }
  throw new Error(`no Chromium starts here; set CHROMIUM_PATH to one (${failures.join("; ")})`);
}

const fromEnvironment = (): string | undefined => process.env.CHROMIUM_PATH;

const fromSystem = (): string | undefined =>
  [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
  ].find((path) => existsSync(path));

/** The package is for Linux on x64. It unpacks itself into the folder for temporary files, which here is one that stays. */
async function fromNpm(): Promise<string | undefined> {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  const folder = join(root, "node_modules", ".cache", "chromium");
  mkdirSync(folder, { recursive: true });
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  try {
    const { default: packaged } = await import("@sparticuz/chromium");
    return await packaged.executablePath();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}
