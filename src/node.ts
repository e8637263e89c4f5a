// What Node adds to the door `./index`: paths, folders and worker threads. It only exports.

export type { NewFolder } from "./node/folder.ts";
export { newFolder } from "./node/folder.ts";
export { openMask } from "./node/mask-file.ts";
export { openScan } from "./node/open-scan.ts";
export { rasteriseThreads } from "./node/rasterise-threads.ts";
export { nodeRasteriser } from "./node/resvg.ts";
export { rockedOnThreads } from "./node/rocking.ts";
export type { ServeAppOptions, ServedApp } from "./node/serve-app.ts";
export { serveApp } from "./node/serve-app.ts";
export { sha256 } from "./node/sha256.ts";
export type { StoredStack } from "./node/stack-file.ts";
export { openStack } from "./node/stack-file.ts";
export { onThreads } from "./node/threads.ts";
export { writeBeside } from "./node/write.ts";
export { writeFiles } from "./node/write-files.ts";
export { writeResults } from "./node/write-results.ts";
export { writeScan } from "./node/write-scan.ts";
