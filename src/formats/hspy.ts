import { zlibSync } from "fflate";
import type { PatternSource, Watch } from "../scan/source.ts";
import type { Sink } from "./format.ts";
import { type Hdf5Chunk, type Hdf5Place, hdf5ChunkIndex, hdf5Dataset, hdf5File, hdf5Group } from "./hdf5-writer.ts";
import { type Described, hyperspyFile, hyperspySignal } from "./hyperspy-signal.ts";
import { eachRowChunk, rowChunks } from "./row-chunks.ts";

/** Counts pack nearly as small at the fastest level, in a third of the time. */
const level = 1;

/**
 * Writes the scan as HyperSpy does (file format 3.1), in zlib-packed chunks of whole patterns along a row. About 2 MiB are
 * held, and 50 bytes for each chunk, where the sink can be patched; otherwise the packed file.
 */
export async function writeHspy(source: PatternSource, sink: Sink, watch: Watch = {}): Promise<void> {
  const place = await hdf5File(sink);
  const { patterns, count } = rowChunks(source);
  const shape = [...source.positions, ...source.pixels];
  const chunks: Hdf5Chunk[] = [];
  await eachRowChunk(source, watch, async (row, chunk, bytes) => {
    const packed = zlibSync(bytes, { level });
    chunks.push({
      start: [row, chunk * patterns, 0, 0],
      bytes: packed.length,
      address: await place.append(packed),
    });
  });
  const index = await hdf5ChunkIndex(place, chunks, [source.positions[0], count[1] * patterns, ...source.pixels]);
  const data = await place.append(hdf5Dataset(shape, [1, patterns, ...source.pixels], source.dtype, index, level));

  const { name, signal } = hyperspySignal(source);
  const experiment = await written(place, signal, { data });
  const experiments = await place.append(hdf5Group({ [name]: experiment }));
  await place.finish(await place.append(hdf5Group({ Experiments: experiments }, hyperspyFile("HyperSpy"))));
}

/** Writes a group behind everything that is in it. */
async function written(
  place: Hdf5Place,
  group: Described,
  members: Readonly<Record<string, number>> = {},
): Promise<number> {
  const inside: Record<string, number> = { ...members };
  for (const [name, member] of Object.entries(group.members)) inside[name] = await written(place, member);
  return place.append(hdf5Group(inside, group.attributes));
}
