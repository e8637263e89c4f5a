// `endmember analyse` with every method, figures and report: against randomized_svd alone, and against the same work with HyperSpy,
// scikit-learn and NumPy c-means.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inPairs, times } from "./pairs.mjs";
import { hasPeer, peer } from "./peer.mjs";

export const command = fileURLToPath(new URL("../dist/cli/endmember.js", import.meta.url));

const peakMemory = new URL("peak-memory.mjs", import.meta.url).href;

/** Runs the command on a file; its milliseconds, its peak memory from start to end, and its summary.json. */
export function analysed(file, folder, options) {
  const out = join(folder, "results");
  const peakFile = join(folder, "peak.txt");
  const began = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--import", peakMemory, command, "analyse", file, "--quiet", "--force", "--out", out, ...options],
    {
      encoding: "utf8",
      env: { ...process.env, PEAK_FILE: peakFile },
    },
  );
  if (status !== 0) throw new Error(stderr);
  const ms = performance.now() - began;
  const peakMiB = Number(readFileSync(peakFile, "utf8"));
  return { ms, peakMiB, summary: JSON.parse(readFileSync(join(out, "summary.json"), "utf8")) };
}

export async function measure({ file, folder, threads, repeats }) {
  let last;
  const ours = async () => {
    last = analysed(file, folder, ["--no-align", "--threads", threads]);
    return last.ms;
  };
  const rows = [];
  const notes = [];
  const add = (what, { ours, theirs, ratio }) => rows.push([what, times(ours, 1e-3), times(theirs, 1e-3), ratio]);
  const sklearn = hasPeer("sklearn") ? await peer(threads, "learning", file) : undefined;
  const svdAlone = sklearn && (async () => (await sklearn.ask("svd", { k: 20 })).seconds * 1e3);
  add("against `randomized_svd` alone", await inPairs(Math.min(repeats, 3), ours, svdAlone, { warm: false }));
  sklearn?.close();
  const hyperspy = hasPeer("hyperspy", "sklearn") ? await peer(threads, "whole", file) : undefined;
  if (hyperspy) {
    const theirs = async () => {
      const { seconds, peakMiB } = await hyperspy.ask("analyse", { k: last.summary.nmf.components });
      const { hyperspy: version } = hyperspy.versions;
      notes.push(
        `Peak memory of the process: endmember ${last.peakMiB.toFixed(0)} MiB, HyperSpy ${version} ${peakMiB.toFixed(0)} MiB.`,
      );
      return seconds * 1e3;
    };
    add("against the same work with HyperSpy, scikit-learn and NumPy", await inPairs(1, ours, theirs, { warm: false }));
    hyperspy.close();
  }
  const shares = Object.entries(last.summary.seconds).map(([stage, seconds]) => `${stage} ${seconds.toFixed(2)}`);
  return {
    title: "The whole of `analyse`: every method, figures and report",
    columns: ["work", "endmember, s", "peer, s", "times as fast"],
    rows,
    notes: [
      ...notes,
      `Seconds by stage: ${shares.join(", ")}; the rest of ${(last.ms / 1000).toFixed(2)} s is starting and writing.`,
    ],
  };
}
