import type { GivenFile } from "../../src/browser.ts";
import type { KeptPatterns } from "../../src/index.ts";
import type { OpenedScan, Session } from "./session.ts";

/** What of a session happens in its workers. */
export type Call = Exclude<keyof Session, "close"> | "example" | "prime";

/** What is opened, as it crosses to a worker: files with their paths, which they would lose. */
export type Given =
  | { readonly from: "files"; readonly files: readonly GivenFile[] }
  | { readonly from: "served"; readonly url: string; readonly name: string; readonly whole?: Blob };

/** What of an open scan its other workers are given: room where patterns stay that one of them read. */
export interface Opened {
  readonly scan: OpenedScan;
  readonly room: KeptPatterns | undefined;
}

/** What the window says to a worker. */
export type ToWorker =
  | { readonly say: "call"; readonly id: number; readonly call: Call; readonly parameters: readonly unknown[] }
  | { readonly say: "cancel"; readonly id: number };

/** What a worker answers. */
export type FromWorker =
  | { readonly say: "done"; readonly id: number; readonly value: unknown }
  | { readonly say: "progress"; readonly id: number; readonly stage: string; readonly fraction: number }
  | { readonly say: "failed"; readonly id: number; readonly error: Failure };

/** An error that crosses to the window with its class, message and facts. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly facts: unknown;
}
