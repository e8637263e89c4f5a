import { hasSimd } from "../kernels/simd.ts";
import { DataError, EngineError, FormatError, ShapeError, UnsupportedError } from "../scan/errors.ts";
import { area, type Scan } from "../scan/scan.ts";
import type { PatternSource, Watch } from "../scan/source.ts";
import { imagesLeft, leavesImages, type Pass } from "./pass.ts";
import type { Failure, WorkerPort } from "./protocol.ts";
import { type Passed, scanOfPasses, slabCount, slabStart } from "./scan-of-passes.ts";
import type { SlabResult } from "./slab.ts";

export interface ThreadsOptions extends Watch {
  /** Workers to start, 1 … 64. */
  readonly threads: number;
  /** Bytes of patterns that all workers together may keep between passes. */
  readonly memory: number;
  /** Starts one worker. */
  readonly spawn: () => WorkerPort;
  /** Use WebAssembly SIMD; default: where it is there. */
  readonly simd?: boolean;
}

/** A scan that holds workers and memory until it is closed. */
export interface OpenScan extends Scan {
  close(): Promise<void>;
}

/**
 * The scan on several threads: each opens the source for itself, reads whole slabs, keeps what `memory` allows, and
 * multiplies with SIMD kernels that widen the detector's element type on load.
 *
 * Slabs are fixed by the scan and their sums merged in slab order in float64: the same bits for any number of threads.
 * A thread first takes slabs it holds, then fresh ones, then those that a slower thread has not begun.
 *
 * @param source   its descriptor is what the workers open
 * @param options  threads, memory, how to start a worker; `signal` ends every pass under way and the workers with it
 * @returns        the scan; close it to end the workers
 * @throws EngineError a worker died or memory could not be had; errors of the source come through as they are
 */
export async function onThreads(source: PatternSource, options: ThreadsOptions): Promise<OpenScan> {
  const { threads, memory, spawn, signal, onProgress, simd = hasSimd() } = options;
  if (!(Number.isInteger(threads) && threads >= 1 && threads <= 64)) {
    throw new ShapeError(`threads: expected a whole number from 1 to 64, found ${threads}`, {
      expected: "1 … 64",
      got: threads,
    });
  }
  signal?.throwIfAborted();
  const positions = area(source.positions);
  const slabs = slabCount(source.positions);
  const workers = Array.from({ length: Math.min(threads, slabs) }, spawn);
  /** The worker that keeps each slab, or undefined where none does yet. */
  const owner = new Array<number | undefined>(slabs).fill(undefined);
  let fail: (reason: unknown) => void = () => {};
  let broken: { readonly reason: unknown } | undefined;
  let deliver: (worker: number, slab: number, result: SlabResult) => void = () => {};
  let opened: () => void = () => {};

  const breakDown = (reason: unknown): void => {
    broken ??= { reason };
    fail(reason);
    for (const worker of workers) void worker.terminate();
  };
  for (const [index, worker] of workers.entries()) {
    worker.onFailure((reason) =>
      breakDown(new EngineError(`threads: a worker stopped: ${message(reason)}`, { engine: "threads" }, reason)),
    );
    worker.onMessage((answer) => {
      if (answer.say === "opened") opened();
      else if (answer.say === "done") deliver(index, answer.slab, answer.result);
      else breakDown(revived(answer.error));
    });
  }
  const onAbort = (): void => breakDown(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });

  await new Promise<void>((resolve, reject) => {
    fail = reject;
    let waiting = workers.length;
    opened = () => --waiting === 0 && resolve();
    const budget = Math.floor(memory / workers.length);
    for (const worker of workers) worker.post({ say: "open", source: source.descriptor, budget, simd });
  });

  const [ofImages, ofSums] = [buffers(), buffers()];
  const lend = lender();
  let sumsRoom = new Float64Array();
  const sumsOf = ({ count, product }: Pass, pixels: number): Float64Array => {
    if (sumsRoom.length < count * pixels) sumsRoom = new Float64Array(count * pixels);
    return sumsRoom.subarray(0, count * pixels).fill(product === "maximum" ? -Infinity : 0);
  };
  let queue: Promise<unknown> = Promise.resolve();
  /** One pass at a time: they share the workers' memory. */
  const run = (pass: Pass): Promise<Passed> => {
    const result = queue.then(() => one(pass));
    queue = result.catch(() => {});
    return result;
  };

  function one(pass: Pass): Promise<Passed> {
    if (broken) return Promise.reject(broken.reason);
    return new Promise<Passed>((resolve, reject) => {
      fail = reject;
      const images = leavesImages(pass) ? new Float32Array(imagesLeft(pass) * positions) : undefined;
      const pixelsSeen = pass.selection?.length ?? area(source.pixels);
      const sums = pass.product === "toImages" ? undefined : sumsOf(pass, pixelsSeen);
      const waiting = new Set(Array.from({ length: slabs }, (_, slab) => slab));
      const early = new Map<number, Float32Array>();
      const mergeInto = pass.product === "maximum" ? raise : add;
      let merged = 0;
      let finished = 0;

      const next = (worker: number): number | undefined => {
        let fresh: number | undefined;
        for (const slab of waiting) {
          if (owner[slab] === worker) return slab;
          if (owner[slab] === undefined) fresh ??= slab;
        }
        // The last one of another thread is the one that it would come to last.
        return fresh ?? [...waiting].at(-1);
      };
      const assign = (worker: number): void => {
        const slab = next(worker);
        if (slab === undefined) return;
        waiting.delete(slab);
        owner[slab] ??= worker;
        const first = slabStart(positions, slabs, slab);
        const count = slabStart(positions, slabs, slab + 1) - first;
        const rooms = {
          ...(images && { images: ofImages.take(4 * imagesLeft(pass) * count) }),
          ...(sums && { patterns: ofSums.take(4 * pass.count * pixelsSeen) }),
        };
        const keep = owner[slab] === worker;
        workers[worker].post({ say: "slab", slab, first, count, keep, rooms }, Object.values(rooms));
      };
      const merge = (slab: number, part: Float32Array): void => {
        early.set(slab, part);
        for (let ready = early.get(merged); ready; ready = early.get(merged)) {
          mergeInto(sums!, ready);
          ofSums.giveBack(ready);
          early.delete(merged++);
        }
      };

      deliver = (worker, slab, result) => {
        assign(worker);
        if (images && result.images) {
          const first = slabStart(positions, slabs, slab);
          const count = result.images.length / imagesLeft(pass);
          for (let k = 0; k < imagesLeft(pass); k++) {
            images.set(result.images.subarray(k * count, (k + 1) * count), k * positions + first);
          }
          ofImages.giveBack(result.images);
        }
        if (result.patterns) merge(slab, result.patterns);
        finished++;
        onProgress?.(pass.product, finished / slabs);
        if (finished === slabs)
          resolve({ ...(images && { images }), ...(sums && { patterns: Float32Array.from(sums) }) });
      };
      const lent = lend(pass);
      for (const [index, worker] of workers.entries()) {
        worker.post({ say: "begin", pass: lent });
        // Two at a time, so that a thread never waits for word of its next slab.
        assign(index);
      }
      for (const index of workers.keys()) assign(index);
    });
  }

  return {
    ...scanOfPasses(source.positions, source.pixels, run),
    async close() {
      signal?.removeEventListener("abort", onAbort);
      broken ??= { reason: new EngineError("threads: the scan is closed; open it again", { engine: "threads" }) };
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

const message = (reason: unknown): string => (reason instanceof Error ? reason.message : String(reason));

/** An error that came from a worker, as the class that it was there. */
function revived({ name, message, facts }: Failure): Error {
  const classes: Record<string, new (message: string, facts: never) => Error> = {
    FormatError,
    ShapeError,
    DataError,
    UnsupportedError,
    EngineError,
  };
  const Class = classes[name];
  return Class ? new Class(message, facts as never) : new EngineError(`threads: ${message}`, { engine: "threads" });
}

/** Apart from its caller, whose variables others may change: so the loop stays tight. */
function add(sums: Float64Array, part: Float32Array): void {
  for (let i = 0; i < part.length; i++) sums[i] += part[i];
}

function raise(sums: Float64Array, part: Float32Array): void {
  for (let i = 0; i < part.length; i++) if (part[i] > sums[i]) sums[i] = part[i];
}

/** Buffers that go to the workers and come back with results, to be used again: else they pile up faster than they are collected. */
function buffers() {
  const spares: ArrayBuffer[] = [];
  return {
    take(bytes: number): ArrayBuffer {
      const spare = spares.pop();
      return spare && spare.byteLength >= bytes ? spare : new ArrayBuffer(bytes);
    },
    giveBack({ buffer }: Float32Array): void {
      spares.push(buffer as ArrayBuffer);
    },
  };
}

/**
 * Puts operands where all workers see them, so that none gets a copy of its own: one room for each kind, used again by the next pass. Where this
 * thread may not share memory they are copied to each.
 */
function lender(): (pass: Pass) => Pass {
  if (typeof SharedArrayBuffer === "undefined") return (pass) => pass;
  const rooms = new Map<string, SharedArrayBuffer>();
  const lent = (kind: string, values: Float32Array): Float32Array => {
    const before = rooms.get(kind);
    const fits = before !== undefined && before.byteLength >= values.byteLength;
    const room = fits ? before : new SharedArrayBuffer(values.byteLength);
    rooms.set(kind, room);
    const shared = new Float32Array(room, 0, values.length);
    shared.set(values);
    return shared;
  };
  return ({ patterns, images, minus, ...pass }) => ({
    ...pass,
    ...(patterns && { patterns: lent("patterns", patterns) }),
    ...(images && { images: lent("images", images) }),
    ...(minus && { minus: lent("minus", minus) }),
  });
}
