import { formats } from "../formats/formats.ts";
import { FormatError } from "../scan/errors.ts";
import { blobBytes, type GivenFile, lastPart } from "./blob-bytes.ts";

// What a folder holds that is a scan: Zarr of version 3 and 2.
const markers = ["zarr.json", ".zgroup", ".zarray"];

export const isMarker = (name: string): boolean => markers.includes(name);

/**
 * Which of the files given together is the scan; the others are its companions, or its parts.
 *
 * The marker at the top of a folder makes the folder a Zarr hierarchy, named as the folder. Otherwise it is the first file, by name, whose content
 * some format recognises; a DECTRIS master file before its data files, numbers before what describes them.
 *
 * @param given   paths and contents
 * @param anyone  take a single file whatever it holds: the caller knows what its bytes are
 * @throws FormatError no file was given, or none is recognised
 */
export function mainFile(
  given: readonly GivenFile[],
  anyone = false,
): { readonly path: string; readonly name: string } {
  const paths = given.map(({ path }) => path).toSorted(byName);
  const [first] = paths;
  if (first === undefined) throw new FormatError("expected a file, found none; an empty folder?", { file: "" });
  if (paths.length === 1) return { path: first, name: lastPart(first) };

  const top = Math.min(...paths.map(depth));
  const marker = markers
    .map((name) => paths.find((path) => depth(path) === top && lastPart(path) === name))
    .find(Boolean);
  if (marker !== undefined) {
    const folder = lastPart(marker.slice(0, Math.max(0, marker.lastIndexOf("/"))));
    return { path: marker, name: folder || lastPart(marker) };
  }
  // Descriptions can be opened too, but a scan is known by the file that holds it.
  const rank = (path: string): number => (/_master\.h5$/i.test(path) ? 0 : /\.(hdr|xml)$/i.test(path) ? 2 : 1);
  const candidates = paths.filter((path) => !/^\./.test(lastPart(path))).toSorted((a, b) => rank(a) - rank(b));
  const found = anyone ? candidates[0] : candidates.find((path) => recognised(path, given));
  if (found !== undefined) return { path: found, name: lastPart(found) };
  const names = paths.slice(0, 3).map(lastPart).join(", ");
  throw new FormatError(
    `expected a scan among ${paths.length} files (${names}${paths.length > 3 ? " …" : ""}), found none that any format recognises; open the scan's own file`,
    { file: lastPart(first) },
  );
}

function recognised(path: string, given: readonly GivenFile[]): boolean {
  const bytes = blobBytes(path, given);
  try {
    const head = bytes.read(0, Math.min(4096, bytes.size));
    return formats.some((format) => format.recognise(bytes, head));
  } catch {
    return false; // what is wrong with a file shows when it is opened by itself
  } finally {
    bytes.close();
  }
}

const depth = (path: string): number => path.split("/").length;
const byName = (a: string, b: string): number => a.localeCompare(b, "en", { numeric: true });
