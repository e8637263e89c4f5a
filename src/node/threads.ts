import { availableParallelism, freemem } from "node:os";
import { Worker } from "node:worker_threads";
import type { FromWorker, WorkerPort } from "../engines/protocol.ts";
import { type OpenScan, onThreads as onWorkers, type ThreadsOptions } from "../engines/threads.ts";
import type { PatternSource } from "../scan/source.ts";
import { workerFile } from "./worker-file.ts";

/**
 * The scan on worker threads of this machine; see the engine for what it promises.
 *
 * @param source   a source that a worker can open from its descriptor
 * @param options  threads, default: one per core, at most 16; memory [bytes], default: half of what is free
 * @example
 * const scan = await onThreads(source, { threads: 2 });
 * await scan.close();
 */
export function onThreads(
  source: PatternSource,
  {
    threads = Math.min(16, availableParallelism()),
    memory = freemem() / 2,
    ...watch
  }: Partial<Omit<ThreadsOptions, "spawn">> = {},
): Promise<OpenScan> {
  return onWorkers(source, { threads, memory, spawn, ...watch });
}

function spawn(): WorkerPort {
  const worker = new Worker(workerFile("worker"));
  let ending = false;
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    onMessage: (listener) => worker.on("message", (answer: FromWorker) => listener(answer)),
    onFailure(listener) {
      worker.on("error", listener);
      worker.on("exit", (code) => !ending && listener(`it ended with code ${code}`));
    },
    async terminate() {
      ending = true;
      await worker.terminate();
    },
  };
}
