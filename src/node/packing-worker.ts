import { parentPort } from "node:worker_threads";
import type { Analysis } from "../analyse/analysis.ts";
import { hspy } from "../results/hspy.ts";

/** The packed results, or why there are none. */
export type Packed = { readonly bytes: Uint8Array } | { readonly error: string };

const port = parentPort!;
// Loaded at once, while there is nothing to pack yet.
void import("h5wasm").then(({ ready }) => ready);
port.on("message", async (analysis: Analysis) => {
  try {
    port.postMessage({ bytes: await hspy(analysis) } satisfies Packed);
  } catch (error) {
    port.postMessage({ error: error instanceof Error ? error.message : String(error) } satisfies Packed);
  }
});
