import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type DenseScan, denseScan } from "./dense-scan.ts";

const folder = fileURLToPath(new URL("../../../shared/data/", import.meta.url));

/** Whether the reference data lie beside the checkout; tests of it are skipped, and say so, where not. */
export const hasReferenceData = existsSync(`${folder}nanowire/aligned.npy`);
if (!hasReferenceData) console.warn("SKIPPED: tests against reference data (../shared/data is not here)");

/** Shape and numbers of a C-ordered .npy file. Written for these tests alone. */
export function readNpy(name: string): { shape: number[]; values: ArrayLike<number> } {
  const bytes = readFileSync(folder + name);
  const version = bytes[6];
  const headerAt = version === 1 ? 10 : 12;
  const headerLength = version === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8);
  const header = bytes.toString("latin1", headerAt, headerAt + headerLength);
  const shape = /'shape': \(([^)]*)\)/
    .exec(header)![1]
    .split(",")
    .filter((part) => part.trim() !== "")
    .map(Number);
  const kind = /'descr': '[<|=]([a-z]\d)'/.exec(header)![1];
  const start = headerAt + headerLength;
  const buffer = bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length);
  const types: Record<string, (b: ArrayBuffer) => ArrayLike<number>> = {
    u1: (b) => new Uint8Array(b),
    u2: (b) => new Uint16Array(b),
    i4: (b) => new Int32Array(b),
    f4: (b) => new Float32Array(b),
    f8: (b) => new Float64Array(b),
  };
  return { shape, values: types[kind](buffer as ArrayBuffer) };
}

export function readScan(name: string): DenseScan {
  const { shape, values } = readNpy(name);
  const [rows, columns, height, width] = shape;
  return denseScan([rows, columns], [height, width], Float64Array.from(values));
}

export const readPeers = (): Record<string, never> & {
  svd: { singularValues: number[] };
  nmf: { objective: number };
  nmfErrorByRank: Record<string, number>;
  fuzzyCMeans: { objective: number; partitionCoefficient: number };
} => JSON.parse(readFileSync(`${folder}nanowire/peers.json`, "utf8"));
