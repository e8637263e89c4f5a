import type { FromWorker, WorkerPort } from "../engines/protocol.ts";
import { type OpenScan, onThreads as onWorkers, type ThreadsOptions } from "../engines/threads.ts";
import type { PatternSource } from "../scan/source.ts";

/**
 * The scan on Web Workers; see the engine for what it promises. Workers get their slabs by message and share no memory, so
 * they need no cross-origin isolation: any static host will do.
 *
 * @param source   a source that a worker can open from its descriptor
 * @param options  threads, default: one per core, at most 16; memory [bytes], default: see {@link memoryForScans}
 */
export function onThreads(
  source: PatternSource,
  {
    threads = Math.min(16, navigator.hardwareConcurrency),
    memory = memoryForScans(),
    ...watch
  }: Partial<Omit<ThreadsOptions, "spawn">> = {},
): Promise<OpenScan> {
  return onWorkers(source, { threads, memory, spawn, ...watch });
}

/**
 * Bytes that patterns may take in this browser: half of the memory that it owns to. Chromium says 0.25 … 8 GiB, rounded; others say
 * nothing and are taken for 4 GiB.
 */
export const memoryForScans = (): number =>
  ((navigator as { readonly deviceMemory?: number }).deviceMemory ?? 4) * 2 ** 29;

function spawn(): WorkerPort {
  // In this form bundlers find the file, and a page without a bundler finds it beside this one.
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    onMessage: (listener) => worker.addEventListener("message", ({ data }) => listener(data as FromWorker)),
    onFailure(listener) {
      worker.addEventListener("error", ({ message }) => listener(message || "its file cannot be loaded"));
      worker.addEventListener("messageerror", () => listener("a message could not be read"));
    },
    terminate: async () => worker.terminate(),
  };
}
