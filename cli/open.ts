import { spawn } from "node:child_process";
import type { Command } from "commander";
import { wholeNumber } from "./arguments.ts";
import { abortedBySystem } from "./interruption.ts";
import { given, type OpenOptions, opening, openingOf, type RunOptions, subcommand } from "./run.ts";
import { does } from "./subcommands.ts";

interface ServeOptions extends RunOptions, OpenOptions {
  readonly browser: boolean;
  readonly port?: number;
}

/** endmember open [FILE]: the app, in the browser of this machine. */
export function open(): Command {
  const command = subcommand(
    "open",
    does.open,
    `
    endmember open scan.blo
    endmember open stack.npy --shape 48x58
    endmember open --no-browser`,
  ).argument("[FILE]", "the scan");
  return opening(command)
    .option("--no-browser", "only print the address")
    .option("--port <N>", "default: one that is free", wholeNumber(1, 65535))
    .action(serve);
}

async function serve(file: string | undefined, options: ServeOptions): Promise<void> {
  const { serveApp } = await import("../src/node.ts");
  const signal = abortedBySystem();
  const { url, close } = await serveApp({
    ...(file !== undefined && { file }),
    open: await openingOf(options),
    ...given(options, "port"),
  });
  process.stdout.write(options.json ? `${JSON.stringify({ url })}\n` : `${url}\n`);
  if (!options.quiet) process.stderr.write("Ctrl-C ends it\n");
  if (options.browser) show(url);
  if (!signal.aborted) await new Promise((stopped) => signal.addEventListener("abort", stopped));
  await close();
}

/** Asks the system for its browser. Where there is none, the address that was printed must do. */
function show(url: string): void {
  const [program, ...parameters] =
    process.platform === "darwin"
      ? ["open", url]
      : process.platform === "win32"
        ? ["rundll32", "url.dll,FileProtocolHandler", url]
        : ["xdg-open", url];
  spawn(program!, parameters, { stdio: "ignore", detached: true })
    .on("error", () => process.stderr.write("no browser could be started; open the address above in one\n"))
    .unref();
}
