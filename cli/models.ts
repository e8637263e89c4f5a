import { type Command, Option } from "commander";
import type { InclinedBoundaryOptions, NanowireOptions } from "../src/index.ts";
import { number, part, size, wholeNumber } from "./arguments.ts";
import { library } from "./library.ts";
import type { RunWatch } from "./run.ts";
import type { Simulated } from "./simulate.ts";

/** A model that `simulate` knows: its options, as the library names them, and what makes it. */
export interface Model {
  readonly name: string;
  readonly summary: string;
  readonly examples: string;
  readonly withOptions: (command: Command) => Command;
  readonly simulate: (options: object, watch: RunWatch) => Promise<Simulated>;
}

const seed = ["--seed <N>", "of everything random, default: 1", wholeNumber(0, 2 ** 32 - 1)] as const;

const nanowire: Model = {
  name: "nanowire",
  summary: "A twinned GaAs nanowire on a carbon film, with precession: four known patterns, mixed linearly.",
  examples: `
    endmember simulate nanowire --out nanowire.hspy
    endmember simulate nanowire --positions 60x80 --dose 2000 --seed 7 --dtype u8 --out weak.hspy`,
  withOptions: (command) =>
    command
      .option("--positions <RxC>", "scan positions, default: 44x40", size)
      .option("--pixels <RxC>", "detector pixels, default: 112x104", size)
      .option(...seed)
      .option("--dose <ELECTRONS>", "per pattern, default: 20000", number(0))
      .addOption(new Option("--dtype <TYPE>", "counts are cut at 255 or 65535, default: u16").choices(["u8", "u16"]))
      .option("--precession <MRAD>", "precession angle, default: 35", number(0, true))
      .option("--convergence <MRAD>", "semi-angle of the beam, default: 1.5", number(0))
      .option("--thickness <NM>", "of the wire, default: 100", number(0))
      .option("--diffracted <PART>", "part of the electrons that the wire scatters, default: 0.6", number(0, true))
      .option("--bend <MRAD>", "tilt along the wire, default: 3", number(0, true))
      .option("--descan <PX>", "half the drift of the direct beam over the scan, default: 3", number(0, true))
      .option("--jitter <PX>", "of the direct beam from position to position, default: 0.4", number(0, true))
      .option("--fractional", "move the direct beam by fractions of pixels"),
  async simulate(options: NanowireOptions) {
    const { source, truth } = (await library()).simulateNanowire(options);
    return { source, truth: { patterns: truth.patterns, abundances: truth.abundances, shifts: truth.shifts } };
  },
};

const inclinedBoundary: Model = {
  name: "inclined-boundary",
  summary:
    "A line scan over the inclined boundary of two crystals: square arrays of peaks, without noise (the paper's Figs 5 and 6).",
  examples: `
    endmember simulate inclined-boundary --out separate.hspy
    endmember simulate inclined-boundary --arrangement contained --mixed 0.6 --out contained.npy`,
  withOptions: (command) =>
    command
      .addOption(
        new Option(
          "--arrangement <WHICH>",
          "peaks that share no pixel, or one pattern part of the other, default: separate",
        ).choices(["separate", "contained"]),
      )
      .option("--positions <RxC>", "scan positions, default: 1x101", size)
      .option("--pixels <RxC>", "detector pixels, default: 64x64", size)
      .option("--mixed <PART>", "part of the positions where both overlap, default: 0.45", part)
      .option("--largest <PART>", "of the second crystal; below 1 it is nowhere pure, default: 1", part)
      .option("--peaks <N>", "of one array along a side, default: 4", wholeNumber(1, 64))
      .option("--spacing <PX>", "between peaks of one array, default: 12", number(0))
      .option("--width <PX>", "standard deviation of a peak, default: 1.2", number(0))
      .option("--height <COUNTS>", "of a peak at full thickness, default: 1000", number(0))
      .option("--ratio <R>", "height of the second array's peaks over the first's, default: 1", number(0))
      .option("--noise", "Poisson counts instead of exact values")
      .addOption(
        new Option("--dtype <TYPE>", "f32 is exact, the others round, default: f32").choices(["u8", "u16", "f32"]),
      )
      .option(...seed),
  async simulate(options: InclinedBoundaryOptions) {
    const { source, truth } = (await library()).simulateInclinedBoundary(options);
    return { source, truth: { ...truth } };
  },
};

/** Every model, in the order that help lists them; a new one is an entry here. */
export const models: readonly Model[] = [nanowire, inclinedBoundary];
