// The first command of the README: install, build, simulate the example scan, analyse it, say where the report is.
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, buildApp } from "./build.mjs";
import { install, node, root } from "./step.mjs";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `endmember needs Node 20.19 or newer, this is ${process.versions.node}; see https://nodejs.org\n`,
  );
  process.exit(1);
}

install();
build();
buildApp();

const command = join(root, "dist", "cli", "endmember.js");
const scan = join(root, "example", "nanowire.hspy");
const results = join(root, "example", "nanowire-endmember");
mkdirSync(join(root, "example"), { recursive: true });
if (!existsSync(scan)) node("simulate", command, "simulate", "nanowire", "--dose", "40000", "--out", scan);
// Two twins, vacuum, carbon film; clustered as the paper did, on loadings of unit norm.
const choices = ["--components", "4", "--clusters", "3", "--unit-loadings"];
node("analyse", command, "analyse", scan, ...choices, "--out", results, "--force");

const report = join(results, "report.html");
process.stdout.write(`
The example is a twinned nanowire, simulated: example/nanowire.hspy
Its report is ${report}
See it in a browser: ${pathToFileURL(report).href}

Now one of your own scans:
  npx endmember open my-scan.blo      in a window
  npx endmember analyse my-scan.blo   at once, with a report
`);
