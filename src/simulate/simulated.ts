import { UnsupportedError } from "../scan/errors.ts";
import type { PatternSource, SourceDescriptor } from "../scan/source.ts";
import { simulateBentNanowire } from "./bent-nanowire.ts";
import { simulateInclinedBoundary } from "./inclined-boundary.ts";
import { simulateNanowire } from "./nanowire.ts";
import { type SpotScan, spotSource } from "./spot-source.ts";

/** Every model by its name in descriptors; a new model is one entry here. */
const models: Readonly<Record<string, (options: never) => { readonly source: PatternSource }>> = {
  nanowire: simulateNanowire,
  "bent-nanowire": simulateBentNanowire,
  "inclined-boundary": simulateInclinedBoundary,
  bicrystal: (scan: SpotScan) => ({ source: spotSource(scan) }),
};

/** Opens the simulation that a descriptor of kind "simulated" names, for instance in a worker: the same counts again. */
export function openSimulated(descriptor: SourceDescriptor): PatternSource {
  const { model, options } = descriptor as unknown as { model: string; options: never };
  const simulate = models[model];
  if (simulate === undefined) {
    throw new UnsupportedError(
      `simulation: expected one of the models ${Object.keys(models).join(", ")}, found "${model}"`,
      { feature: model },
    );
  }
  return simulate(options).source;
}
