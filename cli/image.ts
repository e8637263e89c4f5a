import { basename, extname } from "node:path";
import type { Command } from "commander";
import type { Alignment, Images, PatternSource, Patterns } from "../src/index.ts";
import { type ApertureOptions, apertureCount, apertures, withApertures } from "./apertures.ts";
import { numbers, wholeNumber } from "./arguments.ts";
import { UsageError } from "./failure.ts";
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

interface ImageOptions extends RunOptions, OpenOptions, ApertureOptions {
  readonly pattern?: readonly number[];
  readonly mean?: true;
  readonly max?: true;
  readonly align?: true;
  readonly out?: string;
  readonly force?: true;
  readonly threads?: number;
}

/** endmember image FILE: virtual images through apertures, or mean, maximum and single patterns. */
export function image(): Command {
  const command = subcommand(
    "image",
    does.image,
    `
    endmember image scan.blo
    endmember image scan.blo --disk 72,71,6 --disk 40,95,4 --out two.npy
    endmember image scan.blo --align --annulus 72,71,12,40 --out dark-field.svg
    endmember image scan.blo --reflections "40,95,4;104,47,4" --out crystal.tif
    endmember image scan.blo --mean --out mean.png`,
  ).argument("<FILE>", "the scan");
  return withApertures(opening(command))
    .option("--pattern <R,C>", "instead of images: the pattern at this scan position", numbers("R,C"))
    .option("--mean", "instead of images: the mean of all patterns")
    .option("--max", "instead of images: the largest value of each pixel")
    .option("--align", "first move every pattern so that the direct beam stays in place")
    .option("--out <FILE>", `where to: ${endings.join(", ")}; several images become NAME-1.png …`)
    .option("--force", "replace files that are there")
    .option("--threads <N>", "worker threads, default: one for each core", wholeNumber(1, 64))
    .action((file: string, options: ImageOptions) => run(options, (watch) => make(file, options, watch)));
}

/** Apertures are given in pixels of the detector: alignment must not renumber them. */
const edge = "fill";
const endings = [".png", ".svg", ".npy", ".tif"];

async function make(file: string, options: ImageOptions, watch: RunWatch): Promise<void> {
  const kind = kindOf(options);
  const { stem, ending } = target(options.out ?? `${basename(file, extname(file))}-${kind}.png`);
  const { align, item, openScan, recentred, stackFiles, writeBeside } = await import("../src/imaging.ts");
  const recorded = await openScan(file, await openingOf(options));
  try {
    const alignment = options.align || kind === "bright-field" ? await align(recorded, { ...watch, edge }) : undefined;
    const source = alignment ? recentred(recorded, alignment.shifts, edge) : recorded;
    const { stack, titles } = await picture(kind, source, options, watch, alignment);
    const files = stackFiles(stack, { stem, ending, titles, axes: source.axes });
    for (const { name, bytes } of files) await writeBeside(name, (sink) => sink.write(bytes), given(options, "force"));

    const items = titles.map((title, i) => ({ title, ...range(item(stack, i)) }));
    const written = files.map(({ name }) => name);
    print(
      { files: written, kind: stack.kind, size: stack.size, items },
      [
        ...items.map(
          ({ title, least, most, mean }) => [title, `${short(least)} … ${short(most)}, mean ${short(mean)}`] as const,
        ),
        ...written.map((name) => ["written", name] as const),
      ],
      options.json,
    );
  } finally {
    recorded.close();
  }
}

type Kind = "image" | "mean" | "maximum" | "pattern" | "bright-field";

function kindOf(options: ImageOptions): Kind {
  const asked: Kind[] = [];
  if (apertureCount(options) > 0) asked.push("image");
  if (options.mean) asked.push("mean");
  if (options.max) asked.push("maximum");
  if (options.pattern) asked.push("pattern");
  if (asked.length > 1)
    throw new UsageError("expected apertures, --mean, --max or --pattern, found several of them; choose one");
  return asked[0] ?? "bright-field";
}

interface Picture {
  readonly stack: Images | Patterns;
  readonly titles: readonly string[];
}

async function picture(
  kind: Kind,
  source: PatternSource,
  options: ImageOptions,
  watch: RunWatch,
  alignment: Alignment | undefined,
): Promise<Picture> {
  const { disk, maximumPattern, meanPattern, onThreads, patternAt, virtualImages } = await import("../src/imaging.ts");
  if (kind === "maximum") return { stack: await maximumPattern(source, watch), titles: ["Maximum pattern"] };
  if (kind === "pattern") {
    const [row, column] = options.pattern!;
    return { stack: await patternAt(source, [row, column]), titles: [`Pattern at ${row}, ${column}`] };
  }
  const named =
    alignment && kind === "bright-field"
      ? [["Bright field", disk(source.pixels, alignment.centre, Math.max(1, alignment.radius))] as const]
      : await apertures(options, source);
  // One read: keeping patterns for a second one would be a waste of memory.
  const onProgress = (_: string, fraction: number): void => watch.onProgress(kind, fraction);
  const scan = await onThreads(source, { memory: 0, ...watch, onProgress, ...given(options, "threads") });
  try {
    if (kind === "mean") return { stack: await meanPattern(scan), titles: ["Mean pattern"] };
    const stack = await virtualImages(
      scan,
      named.map(([, aperture]) => aperture),
    );
    return { stack, titles: named.map(([title]) => title) };
  } finally {
    await scan.close();
  }
}

function target(out: string): { readonly stem: string; readonly ending: string } {
  const ending = extname(out).toLowerCase();
  if (!endings.includes(ending)) {
    throw new UsageError(
      `--out ${out}: expected a name that ends in ${endings.join(", ")}, found "${ending || "no ending"}"`,
    );
  }
  return { stem: out.slice(0, out.length - ending.length), ending };
}

function range(values: Float32Array): { readonly least: number; readonly most: number; readonly mean: number } {
  const present = values.filter((value) => !Number.isNaN(value));
  return {
    least: present.reduce((a, b) => Math.min(a, b), Infinity),
    most: present.reduce((a, b) => Math.max(a, b), -Infinity),
    mean: present.reduce((a, b) => a + b, 0) / present.length,
  };
}

const short = (value: number): string => String(Number(value.toPrecision(5)));
