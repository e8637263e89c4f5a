import type { PatternSource, SourceDescriptor } from "../scan/source.ts";
import type { Failure, FromWorker, ToWorker } from "./protocol.ts";
import { selectingRunner } from "./selected-slabs.ts";
import type { SlabPasses } from "./slab.ts";

/**
 * A worker's side of the threads engine: opens the source for itself, then computes slabs as it is told.
 *
 * @param openSource  opens any source from its descriptor
 * @param post        sends an answer; the buffers listed go over without a copy
 * @returns           the listener for messages
 */
export function serve(
  openSource: (descriptor: SourceDescriptor) => Promise<PatternSource>,
  post: (message: FromWorker, transfer: ArrayBuffer[]) => void,
): (message: ToWorker) => void {
  let runner: SlabPasses | undefined;
  const answer = async (message: ToWorker): Promise<void> => {
    switch (message.say) {
      case "open":
        runner = selectingRunner(await openSource(message.source), message.simd, message.budget);
        post({ say: "opened" }, []);
        break;
      case "begin":
        runner!.begin(message.pass);
        break;
      case "slab": {
        const result = await runner!.run(message);
        const buffers = [result.images, result.patterns].flatMap((part) => (part ? [part.buffer as ArrayBuffer] : []));
        post({ say: "done", slab: message.slab, result }, buffers);
        break;
      }
      default:
        message satisfies never;
    }
  };
  // One after the other: a slab waits until the one before it is read and computed.
  let queue: Promise<void> = Promise.resolve();
  return (message) => {
    queue = queue.then(() => answer(message)).catch((error) => post({ say: "failed", error: failure(error) }, []));
  };
}

function failure(error: unknown): Failure {
  const { name, message, facts } = error as Partial<Failure>;
  return { name: name ?? "Error", message: message ?? String(error), facts: facts ?? {} };
}
