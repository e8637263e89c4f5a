import { parentPort } from "node:worker_threads";
import { rasteriser } from "../figures/rasterise.ts";
import type { RendererParts } from "./resvg.ts";

/** One figure to be drawn, and what comes back: the PNG, or why there is none. */
export interface Drawing {
  readonly id: number;
  readonly svg: string;
  readonly scale?: number;
}
export type Drawn = { readonly id: number } & ({ readonly png: Uint8Array } | { readonly error: string });

const port = parentPort!;
port.once("message", ({ wasm, fonts }: RendererParts) => {
  const started = rasteriser(wasm, fonts);
  port.on("message", async ({ id, svg, scale }: Drawing) => {
    try {
      port.postMessage({ id, png: (await started)(svg, scale) } satisfies Drawn);
    } catch (error) {
      port.postMessage({ id, error: String(error) } satisfies Drawn);
    }
  });
});
