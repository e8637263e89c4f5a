import { parentPort, workerData } from "node:worker_threads";
import type { Tilt } from "../simulate/multislice.ts";
import { type RockingWork, rocker } from "../simulate/rocking.ts";

/** A thread of {@link rockedOnThreads}: prepares the crystals once, then answers every group of incident beams with its intensities. */
const compute = rocker(workerData as RockingWork);
parentPort!.on("message", (group: readonly Tilt[]) => {
  const sums = compute(group);
  parentPort!.postMessage(sums, [sums.buffer as ArrayBuffer]);
});
