import { ShapeError, UnsupportedError } from "../scan/errors.ts";
import type { PatternSource } from "../scan/source.ts";
import type { Bytes } from "./bytes.ts";
import type { OpenOptions } from "./format.ts";
import { openNpy } from "./npy.ts";
import { readHeader } from "./npy-header.ts";
import { pantaRhei } from "./prz.ts";
import { detectorAxis, scanAxis } from "./units.ts";
import { type ZipMember, zipMembers } from "./zip.ts";

/**
 * NumPy's .npz: a zip archive of .npy arrays, stored or deflated; and CEOS PantaRhei's .prz, which is one.
 *
 * The scan is the only array of four dimensions, else the only one of three, else the one that `dataset` names. Arrays of
 * Python objects are pickles, which run code when loaded: they are passed over, never unpickled.
 *
 * @see numpy.savez, numpy.savez_compressed; zip.ts for the archive
 */
export async function openNpz(bytes: Bytes, options: OpenOptions): Promise<PatternSource> {
  const members = zipMembers(bytes);
  const { name, member, shape } = chosen(bytes, arraysIn(members), options.dataset);
  const source = await openNpy(member.open(options.cacheBytes), options);
  const recorded = pantaRhei(bytes, members, shape.length);
  const metadata = { array: name, ...recorded?.metadata, ...source.metadata };
  if (recorded === undefined) return { ...source, name: bytes.name, format: "npz", metadata };
  // A scan that --shape divides otherwise has other steps.
  const kept = shape.length === 4 && shape[0] === source.positions[0] && shape[1] === source.positions[1];
  const [y, x] = kept ? recorded.axes : [];
  const [ky, kx] = recorded.axes.slice(-2);
  const axes: PatternSource["axes"] = {
    positions: [scanAxis(y ?? {}, "y"), scanAxis(x ?? {}, "x")],
    pixels: [detectorAxis(ky ?? {}, "ky"), detectorAxis(kx ?? {}, "kx")],
  };
  return { ...source, name: bytes.name, format: "prz", axes, metadata };
}

interface StoredArray {
  readonly name: string;
  readonly member: ZipMember;
  readonly shape: readonly number[];
}

function arraysIn(members: ReadonlyMap<string, ZipMember>): readonly StoredArray[] {
  const arrays: StoredArray[] = [];
  for (const member of members.values()) {
    if (!member.name.endsWith(".npy")) continue;
    const { type, shape } = headerOf(member) ?? {};
    // Python objects and text are not patterns.
    if (shape === undefined || /[OSUV]/.test(type ?? "O")) continue;
    arrays.push({ name: member.name.slice(0, -".npy".length), member, shape });
  }
  return arrays;
}

/** Without keeping the array: it is opened once more when it is chosen. */
function headerOf(member: ZipMember): ReturnType<typeof readHeader> | undefined {
  try {
    return readHeader(member.open(0));
  } catch (error) {
    if (error instanceof UnsupportedError) return undefined;
    throw error;
  }
}

function chosen(bytes: Bytes, arrays: readonly StoredArray[], wanted: string | undefined): StoredArray {
  const list =
    arrays.map(({ name, shape }) => `${name} (${shape.join("×") || "one number"})`).join(", ") || "no arrays";
  if (wanted !== undefined) {
    const named = arrays.find(({ name }) => name === wanted || `${name}.npy` === wanted);
    if (named !== undefined) return named;
    throw new ShapeError(
      `${bytes.name}: expected an array "${wanted}", found ${list}; name one of these with --dataset`,
      {
        expected: wanted,
        got: list,
      },
    );
  }
  for (const dimensions of [4, 3, 2]) {
    const candidates = arrays.filter(({ shape }) => shape.length === dimensions);
    if (candidates.length === 1) return candidates[0]!;
    if (candidates.length > 1) {
      throw new ShapeError(`${bytes.name}: found several arrays, ${list}; name one of them with --dataset`, {
        expected: "one scan",
        got: list,
      });
    }
  }
  throw new ShapeError(`${bytes.name}: expected an array of rows×columns×rows×columns, found ${list}`, {
    expected: "4-D",
    got: list,
  });
}
