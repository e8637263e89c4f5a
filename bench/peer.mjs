// The peers: one Python process that does work when asked and says how long it took.
import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";

const python = process.env.PYTHON ?? "python3";

/** Whether the Python that is there has these modules. */
export const hasPeer = (...modules) => spawnSync(python, ["-c", `import ${modules.join(",")}`]).status === 0;

/** NumPy's temporaries otherwise go back to the system one by one, and touching fresh pages again takes up to four times as long as the arithmetic. */
const keepingMemory = {
  MALLOC_MMAP_THRESHOLD_: "1073741824",
  MALLOC_TRIM_THRESHOLD_: "4294967296",
  MALLOC_TOP_PAD_: "268435456",
};

/**
 * Starts peers.py.
 *
 * @param threads  for OpenBLAS
 * @param args     the part, then what the part needs
 * @returns        { ask(work, options), close(), versions }: `ask` gives { seconds, peakMiB, … }
 */
export async function peer(threads, ...args) {
  const child = spawn(python, [new URL("peers.py", import.meta.url).pathname, ...args.map(String)], {
    env: { ...process.env, ...keepingMemory, OPENBLAS_NUM_THREADS: String(threads), OMP_NUM_THREADS: String(threads) },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error("the peer ended without an answer; see its message above");
    return JSON.parse(value);
  };
  const { versions } = await answer();
  return {
    versions,
    async ask(work, options = {}) {
      child.stdin.write(`${JSON.stringify({ work, ...options })}\n`);
      return answer();
    },
    close: () => child.stdin.end(),
  };
}
