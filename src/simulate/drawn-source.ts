import { type NumericArray, type PatternSource, patternBytes, typedArray } from "../scan/source.ts";

/** Fills one pattern; the same position always gives the same values. */
export type Draw = (position: number, into: NumericArray) => void;

/** A source that makes each pattern when it is read: nothing is kept, any order of reading gives the same scan. */
export function drawnSource(described: Omit<PatternSource, "format" | "read" | "close">, draw: Draw): PatternSource {
  const size = patternBytes(described);
  return {
    ...described,
    format: "simulated",
    async read(first, length, into) {
      // Drawn into its own array: `into` need not start at a multiple of the element size.
      const values = typedArray(described.dtype, new ArrayBuffer(size));
      const bytes = new Uint8Array(values.buffer);
      for (let i = 0; i < length; i++) {
        draw(first + i, values);
        into.set(bytes, i * size);
      }
    },
    close() {},
  };
}
