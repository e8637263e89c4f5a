// What is in a scan? node examples/01-open.mjs [FILE]
import { meanPattern, simulateNanowire } from "endmember";
import { onThreads, openScan } from "endmember/node";

const [file] = process.argv.slice(2);
const source = file ? await openScan(file) : simulateNanowire().source;

const { positions, pixels, dtype, axes } = source;
console.log(`${source.name}: ${positions.join("×")} patterns of ${pixels.join("×")} px, ${dtype}`);
console.log(
  `steps: ${axes.positions[0].step} ${axes.positions[0].unit}, ${axes.pixels[0].step} ${axes.pixels[0].unit}`,
);

const scan = await onThreads(source);
const mean = await meanPattern(scan);
console.log(`mean counts per pattern: ${mean.values.reduce((sum, value) => sum + value, 0).toFixed(0)}`);
await scan.close();
source.close();
