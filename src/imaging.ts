// A part of the doors `./index` and `./node`: what images of a scan take, from file to file, and no more, so that they come sooner. It only exports.

export { annulus, disk, polygon, reflections } from "./imaging/apertures.ts";
export { maximumPattern } from "./imaging/maximum-pattern.ts";
export { meanPattern } from "./imaging/mean-pattern.ts";
export { patternAt } from "./imaging/pattern-at.ts";
export { virtualImages } from "./imaging/virtual-image.ts";
export { openScan } from "./node/open-scan.ts";
export { onThreads } from "./node/threads.ts";
export { writeBeside } from "./node/write.ts";
export { align } from "./prepare/align.ts";
export { recentred } from "./prepare/recentred.ts";
export { stackFiles } from "./results/stack-files.ts";
export { item } from "./scan/scan.ts";
