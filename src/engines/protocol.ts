import type { SourceDescriptor } from "../scan/source.ts";
import type { Pass } from "./pass.ts";
import type { Slab, SlabResult } from "./slab.ts";

/** What the coordinating thread says to a worker. */
export type ToWorker =
  | { readonly say: "open"; readonly source: SourceDescriptor; readonly budget: number; readonly simd: boolean }
  | { readonly say: "begin"; readonly pass: Pass }
  | ({ readonly say: "slab" } & Slab);

/** What a worker answers. */
export type FromWorker =
  | { readonly say: "opened" }
  | { readonly say: "done"; readonly slab: number; readonly result: SlabResult }
  | { readonly say: "failed"; readonly error: Failure };

/** An error that crosses threads with its class, message and facts. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly facts: unknown;
}

/** A channel to a worker, the same in Node and in a browser. */
export interface WorkerPort {
  /** Sends a message; the buffers listed go over without a copy. */
  post(message: ToWorker, transfer?: ArrayBuffer[]): void;
  onMessage(listener: (message: FromWorker) => void): void;
  /** The worker died, or could not start. */
  onFailure(listener: (reason: unknown) => void): void;
  terminate(): Promise<void>;
}
