import { area } from "../../src/scan/scan.ts";
import { type PatternSource, readPatterns } from "../../src/scan/source.ts";

/** The scan as a Merlin writes it, and the header beside it that says how the scan was laid out. */
export async function merlin(source: PatternSource): Promise<{ file: Uint8Array; header: string }> {
  const [rows, columns] = source.pixels;
  const count = area(source.positions);
  const values = await readPatterns(source, 0, count);
  const headerBytes = 384;
  const frame = headerBytes + 2 * rows * columns;
  const file = new Uint8Array(count * frame);
  const view = new DataView(file.buffer);
  for (let i = 0; i < count; i++) {
    const number = String(i + 1).padStart(6, "0");
    const text = `MQ1,${number},00384,01,${String(columns).padStart(4, "0")},${String(rows).padStart(4, "0")},U16,   1x1,01,2026-01-01 00:00:00.000000,0.001,0,0,0,`;
    file.set(new TextEncoder().encode(text), i * frame);
    for (let pixel = 0; pixel < rows * columns; pixel++) {
      view.setUint16(i * frame + headerBytes + 2 * pixel, values[i * rows * columns + pixel]!);
    }
  }
  return { file, header: `HDR,\nScanX:\t${source.positions[1]}\nScanY:\t${source.positions[0]}\nEnd\t\n` };
}
