import { simulateNanowire, write } from "../../src/index.ts";

/** A small scan as a file in memory, as playwright hands it to a page: 18×16 positions, 56×56 px. */
export async function scanFile(name: string): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const { source } = simulateNanowire({ positions: [18, 16], pixels: [56, 56], dtype: "u8", dose: 4000, descan: 2 });
  const parts: Uint8Array[] = [];
  await write(source, name, {
    write: (bytes) => {
      parts.push(bytes.slice());
    },
  });
  return { name, mimeType: "application/octet-stream", buffer: Buffer.concat(parts) };
}
