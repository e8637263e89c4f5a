import type { Watch } from "../scan/source.ts";

/** What each stage of the main job takes of the whole, roughly: for a progress bar that moves evenly. */
const shares: Readonly<Record<string, number>> = {
  align: 0.1,
  image: 0.1,
  svd: 0.35,
  rank: 0.25,
  nmf: 0.1,
  fcm: 0.05,
};

export interface Stages {
  /** Runs one stage; the watch that it gets reports into the whole. */
  <T>(name: string, work: (watch: Watch) => Promise<T>): Promise<T>;
  /** Seconds spent in each stage so far, and in all. */
  seconds(): Readonly<Record<string, number>>;
}

/** Runs stages one after the other, times them, and reports progress over all of them. */
export function stages({ signal, onProgress }: Watch): Stages {
  const began = performance.now();
  const seconds: Record<string, number> = {};
  let before = 0;
  const run = async <T>(name: string, work: (watch: Watch) => Promise<T>): Promise<T> => {
    signal?.throwIfAborted();
    const share = Math.min(shares[name] ?? 0, 1 - before);
    const start = performance.now();
    onProgress?.(name, before);
    const result = await work({
      ...(signal && { signal }),
      ...(onProgress && { onProgress: (_stage, fraction) => onProgress(name, before + share * Math.min(1, fraction)) }),
    });
    before += share;
    seconds[name] = (seconds[name] ?? 0) + (performance.now() - start) / 1000;
    return result;
  };
  return Object.assign(run, { seconds: () => ({ ...seconds, total: (performance.now() - began) / 1000 }) });
}
