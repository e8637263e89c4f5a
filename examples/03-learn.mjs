// Singular values, and fuzzy clusters of the loadings. node examples/03-learn.mjs [FILE]
import { writeFileSync } from "node:fs";
import { align, fuzzyCMeans, recentred, simulateNanowire, stackFigure, svd } from "endmember";
import { onThreads, openScan } from "endmember/node";

const [file] = process.argv.slice(2);
const recorded = file ? await openScan(file) : simulateNanowire().source;

const source = recentred(recorded, (await align(recorded)).shifts);
const scan = await onThreads(source);
const found = await svd(scan, { components: 10, seed: 1 });
console.log(`singular values: ${Array.from(found.singularValues, (value) => value.toFixed(0)).join(", ")}`);

const { centres, memberships, partitionCoefficient } = await fuzzyCMeans(scan, { svd: found, clusters: 3, seed: 1 });
await scan.close();

console.log(`partition coefficient: ${partitionCoefficient.toFixed(3)}`);
const titles = ["Cluster 1", "Cluster 2", "Cluster 3"];
writeFileSync("centres.svg", stackFigure(centres, { titles, axes: source.axes }));
writeFileSync("memberships.svg", stackFigure(memberships, { titles, axes: source.axes }));
