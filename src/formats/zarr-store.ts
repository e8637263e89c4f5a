import { FormatError } from "../scan/errors.ts";
import type { Bytes } from "./bytes.ts";
import { zipMembers } from "./zip.ts";

/** Files of a Zarr hierarchy by their keys ("data/.zarray", "data/0.0"): a folder, or a zip archive. */
export interface ZarrStore {
  readonly name: string;
  /** The file of that key, or undefined. Closed by who opened it. */
  open(key: string): Bytes | undefined;
  /** Names in the folder of that key; absent where the platform cannot list folders. */
  readonly list?: (folder: string) => readonly string[];
  close(): void;
}

/** A folder, opened by one of the marker files in it. */
export const folderStore = (marker: Bytes): ZarrStore => ({
  name: marker.name,
  open: (key) => marker.sibling(key),
  ...(marker.list ? { list: (folder: string) => marker.list!(folder) } : {}),
  close: () => marker.close(),
});

/** A zip archive. @throws FormatError its directory is damaged */
export function zipStore(archive: Bytes): ZarrStore {
  const members = zipMembers(archive);
  const folders = new Map<string, Set<string>>();
  for (const name of members.keys()) {
    let [folder, rest] = ["", name];
    for (let slash = rest.indexOf("/"); ; slash = rest.indexOf("/")) {
      const first = slash < 0 ? rest : rest.slice(0, slash);
      if (first !== "") folders.set(folder, (folders.get(folder) ?? new Set()).add(first));
      if (slash < 0) break;
      folder = folder === "" ? first : `${folder}/${first}`;
      rest = rest.slice(slash + 1);
    }
  }
  return {
    name: archive.name,
    // Closing a member would close the archive.
    open: (key) => {
      const member = members.get(key)?.open();
      return member && { ...member, close: () => {} };
    },
    list: (folder) => [...(folders.get(folder) ?? [])],
    close: () => archive.close(),
  };
}

const mostJson = 2 ** 26;

/** The JSON text of a file, or undefined where there is no such file. @throws FormatError it is not JSON */
export function jsonOf(store: ZarrStore, key: string): Readonly<Record<string, unknown>> | undefined {
  const file = store.open(key);
  if (file === undefined) return undefined;
  try {
    if (file.size > mostJson) throw new SyntaxError(`${file.size} bytes`);
    const text = new TextDecoder().decode(file.read(0, file.size));
    const value: unknown = JSON.parse(withoutNaN(text));
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw new SyntaxError("no object");
    return value as Record<string, unknown>;
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw new FormatError(
      `${store.name}: expected JSON in ${key}, found ${error instanceof Error ? error.message.replaceAll(/\s+/g, " ") : error}; the file is damaged`,
      { file: store.name, object: key },
      error,
    );
  } finally {
    file.close();
  }
}

/** Python writes NaN and Infinity, which are no JSON, into attributes. */
const withoutNaN = (text: string): string =>
  /NaN|Infinity/.test(text)
    ? text.replaceAll(/("(?:[^"\\]|\\.)*")|-?\b(?:NaN|Infinity)\b/g, (_, quoted?: string) => quoted ?? "null")
    : text;
