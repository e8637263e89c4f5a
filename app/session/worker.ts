import { memoryForScans, openFiles, openServed } from "../../src/browser.ts";
import {
  type Analysis,
  type Axes,
  area,
  defaultRecipe,
  type KeptPatterns,
  kept,
  memoryForecast,
  type OpenOptions,
  type PatternSource,
  patternBytes,
  preview,
  roomFor,
  ShapeError,
  version,
} from "../../src/index.ts";
import { exampleFile } from "./example.ts";
import { type Learning, learning, notAnalysed } from "./learning.ts";
import { type Looking, looking } from "./looking.ts";
import type { Call, FromWorker, Given, Opened, ToWorker } from "./protocol.ts";
import type { OpenedScan, Progress, Relearning } from "./session.ts";

// A session has workers of this kind to look, to learn and to preview, so that looking and sliders never wait for learning.

/** Where patterns stay that were read: "own" for a worker that reads them several times, though it cannot share them. */
type Room = KeptPatterns | "own";

interface OpenScan {
  readonly source: PatternSource;
  /** The same, as it is read. */
  readonly file: PatternSource;
  readonly options: OpenOptions;
  looking?: Looking;
  learning?: Learning;
}

/** Half for looking and half for learning, of what the patterns that both read leave; a preview needs no patterns. */
let memory = memoryForScans() / 2;
let scan: OpenScan | undefined;
let primed: Analysis | undefined;

function opened(): OpenScan {
  if (scan) return scan;
  throw new ShapeError("expected an open scan, found none; open a file first", { expected: "a scan", got: undefined });
}

const look = (): Looking => {
  const open = opened();
  open.looking ??= looking(open.source, memory);
  return open.looking;
};

const learn = (): Learning => {
  const open = opened();
  open.learning ??= learning(open, memory);
  return open.learning;
};

async function open(given: Given, options: OpenOptions, plugins: string, room?: Room): Promise<Opened> {
  const found =
    given.from === "served"
      ? await openServed(given.url, given.name, {
          ...options,
          plugins,
          ...(given.whole && { whole: given.whole }),
        })
      : await openFiles(given.files, { ...options, plugins });
  const bytes = area(found.positions) * patternBytes(found);
  const fits = bytes <= memoryForScans() / 4 && (crossOriginIsolated || room === "own");
  const shared = fits ? (room && room !== "own" ? room : roomFor(found)) : undefined;
  if (shared) memory = (memoryForScans() - bytes) / 2;
  scan = { source: shared ? kept(found, shared) : found, file: found, options };
  const { name, format, positions, pixels, dtype, axes, metadata } = found;
  const opened: OpenedScan = {
    name,
    format,
    positions,
    pixels,
    dtype,
    axes,
    metadata,
    bytes,
    working: memoryForecast(found, navigator.hardwareConcurrency).working,
    memory,
    recipe: { ...defaultRecipe, endmember: version, input: { file: name, sha256: "", bytes: 0 }, open: options },
  };
  return { scan: opened, room: crossOriginIsolated ? shared : undefined };
}

const calls: Record<Call, (watch: Progress, ...parameters: never[]) => Promise<unknown>> = {
  example: ({ onProgress }) => exampleFile(onProgress),
  open: (_, given: Given, options: OpenOptions, plugins: string, room?: Room) => open(given, options, plugins, room),
  look: (watch) => look().look(watch),
  patternAt: (_, position: readonly [number, number]) => look().patternAt(position),
  darkFields: (_, apertures: Parameters<Looking["darkFields"]>[0]) => look().darkFields(apertures),
  meanOf: (_, regions: Parameters<Looking["meanOf"]>[0]) => look().meanOf(regions),
  align: (watch) => learn().align(watch),
  analyse: (watch, recipe: Parameters<Learning["analyse"]>[0]) => learn().analyse(recipe, watch),
  relearn: (watch, relearning: Parameters<Learning["relearn"]>[0]) => learn().relearn(relearning, watch),
  prime: async (_, analysis: Analysis) => {
    primed = analysis;
  },
  preview: (watch, relearning: Relearning) => {
    if (!primed) throw notAnalysed();
    return preview(primed, relearning, watch);
  },
  residualAt: (_, method: string, position: readonly [number, number]) => learn().residualAt(method, position),
  residualMap: (watch, method: string) => learn().residualMap(method, watch),
  files: (watch, axes?: Axes) => learn().files(axes, watch),
};

// The TypeScript library of the DOM describes a page; here `self` is a dedicated worker.
const scope = self as unknown as {
  onmessage: (event: { readonly data: ToWorker }) => void;
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
};
const cancelling = new Map<number, AbortController>();

// Set at once: a message that comes while a module still awaits something is lost.
scope.onmessage = ({ data }) => {
  if (data.say === "cancel") cancelling.get(data.id)?.abort();
  else void answer(data);
};

async function answer({ id, call, parameters }: Extract<ToWorker, { say: "call" }>): Promise<void> {
  const controller = new AbortController();
  cancelling.set(id, controller);
  const watch: Progress = {
    signal: controller.signal,
    onProgress: (stage, fraction) => scope.postMessage({ say: "progress", id, stage, fraction }),
  };
  try {
    const value = await calls[call](watch, ...(parameters as never[]));
    scope.postMessage({ say: "done", id, value });
  } catch (error) {
    const { name = "Error", message = String(error), facts } = error as Partial<Error> & { readonly facts?: unknown };
    scope.postMessage({ say: "failed", id, error: { name, message, facts } });
  } finally {
    cancelling.delete(id);
  }
}
