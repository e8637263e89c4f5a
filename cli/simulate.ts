import type { Command } from "commander";
import { subcommand } from "./run.ts";

export function simulate(): Command {
  return subcommand(
    "simulate",
    "Simulates a scan of which the truth is known.",
    "endmember simulate nanowire --out nanowire.hspy",
  );
}
