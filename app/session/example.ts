import { simulateNanowire, write } from "../../src/index.ts";

const name = "nanowire.hspy";

/** The scan that `npm start` simulates, as the file that it writes. */
export async function exampleFile(onProgress?: (stage: string, fraction: number) => void): Promise<File> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  await write(
    simulateNanowire({ dose: 40_000 }).source,
    name,
    { write: (bytes) => void parts.push(bytes.slice()) },
    { ...(onProgress && { onProgress: (_, fraction) => onProgress("simulate", fraction) }) },
  );
  return new File(parts, name);
}
