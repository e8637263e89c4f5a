import { givenFiles, memoryForScans } from "../../src/browser.ts";
import {
  type Analysis,
  DataError,
  EngineError,
  FormatError,
  type OpenOptions,
  ShapeError,
  UnsupportedError,
} from "../../src/index.ts";
import { exampleRecipe } from "./example-recipe.ts";
import { latest } from "./latest.ts";
import type { Call, Failure, FromWorker, Given, Opened, ToWorker } from "./protocol.ts";
import type { Opening, Progress, Relearning, Session } from "./session.ts";

/**
 * A session with workers of its own. Each scan that is opened gets fresh ones, so that nothing of the one before stays, not even a library
 * that a damaged file brought down.
 *
 * @param folder  address of the folder with the app's files
 * @example
 * const session = connect();
 * const scan = await session.open({ from: "files", files: [...input.files] }, {});
 */
export function connect(folder = new URL("./", document.baseURI).href): Session {
  let viewer: Caller = nobody;
  /** Begun when it is needed: who only looks needs one. */
  let learner: Promise<Caller> | undefined;
  let begin: () => Promise<Caller> = () => Promise.reject(noScan());

  /** Begun when sliders move; knows the analysis that they began with. */
  let previewer: { readonly worker: Caller; readonly knows: Analysis; readonly ready: Promise<unknown> } | undefined;

  const previewed = async (analysis: Analysis, relearning: Relearning): Promise<Analysis> => {
    if (previewer?.knows !== analysis) {
      const worker = previewer?.worker ?? caller();
      previewer = { worker, knows: analysis, ready: worker.call("prime", [analysis]) };
    }
    await previewer.ready;
    return previewer.worker.call("preview", [relearning]);
  };
  const learn = async <T>(call: Call, parameters: readonly unknown[], progress?: Progress): Promise<T> => {
    learner ??= begin();
    learner.catch(() => (learner = undefined));
    return (await learner).call(call, parameters, progress);
  };
  const close = (): void => {
    viewer.end();
    void learner?.then((worker) => worker.end()).catch(() => {});
    learner = undefined;
    previewer?.worker.end();
    previewer = undefined;
    begin = () => Promise.reject(noScan());
  };

  return {
    async open(opening, options, progress) {
      close();
      viewer = caller();
      const opened = viewer;
      const given = await givenBy(opening, () => opened.call<File>("example", [], progress), progress?.signal);
      const parameters = [given, plain(options), new URL("filters/", folder).href];
      const { scan, room } = await opened.call<Opened>("open", parameters, progress);
      begin = async () => {
        const worker = caller();
        await worker.call("open", [...parameters, room ?? "own"]);
        return worker;
      };
      return opening.from === "example" ? { ...scan, recipe: { ...scan.recipe, ...exampleRecipe } } : scan;
    },
    look: (progress) => viewer.call("look", [], progress),
    patternAt: latest((position) => viewer.call("patternAt", [position])),
    darkFields: latest((apertures) => viewer.call("darkFields", [apertures])),
    meanOf: latest((regions) => viewer.call("meanOf", [regions])),
    align: (progress) => learn("align", [], progress),
    analyse: (recipe, progress) => learn("analyse", [recipe], progress),
    relearn: (relearning, progress) => learn("relearn", [relearning], progress),
    preview: latest(previewed),
    residualAt: latest((method, position) => learn("residualAt", [method, position])),
    residualMap: (method, progress) => learn("residualMap", [method], progress),
    files: (axes, progress) => learn("files", [axes], progress),
    close,
  };
}

async function givenBy(
  opening: Opening,
  example: () => Promise<File>,
  signal: AbortSignal | undefined,
): Promise<Given> {
  switch (opening.from) {
    case "files":
      return { from: "files", files: givenFiles(opening.files) };
    case "served": {
      const whole = await fetchedWhole(opening.url, signal);
      return { ...opening, ...(whole && { whole }) };
    }
    case "example":
      return { from: "files", files: givenFiles([await example()]) };
    default:
      return opening satisfies never;
  }
}

/** The file behind an address, where it fits: in one answer it comes many times as fast as in ranges. */
async function fetchedWhole(url: string, signal: AbortSignal | undefined): Promise<Blob | undefined> {
  const asked = signal ? { signal } : {};
  const head = await fetch(url, { method: "HEAD", ...asked });
  const size = Number(head.headers.get("content-length"));
  if (!head.ok || !(size <= memoryForScans() / 4)) return undefined;
  return (await fetch(url, asked)).blob();
}

/** What crosses to a worker: no functions. */
const plain = ({ hdf5Filter: _, ...options }: OpenOptions): OpenOptions => options;

const noScan = (): ShapeError =>
  new ShapeError("expected an open scan, found none; open a file first", { expected: "a scan", got: undefined });

/** Who answers before a scan is open. A worker begun so early would only hold up the window. */
const nobody: Caller = { call: () => Promise.reject(noScan()), end: () => {} };

/** A worker, and promises of what it will answer. */
interface Caller {
  call<T>(call: Call, parameters: readonly unknown[], progress?: Progress): Promise<T>;
  /** Ends the worker; what it still owes is rejected. */
  end(): void;
}

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (reason: unknown) => void;
  readonly progress: Progress;
}

function caller(): Caller {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "endmember" });
  const waiting = new Map<number, Waiting>();
  let calls = 0;
  let over: unknown;
  const post = (message: ToWorker): void => worker.postMessage(message);
  const end = (reason: unknown): void => {
    over = reason;
    worker.terminate();
    for (const { reject } of waiting.values()) reject(reason);
    waiting.clear();
  };
  worker.addEventListener("error", ({ message }) =>
    end(
      new EngineError(`the session's worker stopped: ${message || "its file cannot be loaded"}`, { engine: "session" }),
    ),
  );
  worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
    const one = waiting.get(data.id);
    if (!one) return;
    if (data.say === "progress") {
      one.progress.onProgress?.(data.stage, data.fraction);
      return;
    }
    waiting.delete(data.id);
    if (data.say === "done") one.resolve(data.value as never);
    else one.reject(one.progress.signal?.aborted ? one.progress.signal.reason : revived(data.error));
  });
  return {
    call: (call, parameters, progress = {}) =>
      new Promise((resolve, reject) => {
        const { signal } = progress;
        if (over !== undefined || signal?.aborted) {
          reject(over ?? signal?.reason);
          return;
        }
        const id = ++calls;
        const onAbort = (): void => post({ say: "cancel", id });
        const settled =
          <T>(settle: (value: T) => void) =>
          (value: T): void => {
            signal?.removeEventListener("abort", onAbort);
            settle(value);
          };
        waiting.set(id, { resolve: settled(resolve), reject: settled(reject), progress });
        signal?.addEventListener("abort", onAbort, { once: true });
        post({ say: "call", id, call, parameters });
      }),
    end: () => end(new DOMException("the scan was closed", "AbortError")),
  };
}

/** An error that came from a worker, as the class that it was there. */
function revived({ name, message, facts }: Failure): Error {
  const classes: Record<string, new (message: string, facts: never) => Error> = {
    FormatError,
    ShapeError,
    DataError,
    UnsupportedError,
    EngineError,
  };
  const Class = classes[name];
  if (Class) return new Class(message, facts as never);
  return name === "AbortError" ? new DOMException(message, name) : new EngineError(message, { engine: "session" });
}
