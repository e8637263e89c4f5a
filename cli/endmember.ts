#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { type ExitCode, report } from "./failure.ts";
import { does, load, names, takes } from "./subcommands.ts";

// Nothing is loaded here but the subcommand that is named; it loads the library when it runs. So help comes at once.

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

const program = new Command("endmember")
  .description(
    "Learns the few distinct diffraction patterns in a 4D scanning electron diffraction scan, and where each occurs.",
  )
  .version(version, "-V, --version", "print the version")
  .helpOption("-h, --help", "print this help")
  .helpCommand("help [command]", "print help for a command")
  .usage("COMMAND [options]")
  .configureHelp({
    subcommandTerm: (command) => `${command.name()} ${takes[command.name() as keyof typeof takes] ?? "[command]"}`,
  })
  .addHelpText(
    "after",
    `
Examples:
  $ endmember info scan.blo
  $ endmember analyse scan.blo
  $ endmember image scan.blo --disk 72,71,6 --out dark-field.png

Exit code: 0 done, 1 the data or the run failed, 2 wrong usage.`,
  );

for (const name of names) {
  const named = process.argv.includes(name, 2);
  program.addCommand(named ? await load[name]() : new Command(name).description(does[name]));
}

for (const command of [program, ...program.commands.flatMap((command) => [command, ...command.commands])]) {
  command
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureOutput({ outputError: (text, write) => write(`endmember: ${oneLine(text)}; see ${helpOf(command)}\n`) });
}

function helpOf(command: Command): string {
  const names: string[] = [];
  for (let at: Command | null = command; at !== null; at = at.parent) names.unshift(at.name());
  return `${names.join(" ")} --help`;
}

function oneLine(text: string): string {
  return text
    .replace(/^error: /, "")
    .trim()
    .replace(/\s*\n\s*/g, " ")
    .replace(/\.$/, "");
}

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : 1);
});

async function main(): Promise<ExitCode> {
  if (process.argv.length <= 2) {
    program.outputHelp({ error: true });
    return 2;
  }
  try {
    await program.parseAsync();
    return 0;
  } catch (error) {
    return report(error, process.argv.includes("--debug"));
  }
}

process.exitCode = await main();
