import { Worker } from "node:worker_threads";
import type { Analysis } from "../analyse/analysis.ts";
import { EngineError } from "../scan/errors.ts";
import type { Packed } from "./packing-worker.ts";
import { workerFile } from "./worker-file.ts";

/** A thread that packs results.hspy, beside those that draw. */
export interface PackingThread {
  /** The same bytes as from `hspy`. @throws EngineError the thread died, or packing failed */
  pack(analysis: Analysis): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Starts it: the HDF5 library is loaded at once. */
export function packingThread(): PackingThread {
  const worker = new Worker(workerFile("packing-worker"));
  let fail: (reason: unknown) => void = () => {};
  let dead: unknown;
  worker.on("error", (reason) => {
    dead = reason;
    fail(stopped(reason));
  });
  return {
    pack: (analysis) =>
      new Promise((done, reject) => {
        if (dead !== undefined) return reject(stopped(dead));
        fail = reject;
        worker.once("message", (packed: Packed) => {
          if ("bytes" in packed) done(packed.bytes);
          else reject(new EngineError(`results.hspy: could not be packed: ${packed.error}`, { engine: "packing" }));
        });
        worker.postMessage(analysis);
      }),
    close: async () => void (await worker.terminate()),
  };
}

const stopped = (reason: unknown): EngineError =>
  new EngineError(`results.hspy: the packing thread stopped: ${reason}`, { engine: "packing" }, reason);
