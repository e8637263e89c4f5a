import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const script = fileURLToPath(new URL("../../scripts/fuzz.mjs", import.meta.url));
const formats = readdirSync(new URL("../fixtures", import.meta.url));

/** A few damaged files of every format; `npm run fuzz` makes more of them. */
it.each(formats)("damaged %s is one clear error or the same numbers", (format) => {
  const run = spawnSync(process.execPath, [script, "--format", format, "--count", "60", "--seed", "7", "--json"], {
    encoding: "utf8",
  });
  expect(run.stderr).toBe("");
  expect(JSON.parse(run.stdout)).toMatchObject([{ format, cases: 60, findings: [] }]);
});
