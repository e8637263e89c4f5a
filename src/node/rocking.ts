import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { EngineError } from "../scan/errors.ts";
import { addedInOrder, type Rocking } from "../simulate/rocking.ts";
import { workerFile } from "./worker-file.ts";

/**
 * Spreads the incident beams of a dynamical simulation over threads of this machine; the same numbers as in one thread.
 *
 * @param threads  default: one per core, at most 16
 * @throws EngineError  a thread died
 * @example
 * const { source } = await simulateBicrystal({ thickness: 10, azimuths: 8 }, { rocked: rockedOnThreads({ threads: 2 }) });
 */
export function rockedOnThreads({
  threads = Math.min(16, availableParallelism()),
}: {
  readonly threads?: number;
} = {}): Rocking {
  return async (work, groups, { signal, onProgress }) => {
    signal?.throwIfAborted();
    const { add, total } = addedInOrder();
    const workers = Array.from(
      { length: Math.min(threads, groups.length) },
      () => new Worker(workerFile("rocking-worker"), { workerData: work }),
    );
    let begun = 0;
    let done = 0;
    let aborted: (() => void) | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        aborted = () => reject(signal!.reason);
        signal?.addEventListener("abort", aborted);
        for (const worker of workers) {
          let group = begun++;
          worker.on("message", (sum: Float64Array) => {
            add(group, sum);
            done++;
            onProgress?.("multislice", done / groups.length);
            if (done === groups.length) return resolve();
            group = begun++;
            if (group < groups.length) worker.postMessage(groups[group]);
          });
          worker.on("error", (cause) =>
            reject(new EngineError("multislice: a thread failed", { engine: "threads" }, cause)),
          );
          worker.on("exit", (code) =>
            reject(new EngineError(`multislice: a thread ended with code ${code}`, { engine: "threads" })),
          );
          worker.postMessage(groups[group]);
        }
      });
    } finally {
      if (aborted) signal?.removeEventListener("abort", aborted);
      await Promise.all(workers.map((worker) => worker.terminate()));
    }
    return total();
  };
}
