import type { Bytes } from "./bytes.ts";

/** The file beside this one that has the same name but another ending: `companion(scan.mib, ".hdr")` is scan.hdr, if it is there. */
export const companion = (bytes: Bytes, ending: string): Bytes | undefined =>
  bytes.sibling(`${bytes.name.replace(/\.[^.]*$/, "")}${ending}`);
