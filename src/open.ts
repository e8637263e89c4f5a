// A small part of the door `./node`: what looking into a file takes, and no more, for commands that must answer at once. It only exports.

export { memoryForecast } from "./analyse/memory-forecast.ts";
export { parseRaw } from "./formats/raw-layout.ts";
export { openScan } from "./node/open-scan.ts";
