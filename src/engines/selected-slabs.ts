import { type NumericArray, type PatternSource, patternBytes, typedArray } from "../scan/source.ts";
import { type Kernels, loadKernels } from "./kernels.ts";
import { type SlabPasses, type SlabRunner, slabRunner } from "./slab.ts";

/**
 * A {@link slabRunner} that also computes passes over a selection of pixels.
 *
 * The pixels of a selection are copied side by side, slab by slab, when they are first multiplied: from then on a pass costs what so many
 * pixels cost. The copy has a memory of its own, which is let go with the first pass over anything else, and taken again for the next
 * selection where it has not been collected by then: else old copies pile up.
 *
 * @param simd    use WebAssembly SIMD
 * @param budget  bytes of patterns that may be kept between passes, copies among them
 */
export function selectingRunner(source: PatternSource, simd: boolean, budget: number): SlabPasses {
  const whole = slabRunner(source, loadKernels(simd), budget);
  let before: WeakRef<Kernels> | undefined;
  let part: { readonly selection: Uint32Array; readonly runner: SlabRunner } | undefined;

  function partOf(selection: Uint32Array): SlabRunner {
    if (part && equal(part.selection, selection)) return part.runner;
    const chosen = selectedSource(source, selection, whole);
    const kernels = before?.deref() ?? loadKernels(simd);
    before = new WeakRef(kernels);
    part = { selection, runner: slabRunner(chosen, kernels, budget - whole.keptBytes()) };
    return part.runner;
  }

  return {
    begin(pass) {
      if (pass.selection) return partOf(pass.selection).begin(pass);
      part = undefined;
      whole.begin(pass);
    },
    run: (slab) => (part?.runner ?? whole).run(slab),
  };
}

/** The source seen through some pixels; patterns that are kept are not read again. */
function selectedSource(source: PatternSource, selection: Uint32Array, { kept }: SlabRunner): PatternSource {
  const bytes = patternBytes(source);
  const size = bytes / (source.pixels[0] * source.pixels[1]);
  let room = new Uint8Array();
  const recorded = async (first: number, count: number): Promise<Uint8Array> => {
    const there = kept(first, count);
    if (there) return there;
    if (room.length !== count * bytes) room = new Uint8Array(count * bytes);
    await source.read(first, count, room);
    return room;
  };
  return {
    ...source,
    pixels: [1, selection.length],
    async read(first, count, into) {
      const all = await recorded(first, count);
      const from = typedArray(source.dtype, all.buffer, all.byteOffset, all.length / size);
      const to = typedArray(source.dtype, into.buffer, into.byteOffset, into.length / size);
      const pixels = bytes / size;
      for (let row = 0; row < count; row++) pick(from, row * pixels, selection, to, row * selection.length);
    },
  };
}

function pick(from: NumericArray, start: number, selection: Uint32Array, to: NumericArray, at: number): void {
  for (let i = 0; i < selection.length; i++) to[at + i] = from[start + selection[i]];
}

const equal = (a: Uint32Array, b: Uint32Array): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);
