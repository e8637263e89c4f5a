import { EngineError } from "../../src/index.ts";
import type { Drawn, ToDraw } from "./drawing-worker.ts";

/** Draws figures as PNG in several workers at once: it is the longest part of keeping results. */
export interface Drawing {
  rasterise(svg: string, scale: number): Promise<Uint8Array>;
  end(): void;
}

interface Waiting {
  readonly resolve: (png: Uint8Array) => void;
  readonly reject: (reason: unknown) => void;
}

export function drawing(threads = Math.min(8, navigator.hardwareConcurrency)): Drawing {
  const waiting = new Map<number, Waiting>();
  const queue: ToDraw[] = [];
  let figures = 0;
  const failed = (message: string): EngineError => new EngineError(`figures: ${message}`, { engine: "figures" });
  const idle = Array.from({ length: threads }, () => {
    const worker = new Worker(new URL("./drawing-worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<Drawn>) => {
      const one = waiting.get(data.id);
      waiting.delete(data.id);
      if ("png" in data) one?.resolve(data.png);
      else one?.reject(failed(data.failure));
      idle.push(worker);
      next();
    });
    worker.addEventListener("error", ({ message }) => {
      for (const { reject } of waiting.values()) reject(failed(message || "a worker could not be started"));
      waiting.clear();
    });
    return worker;
  });
  const all = [...idle];

  function next(): void {
    while (idle.length > 0 && queue.length > 0) idle.pop()!.postMessage(queue.shift()!);
  }

  return {
    rasterise: (svg, scale) =>
      new Promise((resolve, reject) => {
        const id = ++figures;
        waiting.set(id, { resolve, reject });
        queue.push({ id, svg, scale });
        next();
      }),
    end() {
      for (const worker of all) worker.terminate();
    },
  };
}
