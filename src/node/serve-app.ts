import { randomBytes, timingSafeEqual } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { OpenOptions } from "../formats/format.ts";
import { FormatError } from "../scan/errors.ts";
import { contentSecurityPolicy } from "./content-security-policy.ts";
import { scanFiles } from "./scan-files.ts";

export interface ServeAppOptions {
  /** The scan to be opened, and nothing else of the disk is served; default: none. */
  readonly file?: string;
  /** What the file does not say itself. */
  readonly open?: OpenOptions;
  /** Folder with the built app, default: that of this package. */
  readonly app?: string;
  /** Default: one that is free. */
  readonly port?: number;
}

export interface ServedApp {
  /** Where the app is, with this run's token: who does not know it gets nothing. */
  readonly url: string;
  close(): Promise<void>;
}

const builtApp = (): string =>
  fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "../../dist/app" : "../../app", import.meta.url));

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".wasm": "application/wasm",
};

const headers: Readonly<Record<string, string>> = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": contentSecurityPolicy,
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

/**
 * Serves the app on this machine only, with one scan: on the loopback interface, under a path that begins with a random token. Of the disk,
 * the app's own files can be read, and those that opening the scan asks for.
 *
 * @throws FormatError       no such file, no known format, or damaged
 * @throws UnsupportedError  well-formed, but of a kind that cannot be read
 */
export async function serveApp({
  file,
  open = {},
  app = builtApp(),
  port = 0,
}: ServeAppOptions = {}): Promise<ServedApp> {
  if (!isFile(join(app, "index.html"))) {
    throw new FormatError(`${app}: expected the built app, found none; in a checkout, run npm run build:app first`, {
      file: "index.html",
    });
  }
  const token = randomBytes(16).toString("hex");
  const scan = file === undefined ? undefined : await scanFiles(file, open);
  const server = createServer((request, response) => {
    const found = wanted(request);
    if (typeof found === "number") response.writeHead(found, headers).end();
    else if (typeof found === "string") send(found, request, response);
    else response.writeHead(200, { ...headers, "Content-Type": types[".json"] }).end(JSON.stringify(found));
  });

  /** A file on the disk, the names in a folder of the scan, or the status that says why there is none. */
  function wanted({ method, url = "/", headers: { host } }: IncomingMessage): string | readonly string[] | number {
    const { port: own } = server.address() as AddressInfo;
    // A name that somebody else's server points at this machine is not this machine.
    if (!["127.0.0.1", "localhost"].some((name) => host === `${name}:${own}`)) return 403;
    if (method !== "GET" && method !== "HEAD") return 405;
    const [path, query] = url.split("?");
    const [, given = "", ...parts] = partsOf(path!);
    if (!isSame(given, token)) return 404;
    const asked =
      parts[0] === "scan" ? scan?.path(parts.slice(1).join("/")) : join(app, parts.join("/") || "index.html");
    if (parts[0] === "scan" && query === "list") return scan?.list(parts.slice(1).join("/")) ?? 404;
    return asked !== undefined && isFile(asked) ? asked : 404;
  }

  await new Promise<void>((listening, failed) => {
    server.once("error", failed);
    server.listen(port, "127.0.0.1", listening);
  });
  const { port: own } = server.address() as AddressInfo;
  const query = new URLSearchParams(
    scan ? { file: `scan/${encodeURIComponent(scan.entry)}`, name: scan.name } : { local: "" },
  );
  if (Object.keys(open).length > 0) query.set("options", JSON.stringify(open));
  return {
    url: `http://127.0.0.1:${own}/${token}/?${query}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** Answers with a file or the range of it that was asked for. */
function send(path: string, request: IncomingMessage, response: ServerResponse): void {
  const { size } = statSync(path);
  const type = types[extname(path)] ?? "application/octet-stream";
  const common = { ...headers, "Accept-Ranges": "bytes", "Content-Type": type };
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
  const start = range ? Number(range[1]) : 0;
  const end = range?.[2] ? Math.min(Number(range[2]), size - 1) : size - 1;
  if (range && (start > end || start >= size)) {
    response.writeHead(416, { ...common, "Content-Range": `bytes */${size}` }).end();
    return;
  }
  response.writeHead(range ? 206 : 200, {
    ...common,
    "Content-Length": end - start + 1,
    ...(range && { "Content-Range": `bytes ${start}-${end}/${size}` }),
  });
  if (request.method === "HEAD" || size === 0) response.end();
  else
    createReadStream(path, { start, end, highWaterMark: 2 ** 20 })
      .on("error", () => response.destroy())
      .pipe(response);
}

/** The parts of a path between its slashes; none where it is not one, or where a part could be more than a name. */
function partsOf(path: string): readonly string[] {
  try {
    const parts = path.split("/").map(decodeURIComponent);
    return parts.some((part) => part === ".." || part === "." || /[/\\\0]/.test(part)) ? [] : parts;
  } catch {
    return [];
  }
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}
