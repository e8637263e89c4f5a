// What a browser adds to the door `./index`: files that a user gives, files behind an address, and Web Workers. It only exports.
// All but `onThreads` reads synchronously, and so belongs into a Web Worker itself.

export type { GivenFile } from "./browser/blob-bytes.ts";
export { givenFiles } from "./browser/blob-bytes.ts";
export type { BrowserOpenOptions } from "./browser/open-scan.ts";
export { openFiles, openServed } from "./browser/open-scan.ts";
export { sha256 } from "./browser/sha256.ts";
export { memoryForScans, onThreads } from "./browser/threads.ts";
