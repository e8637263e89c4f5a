/** Shows how far a run is: on stderr, so that results on stdout stay clean. */
export interface Progress {
  /** Called with what is being done and the fraction done, 0 … 1. */
  readonly show: (stage: string, fraction: number) => void;
  /** Ends the last line. */
  readonly end: () => void;
}

const barWidth = 24;
/** Redraws at most so often [ms]: a terminal over a slow line must not slow the work. */
const drawEvery = 80;

/** A bar on a terminal; a line for each stage elsewhere, so that logs stay readable; nothing when quiet. */
export function progress(
  quiet: boolean,
  stream: NodeJS.WriteStream = process.stderr,
  now = () => Date.now(),
): Progress {
  if (quiet) return { show: () => {}, end: () => {} };
  return stream.isTTY ? bar(stream, now) : lines(stream, now);
}

function bar(stream: NodeJS.WriteStream, now: () => number): Progress {
  let drawn = 0;
  let current = "";
  let began = now();
  const line = (fraction: number): string => {
    const full = Math.round(Math.min(1, Math.max(0, fraction)) * barWidth);
    const seconds = (now() - began) / 1000;
    return `\r\u001b[K${"█".repeat(full)}${"░".repeat(barWidth - full)} ${current}${seconds >= 1 ? `, ${seconds.toFixed(0)} s` : ""}`;
  };
  return {
    show(stage, fraction) {
      if (stage !== current) {
        current = stage;
        began = now();
        drawn = 0;
      }
      if (now() - drawn < drawEvery && fraction < 1) return;
      drawn = now();
      // A line that wraps could not be drawn over.
      stream.write(line(fraction).slice(0, (stream.columns ?? 80) + 3));
    },
    end() {
      stream.write("\r\u001b[K");
    },
  };
}

function lines(stream: NodeJS.WriteStream, now: () => number): Progress {
  let current = "";
  let began = 0;
  const close = (): void => {
    if (current !== "") stream.write(`${current}: ${((now() - began) / 1000).toFixed(1)} s\n`);
    current = "";
  };
  return {
    show(stage) {
      if (stage === current) return;
      close();
      current = stage;
      began = now();
    },
    end: close,
  };
}
