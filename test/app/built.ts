import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { build, mergeConfig, type UserConfig } from "vite";
import config from "../../vite.config.ts";
import { filesUnder, root } from "../repository/imports.ts";

const output = join(root, "test", "output");

/**
 * Builds with the app's settings into a folder that later tests find again, until a source changes. Several test files may build at once:
 * each does so for itself, and who is first gives the folder its name.
 */
export async function built(name: string, own: UserConfig = {}): Promise<string> {
  const sources = [...filesUnder(["src", "app", "test/app"], /./), "vite.config.ts", "package-lock.json"];
  const newest = Math.max(...sources.map((file) => statSync(join(root, file)).mtimeMs));
  const folder = join(output, `${name}-${Math.round(newest)}`);
  if (existsSync(folder)) return folder;
  mkdirSync(output, { recursive: true });
  const outDir = join(output, `building-${name}-${process.pid}`);
  const common: UserConfig = { logLevel: "warn", build: { outDir, emptyOutDir: true } };
  // Under a test runner, React would be built as for development.
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = "production";
  await build(mergeConfig(mergeConfig(config, { configFile: false, ...common }), own)).finally(() => {
    process.env.NODE_ENV = before;
  });
  if (existsSync(folder)) rmSync(outDir, { recursive: true });
  else renameSync(outDir, folder);
  for (const old of readdirSync(output)) {
    const made = new RegExp(`^${name}-(\\d+)$`).exec(old)?.[1];
    // Others may still be served from the one before.
    if (made !== undefined && Number(made) < newest - 600_000)
      rmSync(join(output, old), { recursive: true, force: true });
  }
  return folder;
}
