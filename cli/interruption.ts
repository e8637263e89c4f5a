import { constants } from "node:os";
import { Interruption } from "./failure.ts";

/** Work that is told to stop has so long to put things away [ms]; then the process ends all the same. */
const patience = 3000;

/**
 * A signal that aborts when the user presses Ctrl-C, or somebody ends the process politely.
 * The run unwinds, removes what it had begun to write, and rejects with the {@link Interruption}.
 */
export function abortedBySystem(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    const stop = (): void => {
      const code = 128 + constants.signals[name];
      if (controller.signal.aborted) process.exit(code);
      controller.abort(new Interruption(name, code));
      setTimeout(() => process.exit(code), patience).unref();
    };
    process.on(name, stop);
  }
  return controller.signal;
}
