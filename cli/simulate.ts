import { existsSync } from "node:fs";
import { basename, extname } from "node:path";
import { Command } from "commander";
import type { Images, PatternSource, Patterns } from "../src/index.ts";
import { UsageError } from "./failure.ts";
import { library } from "./library.ts";
import { type Model, models } from "./models.ts";
import { given, print, type RunOptions, type RunWatch, run, subcommand } from "./run.ts";
import { does } from "./subcommands.ts";

/** What was simulated; every stack of the truth becomes a file beside the scan, and one JSON file describes them all. */
export interface Simulated {
  readonly source: PatternSource;
  /** All parameters, as the library names them. */
  readonly parameters: object;
  readonly truth: readonly TrueStack[];
  /** What else is known. */
  readonly more?: object;
}

interface TrueStack {
  readonly name: string;
  readonly stack: Images | Patterns;
  /** What each of the stack is. */
  readonly items: readonly string[];
  readonly unit: string;
}

interface SimulateOptions extends RunOptions {
  readonly out: string;
  readonly force?: true;
}

/** endmember simulate MODEL: a scan of which the truth is known. */
export function simulate(): Command {
  const command = new Command("simulate")
    .description(does.simulate)
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
      await write(name, made, { out, ...(force && { force }), ...(json && { json }) }, watch);
    }),
  );
}

async function write(
  name: string,
  made: Simulated,
  { out, force, json }: SimulateOptions,
  watch: RunWatch,
): Promise<void> {
  const { npy, writeBeside, writeScan } = await library();
  const { source, truth } = made;
  const stem = out.slice(0, out.length - extname(out).length);
  const arrayOf = (stack: TrueStack) => `${stem}-truth-${stack.name}.npy`;
  const description = `${stem}-truth.json`;
  const files = [out, ...truth.map(arrayOf), description];
  const taken = force ? undefined : files.find((file) => existsSync(file));
  if (taken !== undefined)
    throw new UsageError(`${taken}: expected a new file, found one that exists; --force replaces it`);

  const options = given({ force }, "force");
  await writeScan(source, out, {
    ...watch,
    onProgress: (_, done) => watch.onProgress("simulate", done),
    ...options,
  });
  for (const known of truth) {
    const { values, count, size } = known.stack;
    await writeBeside(arrayOf(known), (sink) => sink.write(npy(values, [count, ...size])), options);
  }
  const text = `${JSON.stringify(await described(name, made, out, arrayOf), null, 2)}\n`;
  await writeBeside(description, (sink) => sink.write(new TextEncoder().encode(text)), options);
  const { positions, pixels, dtype } = source;
  print(
    { files, positions, pixels, dtype },
    [
      ["simulated", `${positions.join(" × ")} patterns of ${pixels.join(" × ")} px, ${dtype}`],
      ...files.map((file) => ["written", file] as const),
    ],
    json,
  );
}

/** What NAME-truth.json holds. */
async function described(
  model: string,
  { source: { positions, pixels, dtype, axes }, parameters, truth, more }: Simulated,
  out: string,
  arrayOf: (stack: TrueStack) => string,
): Promise<object> {
  const { version } = await library();
  return {
    endmember: version,
    model,
    parameters,
    scan: { file: basename(out), positions, pixels, dtype, axes },
    arrays: truth.map((known) => ({
      file: basename(arrayOf(known)),
      dtype: "float32",
      shape: [known.stack.count, ...known.stack.size],
      axes: [
        known.items,
        ...(known.stack.kind === "images" ? ["scan row", "scan column"] : ["detector row", "detector column"]),
      ],
      unit: known.unit,
    })),
    ...more,
  };
}
