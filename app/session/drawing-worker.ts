import { browserRasteriser } from "./rasteriser.ts";

/** One figure to be drawn, and what comes back. */
export type ToDraw = { readonly id: number; readonly svg: string; readonly scale: number };
export type Drawn =
  | { readonly id: number; readonly png: Uint8Array<ArrayBuffer> }
  | { readonly id: number; readonly failure: string };

// The TypeScript library of the DOM describes a page; here `self` is a dedicated worker.
const scope = self as unknown as {
  onmessage: (event: { readonly data: ToDraw }) => void;
  postMessage(message: Drawn, transfer?: Transferable[]): void;
};
const renderer = browserRasteriser();
renderer.catch(() => {}); // told with each figure

scope.onmessage = async ({ data: { id, svg, scale } }) => {
  try {
    const png = (await renderer)(svg, scale) as Uint8Array<ArrayBuffer>;
    scope.postMessage({ id, png }, [png.buffer]);
  } catch (error) {
    scope.postMessage({ id, failure: error instanceof Error ? error.message : String(error) });
  }
};
