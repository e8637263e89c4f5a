import type { Command } from "commander";

/** What each subcommand does, in a sentence or two: all that the help of the program needs of it. */
export const does = {
  info: "Shows what a scan holds: shape, element type, calibration, what the file says besides, and the memory to analyse it.",
  open: "Opens the app in a browser, with a scan if one is named. Serves it to this machine only, until Ctrl-C; nothing is uploaded.",
  image:
    "Makes virtual images. Without an aperture: the bright-field image, summed over the direct beam, which is found and followed.",
  analyse:
    "Aligns a scan, learns its components and clusters, and writes a report, figures and arrays into a new folder.",
  convert:
    "Writes a scan in another format, its numbers unchanged, with axes and units where the format can hold them.",
  simulate:
    "Simulates a scan, and writes the truth beside it: NAME-truth-patterns.npy, NAME-truth-abundances.npy …, and NAME-truth.json, which describes them and holds all parameters.",
  reproduce:
    "Makes the figures of Martineau et al. 2019 again, from simulated data or a scan of yours, and measures each claim that the paper makes about them. The folder gets index.html, claims.json, and every figure as SVG and PNG.",
} as const;

type Name = keyof typeof does;

/** What each takes, as its own usage says. */
export const takes: Readonly<Record<Name, string>> = {
  info: "[options] <FILE>",
  open: "[options] [FILE]",
  image: "[options] <FILE>",
  analyse: "[options] <FILE...>",
  convert: "[options] <FILE> <OUT>",
  simulate: "",
  reproduce: "[options] [FIGURES...]",
};

/** The subcommands themselves: their files are read when they are run or asked for help, not before. */
export const load: Readonly<Record<Name, () => Promise<Command>>> = {
  info: async () => (await import("./info.ts")).info(),
  open: async () => (await import("./open.ts")).open(),
  image: async () => (await import("./image.ts")).image(),
  analyse: async () => (await import("./analyse.ts")).analyse(),
  convert: async () => (await import("./convert.ts")).convert(),
  simulate: async () => (await import("./simulate.ts")).simulate(),
  reproduce: async () => (await import("./reproduce.ts")).reproduce(),
};

export const names = Object.keys(does) as Name[];
