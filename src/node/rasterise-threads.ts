import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { EngineError } from "../scan/errors.ts";
import type { Drawing, Drawn } from "./rasterise-worker.ts";
import { rendererParts } from "./resvg.ts";
import { workerFile } from "./worker-file.ts";

/** Draws figures as PNG on several threads at once. */
export interface RasteriseThreads {
  /** SVG to PNG, as {@link Rasterise} does. @throws EngineError the worker died, or the drawing is no SVG */
  rasterise(svg: string, scale?: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/**
 * Worker threads that draw, each figure on the first that is free. The same bytes as from `nodeRasteriser`.
 *
 * @param threads  default: one per core, at most 4
 * @example
 * const drawing = rasteriseThreads();
 * const png = await drawing.rasterise('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"/>');
 * await drawing.close();
 */
export function rasteriseThreads(threads: number = Math.min(4, availableParallelism())): RasteriseThreads {
  const waiting: { readonly drawing: Drawing; done(png: Uint8Array): void; fail(reason: unknown): void }[] = [];
  const underWay = new Map<number, (typeof waiting)[number]>();
  const free: Worker[] = [];
  let drawings = 0;

  const give = (): void => {
    while (free.length > 0 && waiting.length > 0) {
      const next = waiting.shift()!;
      underWay.set(next.drawing.id, next);
      free.pop()!.postMessage(next.drawing);
    }
  };
  const workers = Array.from({ length: threads }, () => {
    const worker = new Worker(workerFile("rasterise-worker"));
    worker.on("message", (drawn: Drawn) => {
      const asked = underWay.get(drawn.id)!;
      underWay.delete(drawn.id);
      if ("png" in drawn) asked.done(drawn.png);
      else asked.fail(new EngineError(`figures: could not draw one: ${drawn.error}`, { engine: "rasterise" }));
      free.push(worker);
      give();
    });
    worker.on("error", (reason) => {
      for (const asked of [...underWay.values(), ...waiting.splice(0)])
        asked.fail(new EngineError(`figures: the drawing thread stopped: ${reason}`, { engine: "rasterise" }, reason));
      underWay.clear();
    });
    return worker;
  });
  // Compiled once, for all of them.
  const ready = rendererParts().then((parts) => {
    for (const worker of workers) worker.postMessage(parts);
    free.push(...workers);
  });
  ready.catch(() => {}); // said where something is to be drawn
  return {
    async rasterise(svg, scale) {
      await ready;
      return new Promise((done, fail) => {
        waiting.push({ drawing: { id: drawings++, svg, ...(scale !== undefined && { scale }) }, done, fail });
        give();
      });
    },
    close: async () => void (await Promise.all(workers.map((worker) => worker.terminate()))),
  };
}
