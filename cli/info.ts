import { freemem } from "node:os";
import type { Command } from "commander";
import { type OpenOptions, opening, openingOf, print, type RunOptions, run, subcommand } from "./run.ts";
import { does } from "./subcommands.ts";

/** endmember info FILE: what is in a scan, and what it takes to analyse it. */
export function info(): Command {
  const command = subcommand(
    "info",
    does.info,
    `
    endmember info scan.blo
    endmember info --json scan.hspy
    endmember info --shape 36x40 stack.npy`,
  ).argument("<FILE>", "the scan");
  return opening(command).action(async (file: string, options: RunOptions & OpenOptions) => {
    const { memoryForecast, openScan } = await import("../src/open.ts");
    await run(options, async () => {
      const source = await openScan(file, await openingOf(options));
      try {
        const { name, format, positions, pixels, dtype, axes, metadata } = source;
        const memory = { ...memoryForecast(source), free: freemem() };
        print(
          { file, format, positions, pixels, dtype, axes, metadata, memory },
          [
            [name, `${format}, ${mebibytes(memory.scan)} of patterns`],
            ["scan", `${positions.join(" × ")} positions, ${steps(axes.positions)}`],
            ["patterns", `${pixels.join(" × ")} px of ${dtype}, ${steps(axes.pixels)}`],
            ...Object.entries(metadata).map(([label, value]) => [label, String(value)] as const),
            ["memory", forecast(memory)],
          ],
          options.json,
        );
      } finally {
        source.close();
      }
    });
  });
}

interface StepAxis {
  readonly step: number;
  readonly unit: string;
}

function steps([rows, columns]: readonly [StepAxis, StepAxis]): string {
  if (rows.unit === "px" && columns.unit === "px" && rows.step === 1 && columns.step === 1) return "not calibrated";
  const [row, column] = [rows, columns].map(({ step, unit }) => `${Number(step.toPrecision(5))} ${unit}`);
  return row === column ? `step ${row}` : `step ${row} in rows, ${column} in columns`;
}

function forecast(memory: { scan: number; copy: number; working: number; free: number }): string {
  const { scan, copy, working, free } = memory;
  const whole = `analyse takes about ${mebibytes(scan + copy + working)}`;
  if (scan <= free / 2) return `${whole} (${mebibytes(free)} free); with --memory as little as ${mebibytes(working)}`;
  return `${whole} to hold the scan; only ${mebibytes(free)} are free, so it reads the file several times within about ${mebibytes(working + free / 2)}`;
}

function mebibytes(bytes: number): string {
  const value = bytes / 2 ** 20;
  return value >= 1024 ? `${(value / 1024).toFixed(1)} GiB` : `${value.toFixed(value < 10 ? 1 : 0)} MiB`;
}
