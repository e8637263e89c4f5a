// A part of the doors `./index` and `./node`: what the main job takes, from file to results, and no more, so that it starts sooner. It only exports.

export { analyse } from "./analyse/analyse.ts";
export { defaultRecipe } from "./analyse/default-recipe.ts";
export { version } from "./analyse/version.ts";
export { newFolder } from "./node/folder.ts";
export { openScan } from "./node/open-scan.ts";
export { sha256 } from "./node/sha256.ts";
export { onThreads } from "./node/threads.ts";
export { writeResults } from "./node/write-results.ts";
