// Bright field and annular dark field of the aligned scan, as one figure. node examples/02-dark-field.mjs [FILE]
import { writeFileSync } from "node:fs";
import { align, annulus, disk, recentred, simulateNanowire, stackFigure, virtualImages } from "endmember";
import { onThreads, openScan } from "endmember/node";

const [file] = process.argv.slice(2);
const recorded = file ? await openScan(file) : simulateNanowire().source;

const { shifts, centre, radius } = await align(recorded);
const source = recentred(recorded, shifts);
const scan = await onThreads(source);
const images = await virtualImages(scan, [
  disk(source.pixels, centre, radius),
  annulus(source.pixels, centre, 2 * radius, 8 * radius),
]);
await scan.close();

writeFileSync("dark-field.svg", stackFigure(images, { titles: ["Bright field", "Dark field"], axes: source.axes }));
console.log("dark-field.svg");
