import { UnsupportedError } from "../scan/errors.ts";
import type { PatternSource, SourceDescriptor } from "../scan/source.ts";
import { type NanowireOptions, simulateNanowire } from "./nanowire.ts";

/** Opens the simulation that a descriptor of kind "simulated" names, for instance in a worker: the same counts again. */
export function openSimulated(descriptor: SourceDescriptor): PatternSource {
  const { model, options } = descriptor as unknown as { model: string; options: NanowireOptions };
  if (model !== "nanowire") {
    throw new UnsupportedError(`simulation: expected the model "nanowire", found "${model}"`, { feature: model });
  }
  return simulateNanowire(options).source;
}
