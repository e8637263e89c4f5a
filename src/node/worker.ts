import { parentPort } from "node:worker_threads";
import { serve } from "../engines/serve.ts";
import { openSource } from "./open-source.ts";

const port = parentPort!;
port.on(
  "message",
  serve(openSource, (answer, transfer) => port.postMessage(answer, transfer)),
);
