import { connect } from "../../../app/session/connect.ts";
import { givenFiles } from "../../../src/browser.ts";
import * as endmember from "../../../src/index.ts";
import type { Wanted } from "./reading-worker.ts";

/** Reads files in a worker, one after the other. */
function read(files: readonly File[], wanted: readonly Wanted[]): Promise<Record<string, string>> {
  const worker = new Worker(new URL("./reading-worker.ts", import.meta.url), { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage({ given: givenFiles(files), wanted, plugins: new URL("filters/", document.baseURI).href });
  });
}

const bare = { connect, endmember, read };

/** A page with nothing but a session, for tests to call. */
export type Bare = typeof bare & { session: ReturnType<typeof connect> };

Object.assign(window, bare);
