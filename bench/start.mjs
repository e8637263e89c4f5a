// How long the command takes to start, against Node alone.
import { spawnSync } from "node:child_process";
import { inPairs, timed } from "./pairs.mjs";
import { command } from "./whole.mjs";

export async function measure({ file, repeats }) {
  const node = (...args) => timed(async () => spawnSync(process.execPath, args));
  const rows = [];
  for (const [what, args] of [
    ["`endmember --help`", [command, "--help"]],
    ["`endmember info`", [command, "info", file]],
  ]) {
    const { ours, theirs } = await inPairs(
      3 * repeats,
      () => node(...args),
      () => node("-e", "0"),
    );
    rows.push([what, ours, theirs, ours.median - theirs.median]);
  }
  return { title: "Starting", columns: ["command", "ms", "bare node, ms", "more, ms"], rows };
}
