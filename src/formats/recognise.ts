import type { Bytes } from "./bytes.ts";

// By what each format is known. It stands apart from what reads the formats, so that of the readers only the one is loaded that a file needs.
// `head` holds a file's first bytes, at most 4096.

/** Whether bytes begin with a text in ASCII. */
export const startsWith = (head: Uint8Array, text: string): boolean =>
  Array.from(text).every((letter, index) => head[index] === letter.charCodeAt(0));

const startsWithBytes = (head: Uint8Array, bytes: readonly number[]): boolean =>
  bytes.every((byte, index) => head[index] === byte);

export const isBlo = (head: Uint8Array): boolean => startsWith(head, "IMGBLO");

export const npyMagic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

export const isNpy = (head: Uint8Array): boolean => startsWithBytes(head, npyMagic);

/** A zip archive whose first file is a NumPy array. */
export const isNpz = (head: Uint8Array): boolean => firstInZip(head)?.endsWith(".npy") ?? false;

/** A zip archive whose first file lies in a Zarr hierarchy. */
const isZarrArchive = (head: Uint8Array): boolean =>
  /(^|\/)(\.zgroup|\.zarray|\.zattrs|\.zmetadata|zarr\.json)$|\/c?\d+([./]\d+)*$/.test(firstInZip(head) ?? "");

/** A file of metadata: `.zgroup`, `.zarray`, `.zmetadata` or `zarr.json`. Attributes may stand before what tells it. */
function isZarrMarker(bytes: Bytes, head: Uint8Array): boolean {
  if (head[0] !== 0x7b || bytes.size > 2 ** 24) return false;
  const text = new TextDecoder().decode(head.length < bytes.size ? bytes.read(0, bytes.size) : head);
  return /"zarr(_consolidated)?_format"\s*:/.test(text);
}

export const isZarr = (bytes: Bytes, head: Uint8Array): boolean => isZarrMarker(bytes, head) || isZarrArchive(head);

/** Name of the first member of a zip archive; undefined where the bytes are of none. */
function firstInZip(head: Uint8Array): string | undefined {
  if (head.length < 30 || !startsWithBytes(head, [0x50, 0x4b, 3, 4])) return undefined;
  const length = head[26]! + 256 * head[27]!;
  return new TextDecoder().decode(head.subarray(30, 30 + length));
}

/** The signature stands at byte 0, 512, 1024, 2048 …: a file may begin with something else. */
export function isHdf5(bytes: Bytes, head: Uint8Array): boolean {
  const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
  if (startsWithBytes(head, signature)) return true;
  for (let offset = 512; offset <= 2 ** 20 && offset + 8 <= bytes.size; offset *= 2) {
    if (startsWithBytes(bytes.read(offset, 8), signature)) return true;
  }
  return false;
}

/** The header beside a Merlin recording. */
export const isMibHeader = (head: Uint8Array): boolean => startsWith(head, "HDR,");

export const isMib = (head: Uint8Array): boolean => startsWith(head, "MQ1,") || isMibHeader(head);

export function isDm(head: Uint8Array): boolean {
  if (head.length < 16 || head[0] !== 0 || head[1] !== 0 || head[2] !== 0) return false;
  const order = head[3] === 3 ? 8 : head[3] === 4 ? 12 : 16;
  return order < 16 && head[order] === 0 && head[order + 1] === 0 && head[order + 2] === 0 && head[order + 3]! <= 1;
}

export const isSer = (head: Uint8Array): boolean => startsWithBytes(head, [0x49, 0x49, 0x97, 0x01]);

export function isTiff(head: Uint8Array): boolean {
  const order = head[0] === 0x49 && head[1] === 0x49 ? 0 : head[0] === 0x4d && head[1] === 0x4d ? 1 : 2;
  return order < 2 && (head[2 + order] === 42 || head[2 + order] === 43) && head[3 - order] === 0;
}

export const isMrc = (head: Uint8Array): boolean =>
  startsWith(head.subarray(208), "MAP") && (head[211] === 0x20 || head[211] === 0);

export const isSeq = (head: Uint8Array): boolean =>
  startsWithBytes(head, [0xed, 0xfe, 0, 0]) &&
  new TextDecoder("utf-16le").decode(head.subarray(4, 24)) === "Norpix seq";

/** The file has no magic number: it is recognised by the header's length, its version and a depth that exists. */
export function isTvips(head: Uint8Array): boolean {
  if (head.length < 24) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const [size, version, , , depth] = [0, 1, 2, 3, 4].map((field) => view.getUint32(4 * field, true));
  return size === 256 && (version === 1 || version === 2) && [8, 16, 32].includes(depth!);
}

/** Bytes of an EMPAD frame, with the two rows that are not of the detector. */
export const empadStride = 4 * 130 * 128;

/** What the EMPAD's own software calls a recording. */
export const empadName = /_x(\d{1,6})_y(\d{1,6})\.raw$/i;

export const isEmpadNumbers = ({ name, size }: Bytes): boolean =>
  empadName.test(name) || (/\.raw$/i.test(name) && size > 0 && size % empadStride === 0);

/** Whether the text describes an EMPAD recording. */
export const describesEmpad = (xml: string): boolean => /<raw_file\b/.test(xml);

export const xmlText = (bytes: Bytes): string => new TextDecoder().decode(bytes.read(0, Math.min(bytes.size, 2 ** 20)));

export const isEmpad = (bytes: Bytes, head: Uint8Array): boolean =>
  (/^\ufeff?\s*<(\?xml|root)\b/.test(new TextDecoder().decode(head.subarray(0, 64))) &&
    describesEmpad(xmlText(bytes))) ||
  isEmpadNumbers(bytes);
