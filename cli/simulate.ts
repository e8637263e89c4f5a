import { existsSync } from "node:fs";
import { extname } from "node:path";
import { Argument, type Command, Option } from "commander";
import type { Images, NanowireOptions, Patterns } from "../src/index.ts";
import { number, size, wholeNumber } from "./arguments.ts";
import { UsageError } from "./failure.ts";
import { library } from "./library.ts";
import { given, print, type RunOptions, type RunWatch, run, subcommand } from "./run.ts";

interface SimulateOptions extends RunOptions, NanowireOptions {
  readonly out: string;
  readonly force?: true;
}

/** endmember simulate MODEL: a scan of which the truth is known. */
export function simulate(): Command {
  return subcommand(
    "simulate",
    "Simulates a scan, and writes the truth beside it: NAME-truth-patterns.npy, NAME-truth-abundances.npy, NAME-truth-shifts.npy.",
    `
    endmember simulate nanowire --out nanowire.hspy
    endmember simulate nanowire --positions 60x80 --dose 2000 --seed 7 --dtype u8 --out weak.blo`,
  )
    .addArgument(
      new Argument("<MODEL>", "nanowire: a twinned GaAs nanowire on a carbon film, with precession").choices([
        "nanowire",
      ]),
    )
    .requiredOption("--out <FILE>", "where to; the ending says how: .hspy, .npy or .blo")
    .option("--force", "replace files that are there")
    .option("--positions <RxC>", "scan positions, default: 44x40", size)
    .option("--pixels <RxC>", "detector pixels, default: 112x104", size)
    .option("--seed <N>", "of counts and descan, default: 1", wholeNumber(0, 2 ** 32 - 1))
    .option("--dose <ELECTRONS>", "per pattern, default: 20000", number(0))
    .addOption(new Option("--dtype <TYPE>", "counts are cut at 255 or 65535, default: u16").choices(["u8", "u16"]))
    .option("--precession <MRAD>", "precession angle, default: 35", number(0, true))
    .option("--convergence <MRAD>", "semi-angle of the beam, default: 1.5", number(0))
    .option("--thickness <NM>", "of the wire, default: 100", number(0))
    .option("--diffracted <PART>", "part of the electrons that the wire scatters, default: 0.6", number(0, true))
    .option("--bend <MRAD>", "tilt along the wire, default: 3", number(0, true))
    .option("--descan <PX>", "half the drift of the direct beam over the scan, default: 3", number(0, true))
    .option("--jitter <PX>", "of the direct beam from position to position, default: 0.4", number(0, true))
    .option("--fractional", "move the direct beam by fractions of pixels")
    .action((_model: string, options: SimulateOptions) => run(options, (watch) => make(options, watch)));
}

async function make({ out, force, quiet, json, debug, ...model }: SimulateOptions, watch: RunWatch): Promise<void> {
  const { npy, simulateNanowire, write, writeBeside, writerFor } = await library();
  writerFor(out);
  const { source, truth } = simulateNanowire(model);
  const stem = out.slice(0, out.length - extname(out).length);
  const stacks: readonly (readonly [string, Images | Patterns])[] = [
    [`${stem}-truth-patterns.npy`, truth.patterns],
    [`${stem}-truth-abundances.npy`, truth.abundances],
    [`${stem}-truth-shifts.npy`, truth.shifts],
  ];
  const files = [out, ...stacks.map(([name]) => name)];
  const taken = force ? undefined : files.find((name) => existsSync(name));
  if (taken !== undefined)
    throw new UsageError(`${taken}: expected a new file, found one that exists; --force replaces it`);

  const options = given({ force }, "force");
  await writeBeside(
    out,
    (sink) => write(source, out, sink, { ...watch, onProgress: (_, done) => watch.onProgress("simulate", done) }),
    options,
  );
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
