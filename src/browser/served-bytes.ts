import type { Bytes } from "../formats/bytes.ts";
import { FormatError } from "../scan/errors.ts";
import { lastPart, slice } from "./blob-bytes.ts";
import { pagedBytes } from "./paged-bytes.ts";

/**
 * A file behind an address, read in ranges (HTTP 206). Only in a Web Worker: a synchronous request elsewhere stops the page.
 * Files beside it are those beside its address, which cannot be listed but where the server does so, with "?list".
 *
 * @param whole  the file's contents, where they were fetched already: read faster than ranges, which cost a round trip each
 * @throws FormatError the server has no such file, or does not serve ranges
 */
export function servedBytes(
  url: string,
  name = decodeURIComponent(lastPart(new URL(url).pathname)),
  whole?: Blob,
): Bytes {
  const found = existing(url, name, whole);
  if (!found) throw new FormatError(`${name}: expected a file at ${url}, found none`, { file: name });
  return found;
}

/** Opens the bytes that a locator of kind "served" names, in another worker. */
export function servedBytesFrom(locator: unknown): Bytes {
  const { url, name, whole } = locator as { url: string; name: string; whole?: Blob };
  return servedBytes(url, name, whole);
}

function existing(url: string, name: string, whole?: Blob): Bytes | undefined {
  const size = whole?.size ?? servedSize(url, name);
  if (size === undefined) return undefined;
  return pagedBytes({
    name,
    size,
    locator: { kind: "served", url, name, ...(whole && { whole }) },
    fetch(offset, length) {
      if (length === 0) return new Uint8Array(0);
      if (whole) return slice(whole, offset, length, name);
      const answer = request("GET", url, name, `bytes=${offset}-${offset + length - 1}`);
      const all = answer.status === 200 && offset === 0 && length === size;
      if (answer.status !== 206 && !all) throw refused(url, name, answer);
      return new Uint8Array(answer.response as ArrayBuffer);
    },
    sibling: (relative) => {
      const other = addressBeside(url, relative);
      return existing(other, decodeURIComponent(lastPart(new URL(other).pathname)));
    },
    list: (relative) => {
      const answer = request("GET", `${addressBeside(url, relative)}?list`, name);
      if (answer.status !== 200) return [];
      return JSON.parse(new TextDecoder().decode(answer.response as ArrayBuffer)) as string[];
    },
  });
}

function servedSize(url: string, name: string): number | undefined {
  const head = request("HEAD", url, name);
  if (head.status === 404) return undefined;
  if (head.status !== 200) throw refused(url, name, head);
  return Number(head.getResponseHeader("content-length"));
}

/** File names may hold characters that mean something else in an address. */
const addressBeside = (url: string, relative: string): string =>
  new URL(relative.split("/").map(encodeURIComponent).join("/") || ".", url).href;

function request(method: "GET" | "HEAD", url: string, name: string, range?: string): XMLHttpRequest {
  const asked = new XMLHttpRequest();
  asked.open(method, url, false);
  asked.responseType = "arraybuffer";
  if (range) asked.setRequestHeader("Range", range);
  try {
    asked.send();
  } catch (error) {
    throw new FormatError(
      `${name}: the server at ${new URL(url).host} does not answer any more; start it again`,
      { file: name },
      error,
    );
  }
  return asked;
}

const refused = (url: string, name: string, { status }: XMLHttpRequest): FormatError =>
  new FormatError(`${name}: expected a range of ${url} (status 206), found status ${status}`, { file: name });
