import { passesWasm } from "./kernels.wasm.ts";

/** Is SIMD there? Everywhere since 2021 (Chrome 91, Firefox 89, Safari 16.4, Node 16.4); plain loops otherwise. */
export function hasSimd(): boolean {
  return typeof WebAssembly === "object" && WebAssembly.validate(bytesOf(passesWasm));
}

/** Compiled once for each thread, however many memories they work in. */
const modules = new Map<string, WebAssembly.Module>();

/** The exports of one of the constants of `kernels.wasm.ts`, working in this memory. */
export function load(wasm: string, memory: WebAssembly.Memory): WebAssembly.Exports {
  const module = modules.get(wasm) ?? new WebAssembly.Module(bytesOf(wasm));
  modules.set(wasm, module);
  return new WebAssembly.Instance(module, { env: { memory, abort: () => {} } }).exports;
}

/** A memory as the kernels import it. */
export const kernelMemory = (): WebAssembly.Memory => new WebAssembly.Memory({ initial: 16, maximum: 65536 });

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
