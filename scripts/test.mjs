// npm test: install what is missing, build, check types and style, run every test. Arguments go to vitest.
import { join } from "node:path";
import { build } from "./build.mjs";
import { install, node, program, root } from "./step.mjs";

const chosen = process.argv.slice(2);

install();
build();
if (chosen.length === 0) {
  node("types", program("typescript", "tsc6"), "-p", join(root, "tsconfig.test.json"));
  node("style", program("@biomejs/biome", "biome"), "check", ".");
}
node("tests", program("vitest", "vitest"), "run", ...chosen);
