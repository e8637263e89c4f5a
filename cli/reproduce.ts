import { basename, join } from "node:path";
import { Argument, type Command } from "commander";
import type { FigureName, Reproduction } from "../src/index.ts";
import { wholeNumber } from "./arguments.ts";
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

interface ReproduceOptions extends RunOptions, OpenOptions {
  readonly out: string;
  readonly scan?: string;
  readonly force?: true;
  readonly seed?: number;
  readonly threads?: number;
}

/** Help must come before the library is loaded, so the names are written here again; a test compares them. */
const names = ["fig1", "fig2", "fig3", "fig4", "fig5", "fig6", "fig7"] as const;

/** endmember reproduce: the figures of the paper, each with what the paper says of it and what was measured. */
export function reproduce(): Command {
  const command = subcommand(
    "reproduce",
    does.reproduce,
    `
    endmember reproduce all --out figures
    endmember reproduce fig5 fig6 --out models
    endmember reproduce fig2 fig3 --scan nanowire.blo --out mine`,
  ).addArgument(new Argument("[FIGURES...]", "which, default: all").choices([...names, "all"]));
  return opening(command)
    .requiredOption("--out <DIR>", "folder for the results")
    .option("--scan <FILE>", "for Figs 1 to 4: a scan of yours in place of the simulated wire")
    .option("--force", "replace the results of an earlier run")
    .option("--seed <N>", "for everything random; default: 1", wholeNumber(0, 2 ** 32 - 1))
    .option("--threads <N>", "worker threads, default: one for each core", wholeNumber(1, 64))
    .action((figures: readonly (FigureName | "all")[], options: ReproduceOptions) =>
      run(options, (watch) => make(chosen(figures), options, watch)),
    );
}

const chosen = (figures: readonly (FigureName | "all")[]): readonly FigureName[] =>
  figures.length === 0 || figures.includes("all") ? names : names.filter((name) => figures.includes(name));

/** Files by which results of an earlier run are known: only such a folder is ever replaced. */
const marks = ["index.html", "claims.json"];

async function make(figures: readonly FigureName[], options: ReproduceOptions, watch: RunWatch): Promise<void> {
  const {
    newFolder,
    onThreads,
    openScan,
    rasteriseThreads,
    reproduce,
    reproductionFiles,
    rockedOnThreads,
    version,
    writeFiles,
  } = await library();
  const began = performance.now();
  const source = options.scan === undefined ? undefined : await openScan(options.scan, await openingOf(options));
  try {
    const folder = await newFolder(options.out, marks, given(options, "force"));
    try {
      const made = await reproduce(figures, {
        ...watch,
        scanOf: (from) => onThreads(from, { signal: watch.signal, ...given(options, "threads") }),
        rocked: rockedOnThreads(given(options, "threads")),
        seed: options.seed ?? 1,
        ...(source && { scan: source }),
      });
      const drawing = rasteriseThreads();
      try {
        const scan = options.scan === undefined ? {} : { scan: basename(options.scan) };
        await writeFiles(
          folder.path,
          await reproductionFiles(made, { rasterise: drawing.rasterise, version, ...scan }),
          watch,
        );
      } finally {
        await drawing.close();
      }
      watch.signal.throwIfAborted();
      await folder.finish();
      show(made, options, (performance.now() - began) / 1000);
    } catch (error) {
      await folder.discard();
      throw error;
    }
  } finally {
    source?.close();
  }
}

function show(made: readonly Reproduction[], { out, json }: ReproduceOptions, seconds: number): void {
  const claims = made.flatMap((figure) => figure.claims.map((claim) => ({ figure: figure.name, ...claim })));
  const failed = claims.filter(({ holds }) => holds === false);
  print(
    { out, page: join(out, "index.html"), seconds, claims },
    [
      ...made.map(({ name, claims, seconds }) => {
        const told = claims.filter(({ holds }) => holds !== null);
        const kept = told.filter(({ holds }) => holds).length;
        return [name, `${kept} of ${told.length} claims hold, ${seconds.toFixed(1)} s`] as const;
      }),
      ...failed.map(({ figure, claim, measured }) => ["does not hold", `${figure}: ${claim} (${measured})`] as const),
      ["page", join(out, "index.html")],
    ],
    json,
  );
}
