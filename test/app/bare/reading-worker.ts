import type { GivenFile } from "../../../src/browser/blob-bytes.ts";
import { openFileSource } from "../../../src/browser/open-scan.ts";
import type { OpenOptions } from "../../../src/formats/format.ts";
import { checksum } from "../checksum.ts";

/** Which of the given files to read, and how. */
export interface Wanted {
  readonly path: string;
  readonly name: string;
  readonly options: OpenOptions;
}

interface Asked {
  readonly given: readonly GivenFile[];
  readonly wanted: readonly Wanted[];
  readonly plugins: string;
}

// Reads files one after the other, as the engine's workers do.
self.onmessage = async ({ data }: MessageEvent<Asked>) => {
  const { given, wanted, plugins } = data;
  const found: Record<string, string> = {};
  for (const { path, name, options } of wanted) {
    try {
      const locator = { kind: "blob", path, given, name };
      const source = await openFileSource({ kind: "file", locator, options, plugins });
      found[path] = await checksum(source);
      source.close();
    } catch (error) {
      found[path] = String(error);
    }
  }
  postMessage(found);
};
