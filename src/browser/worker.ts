import type { ToWorker } from "../engines/protocol.ts";
import { serve } from "../engines/serve.ts";
import { openFileSource } from "./open-scan.ts";
import { sourceOpener } from "./source-opener.ts";

// The TypeScript library of the DOM describes a page; here `self` is a dedicated worker.
const scope = self as unknown as {
  onmessage: (event: { readonly data: ToWorker }) => void;
  postMessage(message: unknown, transfer: Transferable[]): void;
};

// Set at once: a message that comes while a module still awaits something is lost.
const listen = serve(sourceOpener(openFileSource), (answer, transfer) => scope.postMessage(answer, transfer));
scope.onmessage = ({ data }) => listen(data);
