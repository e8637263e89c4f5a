import { disk } from "../imaging/apertures.ts";
import { virtualImages } from "../imaging/virtual-image.ts";
import { align } from "../prepare/align.ts";
import { recentred } from "../prepare/recentred.ts";
import { arraySource } from "../scan/array-source.ts";
import { area, type Images, type Scan } from "../scan/scan.ts";
import { type PatternSource, patternBytes, typedArray, type Watch } from "../scan/source.ts";
import { type BentNanowireOptions, type BentNanowireTruth, simulateBentNanowire } from "../simulate/bent-nanowire.ts";
import { checkOwnScan } from "./own-scan.ts";
import type { OpenedScan, Tools } from "./reproduction.ts";

/** A scan of a wire, its direct beam aligned, ready to learn from. */
export interface WireScan {
  /** The aligned patterns, cropped to what all of them cover. */
  readonly source: PatternSource;
  readonly scan: Scan;
  /** Direct beam in the aligned patterns, px, and its radius. */
  readonly centre: readonly [row: number, column: number];
  readonly radius: number;
  readonly brightField: Images;
  /** What it was simulated from; a user's scan has none. */
  readonly truth?: BentNanowireTruth;
  readonly options?: BentNanowireOptions;
}

export interface WireScans {
  /** The scan for these conditions, made once; the user's own where there is one. */
  readonly of: (options: BentNanowireOptions) => Promise<WireScan>;
  /** The user's own scan: conditions cannot be chosen. */
  readonly own: boolean;
  readonly close: () => Promise<void>;
}

/** Makes and keeps the scans that Figs 1–4 share. */
export function wireScans({ scanOf, scan: own, seed, ...watch }: Omit<Tools, "wires">): WireScans {
  const made = new Map<string, Promise<WireScan>>();
  const open: OpenedScan[] = [];
  const make = async (options: BentNanowireOptions): Promise<WireScan> => {
    if (own) {
      const wire = await prepared(own, scanOf, open, watch);
      await checkOwnScan(wire);
      return wire;
    }
    const { source, truth } = simulateBentNanowire({ ...options, seed });
    const recorded = await inMemory(source, watch);
    return { ...(await prepared(recorded, scanOf, open, watch)), truth, options };
  };
  return {
    own: own !== undefined,
    of(options) {
      const key = own ? "" : JSON.stringify(options);
      const known = made.get(key) ?? make(options);
      made.set(key, known);
      return known;
    },
    async close() {
      for (const scan of open) await scan.close?.();
    },
  };
}

/** As the paper does: the direct beam is aligned, and nothing else. */
async function prepared(
  recorded: PatternSource,
  scanOf: Tools["scanOf"],
  open: OpenedScan[],
  { signal }: Watch,
): Promise<WireScan> {
  const { shifts, centre, radius } = await align(recorded, { edge: "crop", ...(signal && { signal }) });
  const source = recentred(recorded, shifts, "crop");
  const scan = await scanOf(source);
  open.push(scan);
  const brightField = await virtualImages(scan, [disk(source.pixels, centre, Math.max(1, radius))]);
  return { source, scan, centre, radius, brightField };
}

/** A source's patterns in memory that workers share: a simulation is read often and takes long to make. */
async function inMemory(source: PatternSource, { signal, onProgress }: Watch): Promise<PatternSource> {
  const { positions, pixels, dtype, axes, name } = source;
  const size = patternBytes(source);
  const count = area(positions);
  const shared = new SharedArrayBuffer(count * size);
  const row = new Uint8Array(positions[1] * size);
  for (let first = 0; first < count; first += positions[1]) {
    signal?.throwIfAborted();
    await source.read(first, positions[1], row);
    new Uint8Array(shared).set(row, first * size);
    onProgress?.("simulate", (0.5 * first) / count);
  }
  const held = arraySource({ positions, pixels, dtype, values: typedArray(dtype, shared), axes, name });
  return { ...held, metadata: source.metadata };
}
