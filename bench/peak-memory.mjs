// Imported into a process that is measured: when it ends, the most memory that it had goes into the file named by PEAK_FILE [MiB].
import { writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

if (isMainThread)
  process.on("exit", () => writeFileSync(process.env.PEAK_FILE, String(process.resourceUsage().maxRSS / 1024)));
