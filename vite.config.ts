import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vite";
import { contentSecurityPolicy } from "./src/node/content-security-policy.ts";

// The app: app/ → dist/app, static files with relative addresses, for any host and any folder of it.

const root = import.meta.dirname;

/** Published code names worker files as they are after compiling; here they are still TypeScript. */
const workersOfSources: Plugin = {
  name: "workers-of-sources",
  enforce: "pre",
  transform(code, id) {
    if (!/\/src\/browser\/threads\.ts$/.test(id)) return undefined;
    return { code: code.replace('new URL("./worker.js"', 'new URL("./worker.ts"'), map: null };
  },
};

/** The HDF5 filters, under their own names: they are fetched when a file needs one. */
const hdf5Filters: Plugin = {
  name: "hdf5-filters",
  generateBundle() {
    const folder = join(root, "node_modules/h5wasm-plugins/plugins");
    for (const name of readdirSync(folder).filter((file) =>
      /^libH5Z(blosc|blosc2|bshuf|lz4|lzf|zfp|zstd)\.so$/.test(file),
    )) {
      this.emitFile({ type: "asset", fileName: `filters/${name}`, source: readFileSync(join(folder, name)) });
    }
  },
};

const policy: Plugin = {
  name: "content-security-policy",
  transformIndexHtml: {
    order: "pre",
    handler: (_html, { server }) =>
      // The development server writes scripts into the page.
      server
        ? []
        : [
            {
              tag: "meta",
              attrs: { "http-equiv": "Content-Security-Policy", content: contentSecurityPolicy },
              injectTo: "head-prepend",
            },
          ],
  },
};

/** The service worker knows every file of this build, and is a new one whenever one of them is. */
const offline: Plugin = {
  name: "offline",
  enforce: "post",
  generateBundle(_options, bundle) {
    const hash = createHash("sha256");
    const names = Object.keys(bundle)
      .filter((name) => !name.endsWith(".map"))
      .sort();
    for (const name of names) {
      const file = bundle[name]!;
      hash.update(name).update(file.type === "chunk" ? file.code : file.source);
    }
    const files = ["./", ...names.filter((name) => name !== "index.html")];
    const source = readFileSync(join(root, "app/session/service-worker.js"), "utf8")
      .replace("__VERSION__", JSON.stringify(hash.digest("hex").slice(0, 16)))
      .replace("__FILES__", JSON.stringify(files));
    this.emitFile({ type: "asset", fileName: "service-worker.js", source });
  },
};

export default defineConfig({
  root: join(root, "app"),
  base: "./",
  plugins: [workersOfSources, hdf5Filters, policy, offline],
  worker: {
    format: "es",
    plugins: () => [workersOfSources],
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  build: {
    outDir: join(root, "dist/app"),
    emptyOutDir: true,
    target: "es2022",
    // Inlined fonts and pictures would need a wider policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 6000,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
});
