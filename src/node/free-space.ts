import { statfs } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { FormatError } from "../scan/errors.ts";

/**
 * Refuses to begin a file for which the disk has no room. Where the system does not tell how much there is, nothing is refused.
 *
 * @param bytes  that will be written at least
 * @throws FormatError  more than is free
 */
export async function expectSpace(path: string, bytes: number): Promise<void> {
  const disk = await statfs(dirname(resolve(path))).catch(() => undefined);
  const free = disk && disk.bavail * disk.bsize;
  if (free === undefined || bytes <= free) return;
  throw new FormatError(
    `${path}: no space on the disk: expected room for ${sized(bytes)}, found ${sized(free)}; free some, choose another place, or make the scan smaller`,
    { file: basename(path) },
  );
}

function sized(bytes: number): string {
  if (bytes < 2 ** 20) return `${Math.ceil(bytes / 2 ** 10)} KiB`;
  return bytes < 2 ** 30 ? `${(bytes / 2 ** 20).toFixed(0)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
