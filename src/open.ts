// A small part of the doors `./index` and `./node`: what commands take that must answer at once, and no more. It only exports.

export { memoryForecast } from "./analyse/memory-forecast.ts";
export { version } from "./analyse/version.ts";
export { isFolderName, writerFor } from "./formats/formats.ts";
export { parseRaw } from "./formats/raw-layout.ts";
export { openScan } from "./node/open-scan.ts";
