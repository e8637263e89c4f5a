import { Zip, ZipPassThrough } from "fflate";
import type { ResultFile } from "../../../src/index.ts";

/** Where the command line would write results: scan.blo gives scan-endmember. */
export const resultFolder = (name: string): string => `${name.replace(/\.[^.]*$/, "")}-endmember`;

/** Hands bytes to the browser's downloads. */
export function download(name: string, parts: readonly Uint8Array[], type: string): void {
  const address = URL.createObjectURL(new Blob(parts as Uint8Array<ArrayBuffer>[], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name.split("/").at(-1)!;
  link.click();
  // The download has its own hold on the bytes once it has begun.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** All files in one archive, not compressed: figures are already, and arrays of counting noise hardly shrink. */
export function zipped(folder: string, files: readonly ResultFile[]): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let failure: Error | null = null;
  const archive = new Zip((error, part) => {
    failure ??= error;
    parts.push(part);
  });
  for (const { name, bytes } of files) {
    const entry = new ZipPassThrough(`${folder}/${name}`);
    archive.add(entry);
    entry.push(bytes, true);
  }
  archive.end();
  if (failure) throw failure;
  return parts;
}

const types: Readonly<Record<string, string>> = {
  svg: "image/svg+xml",
  png: "image/png",
  html: "text/html",
  json: "application/json",
  npy: "application/octet-stream",
  hspy: "application/x-hdf5",
};

/** The media type of a result file. */
export const typeOf = (name: string): string => types[name.split(".").at(-1) ?? ""] ?? "application/octet-stream";
