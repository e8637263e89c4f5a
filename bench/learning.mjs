// SVD, NMF and NMF errors against scikit-learn in float32. Both hold the scan in memory before the clock starts: ours as the bytes recorded.
import { nmf, nmfErrors, patterns, svd } from "../dist/src/index.js";
import { onThreads, openScan } from "../dist/src/node.js";
import { inPairs, timed, times } from "./pairs.mjs";
import { hasPeer, peer } from "./peer.mjs";

export async function measure({ file, threads, repeats, short }) {
  const components = 20;
  const sklearn = hasPeer("sklearn") ? await peer(threads, "learning", file) : undefined;
  let scan;
  const opening = await timed(async () => {
    scan = await onThreads(await openScan(file), { threads, memory: 2 ** 34 });
    await scan.toImages(patterns(scan.pixels, new Float32Array(scan.pixels[0] * scan.pixels[1]).fill(1)));
  });
  const answers = {};
  const theirs = (work, options) =>
    sklearn &&
    (async () => {
      answers[work] = await sklearn.ask(work, options);
      return answers[work].seconds * 1e3;
    });
  const learn = {
    svd: () => svd(scan, { components, seed: 1 }),
    rough: () => svd(scan, { components, maximumReads: 12, seed: 1 }),
    nmf: () => nmf(scan, { components: 3, seed: 1 }),
    // The SVD that six components need; noise among them need not converge.
    nmfErrors: async () =>
      nmfErrors(await svd(scan, { components: 10, width: 8, maximumReads: 6, seed: 1 }), { components: 6, seed: 1 }),
  };
  const found = {};
  const ours = (work) => () =>
    timed(async () => {
      found[work] = await learn[work]();
    });
  const rows = [];
  for (const [work, what, options, most, asked = work] of [
    ["svd", "SVD, 20 components", { k: components }, repeats],
    ["rough", "SVD, 20 components, to the error of its peer", { k: components }, repeats, "svd"],
    ["nmf", "NMF, 3 components", { k: 3 }, 3],
    ["nmfErrors", "NMF errors, 1 … 6 components", { most: 6 }, 1],
  ]) {
    const pair = await inPairs(Math.min(repeats, most), ours(work), theirs(asked, options), { warm: work === "svd" });
    rows.push([what, times(pair.ours, 1e-3), times(pair.theirs, 1e-3), pair.ratio]);
  }
  sklearn?.close();
  // The yardstick of both: a block twice as wide, until 10⁻⁶.
  const exact = short
    ? found.svd
    : await svd({ ...scan, coarse: undefined }, { components, width: 40, tolerance: 1e-6, maximumReads: 24, seed: 5 });
  await scan.close();
  const error = (values, from, to) =>
    Math.max(...exact.singularValues.slice(from, to).map((value, i) => Math.abs(values[from + i] / value - 1)));
  const accuracy = (who, values) =>
    `Largest relative error of ${who} singular values: ${error(values, 0, 3).toExponential(1)} (first 3), ${error(values, 0, components).toExponential(1)} (all ${components}).`;
  return {
    title: "Learning",
    columns: ["work", "endmember, s", "scikit-learn, s", "times as fast"],
    rows,
    notes: [
      `Opening and reading the file, once before: ${(opening / 1e3).toFixed(2)} s.`,
      accuracy("our", found.svd.singularValues),
      accuracy("our shorter", found.rough.singularValues),
      ...(sklearn
        ? [
            accuracy("scikit-learn's", answers.svd.values),
            `NMF residual: ours ${found.nmf.objective.toFixed(3)}, scikit-learn's ${answers.nmf.objective.toFixed(3)} after ${answers.nmf.iterations} iterations.`,
            `Peak memory of the process: endmember ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB, scikit-learn ${sklearn.versions["scikit-learn"]} ${answers.nmf.peakMiB.toFixed(0)} MiB.`,
          ]
        : []),
    ],
  };
}
