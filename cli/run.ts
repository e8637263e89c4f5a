import { Command } from "commander";
import type { Recipe } from "../src/index.ts";
import { size } from "./arguments.ts";
import { UsageError } from "./failure.ts";
import { abortedBySystem } from "./interruption.ts";
import { progress } from "./progress.ts";

/** Options that every subcommand has. */
export interface RunOptions {
  readonly quiet?: true;
  readonly json?: true;
  readonly debug?: true;
}

/** How the file is to be opened. */
export interface OpenOptions {
  readonly shape?: readonly [number, number];
  readonly dataset?: string;
  readonly raw?: string;
  readonly allowIncomplete?: true;
}

/** How a run reports on itself, and is stopped. */
export interface RunWatch {
  readonly signal: AbortSignal;
  readonly onProgress: (stage: string, fraction: number) => void;
}

/** A subcommand with the options that all have. */
export function subcommand(name: string, description: string, examples: string): Command {
  return new Command(name)
    .description(description)
    .helpOption("-h, --help", "print this help")
    .option("--json", "print JSON")
    .option("--quiet", "no progress on stderr")
    .option("--debug", "on failure, also print where in the program")
    .addHelpText("after", `\nExamples:\n${examples.trim().replace(/^\s*/gm, "  $ ")}`);
}

/** Adds the options that say what a file does not. */
export function opening(command: Command): Command {
  return command
    .option("--shape <RxC>", "scan size, for files that hold one long stack of patterns", size)
    .option("--dataset <PATH>", "dataset inside a file that holds several")
    .option("--raw <DTYPE:SHAPE[:OFFSET]>", "read plain numbers, as in u16:36x40x128x128:512")
    .option("--allow-incomplete", "open a recording that stopped early; what is missing reads as zeros");
}

/** What the options say about opening, as the library takes it and recipes keep it. */
export async function openingOf(options: OpenOptions): Promise<Recipe["open"]> {
  const plain = given(options, "shape", "dataset", "allowIncomplete");
  if (options.raw === undefined) return plain;
  const { parseRaw } = await import("../src/open.ts");
  try {
    return { ...plain, raw: parseRaw(options.raw) };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Does the work of a subcommand with a progress display, until it is done or interrupted. */
export async function run<Result>(options: RunOptions, work: (watch: RunWatch) => Promise<Result>): Promise<Result> {
  const { show, end } = progress(options.quiet ?? false);
  const signal = abortedBySystem();
  try {
    return await work({ signal, onProgress: show });
  } catch (error) {
    // Whatever broke after the user pressed Ctrl-C broke because of it.
    throw signal.aborted ? signal.reason : error;
  } finally {
    end();
  }
}

/** The fields of `options` that were given: an absent field and an undefined one are not the same to the library. */
export function given<Options extends object, Name extends keyof Options>(
  options: Options,
  ...names: readonly Name[]
): Partial<Pick<Options, Name>> {
  return Object.fromEntries(
    names.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]),
  ) as Partial<Pick<Options, Name>>;
}

/** The result on stdout: JSON, or lines of label and value. */
export function print(value: object, lines: readonly (readonly [label: string, text: string])[], json = false): void {
  const width = Math.max(...lines.map(([label]) => label.length));
  const text = lines.map(([label, line]) => `${label.padEnd(width + 2)}${line}`.trimEnd()).join("\n");
  process.stdout.write(`${json ? JSON.stringify(value, null, 2) : text}\n`);
}
