// Fuzzy c-means and Gustafson–Kessel against NumPy's vectorised updates: 10⁵ positions × 5 dimensions × 5 clusters, 10 starts.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fuzzyCMeans, gustafsonKessel, images, patterns } from "../dist/src/index.js";
import { inPairs, timed, times } from "./pairs.mjs";
import { hasPeer, peer } from "./peer.mjs";
import { seeded } from "./scan-file.mjs";

const [dimensions, clusters, starts] = [5, 5, 10];

export async function measure({ folder, threads, repeats, short }) {
  const positions = short ? [20, 30] : [250, 400];
  const n = positions[0] * positions[1];
  const loadings = clouds(n);
  const file = join(folder, "loadings.f32");
  writeFileSync(file, loadings);
  const numpy = hasPeer("numpy") ? await peer(threads, "clusters", file, dimensions) : undefined;
  // Centres of recorded patterns cost one read of the scan, which the peer does not make: here it is none.
  const scan = {
    positions,
    pixels: [1, 2],
    toPatterns: async ({ count }) => patterns([1, 2], new Float32Array(2 * count)),
  };
  const svd = {
    loadings: images(positions, loadings),
    singularValues: new Float64Array(dimensions).fill(1),
    factors: { kind: "patterns", count: dimensions, size: [1, 2], values: new Float32Array(2 * dimensions) },
    total: 1,
    explained: new Float64Array(dimensions),
    reads: 0,
  };
  const rows = [];
  const notes = [];
  for (const [what, learn, work] of [
    ["fuzzy c-means", fuzzyCMeans, "fcm"],
    ["Gustafson–Kessel", gustafsonKessel, "gk"],
  ]) {
    let found;
    const ours = () =>
      timed(async () => {
        found = await learn(scan, { svd, clusters, dimensions, starts, seed: 1 });
      });
    const theirs = numpy && (async () => (await numpy.ask(work, { k: clusters, starts })).seconds * 1e3);
    const pair = await inPairs(Math.min(repeats, 3), ours, theirs, { warm: false });
    rows.push([
      `${what}, ${n} × ${dimensions} × ${clusters}, ${starts} starts`,
      times(pair.ours, 1e-3),
      times(pair.theirs, 1e-3),
      pair.ratio,
    ]);
    notes.push(
      `${what}: ${found.iterations} iterations of the best start, objective ${found.objective.toPrecision(8)}.`,
    );
  }
  numpy?.close();
  return { title: "Clusters", columns: ["work", "endmember, s", "NumPy, s", "times as fast"], rows, notes };
}

/** Five elongated clouds of points that overlap a little: dimensions × n. */
function clouds(n) {
  const random = seeded(3);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const shapes = Array.from({ length: clusters }, () => ({
    centre: Array.from({ length: dimensions }, () => 10 * random()),
    along: Array.from({ length: dimensions }, () => normal()),
  }));
  const values = new Float32Array(dimensions * n);
  for (let i = 0; i < n; i++) {
    const { centre, along } = shapes[i % clusters];
    const far = 1.5 * normal();
    for (let d = 0; d < dimensions; d++) values[d * n + i] = centre[d] + far * along[d] + 0.5 * normal();
  }
  return values;
}
