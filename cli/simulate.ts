import { existsSync } from "node:fs";
import { extname } from "node:path";
import { Command } from "commander";
import type { Images, PatternSource, Patterns } from "../src/index.ts";
import { UsageError } from "./failure.ts";
import { library } from "./library.ts";
import { type Model, models } from "./models.ts";
import { given, print, type RunOptions, type RunWatch, run, subcommand } from "./run.ts";

/** What was simulated; every stack of the truth becomes a file beside the scan. */
export interface Simulated {
  readonly source: PatternSource;
  readonly truth: Readonly<Record<string, Images | Patterns>>;
}

interface SimulateOptions extends RunOptions {
  readonly out: string;
  readonly force?: true;
}

/** endmember simulate MODEL: a scan of which the truth is known. */
export function simulate(): Command {
  const command = new Command("simulate")
    .description(
      "Simulates a scan, and writes the truth beside it: NAME-truth-patterns.npy, NAME-truth-abundances.npy …",
    )
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .usage("MODEL --out FILE [options]")
    .addHelpText(
      "after",
      `
Examples:
  $ endmember simulate nanowire --out nanowire.hspy
  $ endmember simulate inclined-boundary --arrangement contained --out model.npy

endmember simulate MODEL --help lists the options of a model.`,
    );
  for (const model of models) command.addCommand(commandOf(model));
  return command;
}

function commandOf({ name, summary, examples, withOptions, simulate }: Model): Command {
  const command = subcommand(name, summary, examples)
    .requiredOption("--out <FILE>", "where to; the ending says how: .hspy, .zspy, .zarr, .tif, .npy or .blo")
    .option("--force", "replace files that are there");
  return withOptions(command).action(({ out, force, quiet, json, debug, ...options }: SimulateOptions) =>
    run({ ...(quiet && { quiet }) }, async (watch) => {
      const { isFolderName, writerFor } = await library();
      if (!isFolderName(out)) writerFor(out);
      const made = await simulate(options, watch);
      await write(made, { out, ...(force && { force }), ...(json && { json }) }, watch);
    }),
  );
}

async function write(
  { source, truth }: Simulated,
  { out, force, json }: SimulateOptions,
  watch: RunWatch,
): Promise<void> {
  const { npy, writeBeside, writeScan } = await library();
  const stem = out.slice(0, out.length - extname(out).length);
  const stacks = Object.entries(truth).map(([name, stack]) => [`${stem}-truth-${name}.npy`, stack] as const);
  const files = [out, ...stacks.map(([name]) => name)];
  const taken = force ? undefined : files.find((name) => existsSync(name));
  if (taken !== undefined)
    throw new UsageError(`${taken}: expected a new file, found one that exists; --force replaces it`);

  const options = given({ force }, "force");
  await writeScan(source, out, {
    ...watch,
    onProgress: (_, done) => watch.onProgress("simulate", done),
    ...options,
  });
  for (const [name, { values, count, size }] of stacks) {
    await writeBeside(name, (sink) => sink.write(npy(values, [count, ...size])), options);
  }
  const { positions, pixels, dtype } = source;
  print(
    { files, positions, pixels, dtype },
    [
      ["simulated", `${positions.join(" × ")} patterns of ${pixels.join(" × ")} px, ${dtype}`],
      ...files.map((name) => ["written", name] as const),
    ],
    json,
  );
}
