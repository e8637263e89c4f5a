import { sourceOpener } from "../browser/source-opener.ts";
import { openFileSource } from "./open-scan.ts";

/** Opens any source from its descriptor: what a worker thread does first. */
export const openSource = sourceOpener(openFileSource);
