import { existsSync, realpathSync } from "node:fs";
import { basename } from "node:path";
import type { Command } from "commander";
import type { PatternSource } from "../src/index.ts";
import { number, wholeNumber } from "./arguments.ts";
import { UsageError } from "./failure.ts";
import { library } from "./library.ts";
import {
  given,
  type OpenOptions,
  opening,
  openingOf,
  print,
  type RunOptions,
  type RunWatch,
  run,
  subcommand,
} from "./run.ts";
import { does } from "./subcommands.ts";

interface ConvertOptions extends RunOptions, OpenOptions {
  readonly bin?: number;
  readonly scale?: number;
  readonly clip?: true;
  readonly force?: true;
}

/** endmember convert FILE OUT: the same scan in another format. */
export function convert(): Command {
  const command = subcommand(
    "convert",
    does.convert,
    `
    endmember convert scan.mib scan.hspy
    endmember convert --shape 36x40 stack.npy scan.zspy
    endmember convert scan.hspy scan.blo --scale 4095`,
  )
    .argument("<FILE>", "the scan")
    .argument("<OUT>", "where to; the ending says how: .hspy, .zspy, .zarr, .npy, .tif or .blo");
  return opening(command)
    .option("--bin <N>", "sum N × N pixels into one", wholeNumber(1, 64))
    .option("--scale <MAX>", "for .blo, which holds 8 bits: 0 … MAX becomes 0 … 255", number(0))
    .option("--clip", "for .blo: what is below 0 or too large becomes the nearest that fits")
    .option("--force", "replace what is there")
    .action((file: string, out: string, options: ConvertOptions) =>
      run(options, (watch) => make(file, out, options, watch)),
    );
}

async function make(file: string, out: string, options: ConvertOptions, watch: RunWatch): Promise<void> {
  const { isFolderName, version, writerFor } = await import("../src/open.ts");
  const { openScan, sha256, writeScan } = await import("../src/node.ts");
  // All that can be wrong with the names is said before the scan is read.
  if (!isFolderName(out)) writerFor(out);
  if (existsSync(out) && !options.force) {
    throw new UsageError(`${out}: expected a new name, found something that exists; --force replaces it`);
  }
  const recorded = await openScan(file, await openingOf(options));
  try {
    if (existsSync(out) && realpathSync(out) === realpathSync(file)) {
      throw new UsageError(`${out}: expected another place than the scan's own; choose another name`);
    }
    const { sha256: checksum, bytes } = await sha256(file, watch);
    const { note } = recorded.metadata;
    const metadata = {
      ...recorded.metadata,
      // The only text that a block file has room for.
      ...(isBlock(out) && {
        note: `${note === undefined ? "" : `${note}; `}endmember ${version} from ${basename(file)}, SHA-256 ${checksum}`,
      }),
      "source file": basename(file),
      "source format": recorded.format,
      "source SHA-256": checksum,
      "source bytes": bytes,
      "converted by": `endmember ${version}`,
    };
    const source = await fitting({ ...recorded, metadata }, out, options);
    await writeScan(source, out, { ...watch, ...given(options, "force") });
    const { positions, pixels, dtype } = source;
    print(
      { file, out, positions, pixels, dtype, input: { sha256: checksum, bytes } },
      [
        [recorded.name, `${positions.join(" × ")} patterns of ${pixels.join(" × ")} px, ${dtype}`],
        ["written", out],
      ],
      options.json,
    );
  } finally {
    recorded.close();
  }
}

const isBlock = (out: string): boolean => out.toLowerCase().endsWith(".blo");

/** A block file holds eight bits; everything else holds the numbers as they are. */
async function fitting(source: PatternSource, out: string, options: ConvertOptions): Promise<PatternSource> {
  const summed = options.bin ? (await library()).binned(source, options.bin) : source;
  const { scale, clip } = options;
  if (isBlock(out)) {
    const { eightBit } = await library();
    return eightBit(summed, { ...(scale && { max: scale }), ...given({ clip }, "clip") });
  }
  if (scale !== undefined || clip) {
    throw new UsageError(
      `${out}: expected --scale and --clip with a .blo only; other formats hold the numbers as they are`,
    );
  }
  return summed;
}
