import { readFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import type {
  BentNanowireOptions,
  BicrystalOptions,
  InclinedBoundaryOptions,
  NanowireOptions,
  PatternSource,
} from "../src/index.ts";
import { anyNumber, listed, number, numbers, part, places, size, wholeNumber } from "./arguments.ts";
import { UsageError } from "./failure.ts";
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

const deadPixels = ["--dead-pixels <R,C;R,C…>", "that record nothing, default: none", places] as const;

/** What options of the detector say in the library's words. */
function withDeadPixels<Options extends { readonly pixels?: readonly [number, number] }>(
  { deadPixels: dead, ...options }: Options & { readonly deadPixels?: readonly (readonly [number, number])[] },
  usual: readonly [number, number],
) {
  const [rows, columns] = options.pixels ?? usual;
  const off = dead?.find(([row, column]) => row >= rows || column >= columns);
  if (off)
    throw new UsageError(
      `--dead-pixels: expected pixels of ${rows} x ${columns}, found ${off.join()}; rows and columns count from 0`,
    );
  return { ...options, ...(dead && { deadPixels: dead.map(([row, column]) => row * columns + column) }) };
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
      .option("--energy <EV>", "of the beam, default: 300000", number(0))
      .option("--thickness <NM>", "of the wire, default: 100", number(0))
      .option(
        "--wire-angle <DEGREES>",
        "of the wire, anticlockwise from the columns' direction, default: 20",
        anyNumber,
      )
      .option("--diffracted <PART>", "part of the electrons that the wire scatters, default: 0.6", number(0, true))
      .option("--bend <MRAD>", "tilt along the wire, default: 3", number(0, true))
      .option("--descan <PX>", "half the drift of the direct beam over the scan, default: 3", number(0, true))
      .option("--jitter <PX>", "of the direct beam from position to position, default: 0.4", number(0, true))
      .option("--fractional", "move the direct beam by fractions of pixels")
      .option(...deadPixels),
  async simulate(options: NanowireOptions) {
    const { source, truth } = (await library()).simulateNanowire(withDeadPixels(options as object, [112, 104]));
    return {
      source,
      parameters: parametersOf(source),
      truth: [
        {
          name: "patterns",
          stack: truth.patterns,
          items: ["twin A", "twin B", "vacuum", "carbon film"],
          unit: "electrons, expected",
        },
        {
          name: "abundances",
          stack: truth.abundances,
          items: ["twin A", "twin B", "vacuum", "carbon film"],
          unit: "part of the pattern, summing to 1",
        },
        { name: "shifts", stack: truth.shifts, items: ["rows", "columns"], unit: "px" },
      ],
      more: { centre: truth.centre },
    };
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
    const items = ["first crystal", "second crystal"];
    return {
      source,
      parameters: parametersOf(source),
      truth: [
        { name: "patterns", stack: truth.patterns, items, unit: "counts at full thickness" },
        { name: "abundances", stack: truth.abundances, items, unit: "part of the thickness, summing to 1" },
      ],
    };
  },
};

const bentNanowire: Model = {
  name: "bent-nanowire",
  summary:
    "The experiment of the paper's Figs 1 to 4: a bent, hexagonal, twinned GaAs nanowire on carbon film, with or without precession, by a camera or a counting detector.",
  examples: `
    endmember simulate bent-nanowire --precession 0 --out bend-contours.blo
    endmember simulate bent-nanowire --tilt 31.5 --boundaries 0 --precession 18 --out oblique.hspy
    endmember simulate bent-nanowire --counting 4095 --dose 5000 --out counted.hspy`,
  withOptions: (command) =>
    command
      .option("--positions <RxC>", "scan positions, default: 30x80", size)
      .option("--pixels <RxC>", "detector pixels, default: 112x112", size)
      .option("--step-size <NM>", "between positions, default: 10", number(0))
      .option("--precession <MRAD>", "precession angle, default: 35", number(0, true))
      .option("--convergence <MRAD>", "semi-angle of the beam, default: 1.5", number(0))
      .option("--energy <EV>", "of the beam, default: 300000", number(0))
      .option("--wire-angle <DEGREES>", "of the wire, anticlockwise from the columns' direction, default: 3", anyNumber)
      .option("--diameter <NM>", "of the wire, vertex to vertex, default: 130", number(0))
      .option("--tilt <DEGREES>", "of the wire out of the plane across the beam, default: 0", anyNumber)
      .option(
        "--boundaries <NM,NM…>",
        "where twins change along the wire, from the middle, default: -230,-90,40,210",
        listed,
      )
      .option("--bend <MRAD>", "from one end of the field to the other, default: 24", number(0, true))
      .option("--misorientation <MRAD>", "at the middle of the field, default: 12", anyNumber)
      .option("--film <PART>", "of carbon film under the lower side, default: 1", part)
      .option("--diffracted <PART>", "of the electrons that the wire scatters into spots, default: 0.55", part)
      .option("--thermal <PART>", "of the electrons that it scatters diffusely, default: 0.25", part)
      .option("--dose <ELECTRONS>", "per pattern, default: 60000", number(0))
      .option("--gain <COUNTS>", "of the camera per electron, default: 0.08", number(0))
      .option("--read-noise <COUNTS>", "of the camera, default: 0.4", number(0, true))
      .option("--offset <COUNTS>", "of the camera, default: 2", number(0, true))
      .option("--counting <MOST>", "a detector that counts up to this instead of a camera", wholeNumber(1, 65_535))
      .option("--point-spread <PX>", "of the detector, default: 0.8", number(0))
      .option("--descan <PX>", "half the drift of the direct beam over the scan, default: 2", number(0, true))
      .option("--jitter <PX>", "of the direct beam from position to position, default: 0.3", number(0, true))
      .option("--fractional", "move the direct beam by fractions of pixels")
      .option(...deadPixels)
      .option(...seed),
  async simulate({ gain = 0.08, readNoise = 0.4, offset = 2, counting, ...options }: BentOptions) {
    const detector =
      counting === undefined
        ? ({ kind: "ccd", gain, readNoise, offset } as const)
        : ({ kind: "counting", saturation: counting } as const);
    const { source, truth } = (await library()).simulateBentNanowire({
      ...withDeadPixels(options as object, [112, 112]),
      detector,
    });
    const items = ["first twin", "second twin", "vacuum", "carbon film"];
    return {
      source,
      parameters: parametersOf(source),
      truth: [
        { name: "patterns", stack: truth.patterns, items, unit: "counts above the offset, expected" },
        { name: "abundances", stack: truth.abundances, items, unit: "part by thickness, summing to 1" },
        { name: "shifts", stack: truth.shifts, items: ["rows", "columns"], unit: "px" },
      ],
      more: { centre: truth.centre, spots: truth.spots },
    };
  },
};

interface BentOptions extends BentNanowireOptions {
  readonly gain?: number;
  readonly readNoise?: number;
  readonly offset?: number;
  readonly counting?: number;
}

const bicrystal: Model = {
  name: "bicrystal",
  summary:
    "A line scan over the inclined boundary of a twinned crystal, by multislice with precession (the paper's Fig 7).",
  examples: `
    endmember simulate bicrystal --precession 10 --out bicrystal.hspy
    endmember simulate bicrystal --crystal Al --thickness 100 --azimuths 60 --pixels 128x128 --step 0.024 --spread 1 --out al.npy`,
  withOptions: (command) =>
    command
      .addOption(new Option("--crystal <NAME>", "default: GaAs").choices(["GaAs", "Au", "Ag", "Al", "Si", "MgO"]))
      .option("--cif <FILE>", "a crystal of yours instead")
      .option("--beam <U,V,W>", "along the beam in the upper crystal, default: 0,0,1", numbers("U,V,W"))
      .option("--twin-plane <H,K,L>", "which is also the boundary, default: 1,1,1", numbers("H,K,L"))
      .option("--thickness <NM>", "of both together, default: 54.6", number(0))
      .option("--positions <RxC>", "scan positions, default: 1x41", size)
      .option("--mixed <PART>", "of the positions where both overlap, default: 0.75", part)
      .option("--precession <MRAD>", "precession angle, default: 20", number(0, true))
      .option("--azimuths <N>", "around the precession circle, default: 200", wholeNumber(1, 100_000))
      .option("--energy <EV>", "of the beam, default: 300000", number(0))
      .option("--reach <1/Å>", "largest |g| of the potential, default: 3", number(0))
      .option("--slice <Å>", "default: 1.4", number(0))
      .option("--absorption <PART>", "imaginary potential as a part of the real one, default: 0", number(0, true))
      .option("--pixels <RxC>", "detector pixels, default: 512x512", size)
      .option("--step <1/Å>", "per pixel, default: 0.006", number(0))
      .option("--spread <PX>", "of the camera, default: 4", number(0, true))
      .addOption(new Option("--dtype <TYPE>", "default: u16").choices(["u16", "f32"])),
  async simulate({ cif, ...options }: BicrystalOptions & { readonly cif?: string }, watch) {
    if (cif !== undefined && options.crystal !== undefined)
      throw new UsageError("expected --crystal or --cif, found both; choose one");
    const { parseCif, rockedOnThreads, simulateBicrystal } = await library();
    const crystal = cif === undefined ? {} : { crystal: parseCif(await readFile(cif, "utf8"), { file: cif }) };
    const { source, truth, parameters } = await simulateBicrystal(
      { ...options, ...crystal },
      { ...watch, rocked: rockedOnThreads() },
    );
    const items = ["upper crystal", "lower crystal"];
    return {
      source,
      parameters,
      truth: [
        {
          name: "patterns",
          stack: truth.patterns,
          items,
          unit: "counts at full thickness; an unscattered beam peaks at 65535",
        },
        { name: "abundances", stack: truth.abundances, items, unit: "part of the thickness, summing to 1" },
      ],
    };
  },
};

/** All parameters, the defaults too: a simulated source says how it is made again. */
const parametersOf = ({ descriptor }: PatternSource): object => descriptor.options as object;

/** Every model, in the order that help lists them; a new one is an entry here. */
export const models: readonly Model[] = [nanowire, bentNanowire, inclinedBoundary, bicrystal];
