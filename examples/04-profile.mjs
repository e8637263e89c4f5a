// How sharp is an edge? A profile across the bright-field image, averaged over 5 lines. node examples/04-profile.mjs [FILE]
import { align, disk, lineProfile, recentred, simulateNanowire, virtualImages } from "endmember";
import { onThreads, openScan } from "endmember/node";

const [file] = process.argv.slice(2);
const recorded = file ? await openScan(file) : simulateNanowire().source;

const { shifts, centre, radius } = await align(recorded);
const source = recentred(recorded, shifts);
const scan = await onThreads(source);
const brightField = await virtualImages(scan, [disk(source.pixels, centre, radius)]);
await scan.close();

const [rows, columns] = source.positions;
const middle = Math.floor(columns / 2);
const profile = lineProfile(brightField, [0, middle], [rows - 1, middle], { width: 5, axes: source.axes.positions });
for (const [i, distance] of profile.distance.entries()) {
  console.log(`${distance.toFixed(0).padStart(6)} ${profile.unit}  ${"█".repeat(profile.values[0][i] / 500)}`);
}
