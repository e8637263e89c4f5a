import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServedApp, serveApp } from "../../src/node/serve-app.ts";
import { npy } from "../../src/results/npy.ts";

const folder = mkdtempSync(join(tmpdir(), "endmember-serve-"));
const app = join(folder, "app");
const scans = join(folder, "scans");
const contents = npy(
  Float32Array.from({ length: 3 * 4 * 5 * 6 }, (_, i) => i),
  [3, 4, 5, 6],
);
let served: ServedApp;
let base: URL;

beforeAll(async () => {
  mkdirSync(join(app, "assets"), { recursive: true });
  mkdirSync(scans);
  writeFileSync(join(app, "index.html"), "<!doctype html>");
  writeFileSync(join(app, "assets", "main.js"), "export {};");
  writeFileSync(join(folder, "secret.txt"), "secret");
  writeFileSync(join(scans, "scan 1.npy"), contents);
  writeFileSync(join(scans, "scan 2.npy"), contents);
  served = await serveApp({ file: join(scans, "scan 1.npy"), app });
  base = new URL("./", served.url.split("?")[0]);
});

afterAll(async () => {
  await served.close();
  rmSync(folder, { recursive: true });
});

/** A request whose path goes out as it is written: fetch would tidy it up. */
function ask(path: string, headers: Record<string, string> = {}, method = "GET") {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port: base.port, path, headers, method }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts) }),
      );
    });
    asked.on("error", reject).end();
  });
}

describe("serveApp", () => {
  it("listens on the loopback interface only, with a token of its own each time", async () => {
    expect(base.hostname).toBe("127.0.0.1");
    expect(base.pathname).toMatch(/^\/[0-9a-f]{32}\/$/);
    const other = await serveApp({ app });
    expect(other.url).not.toContain(base.pathname);
    expect(new URL(other.url).searchParams.has("file")).toBe(false);
    await other.close();
  });

  it("serves the app with headers that keep it to itself", async () => {
    const page = await ask(base.pathname);
    expect(page.status).toBe(200);
    expect(page.body.toString()).toBe("<!doctype html>");
    expect(page.headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
      "referrer-policy": "no-referrer",
      "content-security-policy": expect.stringContaining("default-src 'self'"),
    });
    expect((await ask(`${base.pathname}assets/main.js`)).headers["content-type"]).toMatch(/javascript/);
    expect((await ask(`${base.pathname}assets`)).status).toBe(404);
  });

  it("gives nothing to who does not know the token", async () => {
    for (const path of [
      "/",
      "/index.html",
      "/scan/scan%201.npy",
      `/${"0".repeat(32)}/`,
      `${base.pathname.slice(0, -2)}/`,
    ]) {
      expect((await ask(path)).status, path).toBe(404);
    }
  });

  it("gives nothing to other names of this machine", async () => {
    expect((await ask(base.pathname, { host: `evil.example:${base.port}` })).status).toBe(403);
    expect((await ask(base.pathname, { host: `localhost:${base.port}` })).status).toBe(200);
    expect((await ask(base.pathname, {}, "POST")).status).toBe(405);
  });

  it.each([
    "../secret.txt",
    "..%2fsecret.txt",
    "%2e%2e/secret.txt",
    "assets/../../secret.txt",
    "assets/..%5c..%5csecret.txt",
    "scan/../secret.txt",
    "scan/%2e%2e/secret.txt",
    "scan/..%2fsecret.txt",
    "scan//etc/passwd",
    "/etc/passwd",
    "scan/%00",
  ])("does not leave its folders: %s", async (path) => {
    expect((await ask(`${base.pathname}${path}`)).status).toBe(404);
  });

  it("says that a path is no path", async () => {
    expect((await ask(`${base.pathname}%E0%A4%A`)).status).toBe(404);
  });

  it("serves the named file and no other of its folder", async () => {
    const url = new URL(served.url);
    expect(url.searchParams.get("file")).toBe("scan/scan%201.npy");
    expect((await ask(`${base.pathname}scan/scan%201.npy`)).body.equals(contents)).toBe(true);
    expect((await ask(`${base.pathname}scan/scan%202.npy`)).status).toBe(404);
    expect(JSON.parse((await ask(`${base.pathname}scan/?list`)).body.toString())).toEqual(["scan 1.npy"]);
    symlinkSync(join(folder, "secret.txt"), join(scans, "link.txt"));
    expect((await ask(`${base.pathname}scan/link.txt`)).status).toBe(404);
  });

  it("serves ranges", async () => {
    const path = `${base.pathname}scan/scan%201.npy`;
    const some = await ask(path, { range: "bytes=10-19" });
    expect(some.status).toBe(206);
    expect(some.headers["content-range"]).toBe(`bytes 10-19/${contents.length}`);
    expect([...some.body]).toEqual([...contents.subarray(10, 20)]);
    expect((await ask(path, { range: "bytes=100-" })).body.length).toBe(contents.length - 100);
    expect((await ask(path, { range: `bytes=${contents.length}-` })).status).toBe(416);
    const head = await ask(path, {}, "HEAD");
    expect([head.headers["content-length"], head.body.length]).toEqual([String(contents.length), 0]);
  });

  it("serves the companions that opening asks for, and all of a folder that is a scan", async () => {
    const fixtures = fileURLToPath(new URL("../fixtures", import.meta.url));
    const dectris = await serveApp({ file: join(fixtures, "dectris", "scan_master.h5"), app });
    const at = new URL("scan/", dectris.url.split("?")[0]).pathname;
    const { port } = base;
    base.port = new URL(dectris.url).port;
    const names = JSON.parse((await ask(`${at}?list`)).body.toString()) as string[];
    expect(names).toContain("scan_master.h5");
    expect(names.filter((name) => /_data_/.test(name)).length).toBeGreaterThan(0);
    expect(names.every((name) => /^scan(_|\.)/.test(name))).toBe(true);
    await dectris.close();

    const zarr = await serveApp({ file: join(fixtures, "zarr", "sparse.zarr"), app });
    const inside = new URL("scan/", zarr.url.split("?")[0]).pathname;
    base.port = new URL(zarr.url).port;
    expect(new URL(zarr.url).searchParams.get("file")).toBe("scan/.zarray");
    expect((await ask(`${inside}.zarray`)).status).toBe(200);
    expect((await ask(`${inside}0/0/0/0`)).status).toBe(200);
    expect((await ask(`${inside}../sparse.json`)).status).toBe(404);
    await zarr.close();
    base.port = port;
  });

  it("says what is wrong with a file before anything is served", async () => {
    await expect(serveApp({ file: join(folder, "none.blo"), app })).rejects.toThrow(/expected a file, found none/);
    await expect(serveApp({ file: join(folder, "secret.txt"), app })).rejects.toThrow(/expected one of/);
    await expect(serveApp({ app: folder })).rejects.toThrow(/npm run build:app/);
  });

  it("serves a file of which only the user can say the shape", async () => {
    const stack = join(scans, "stack.npy");
    writeFileSync(stack, npy(new Float32Array(12 * 30), [12, 5, 6]));
    const plain = await serveApp({ file: stack, app });
    await plain.close();
    const said = await serveApp({ file: stack, open: { shape: [3, 4] }, app });
    expect(new URL(said.url).searchParams.get("options")).toBe('{"shape":[3,4]}');
    await said.close();
  });
});
