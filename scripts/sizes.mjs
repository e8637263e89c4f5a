// npm run sizes: lines of code per room, so that a review sees what grew.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./step.mjs";

const rooms = readdirSync(join(root, "src"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => `src/${entry.name}`);

let total = 0;
for (const room of [...rooms, "kernels", "cli", "scripts", "examples", "bench", "test"]) {
  const files = readdirSync(join(root, room), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs|py)$/.test(entry.name) && entry.name !== "kernels.wasm.ts")
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const lines = files.map((file) => readFileSync(file, "utf8").split("\n").length - 1);
  const sum = lines.reduce((a, b) => a + b, 0);
  if (room !== "test") total += sum;
  const longest = lines.length === 0 ? 0 : Math.max(...lines);
  console.log(
    `${room.padEnd(14)} ${String(files.length).padStart(4)} files ${String(sum).padStart(6)} lines, longest ${longest}`,
  );
}
console.log(`${"without tests".padEnd(14)} ${String(total).padStart(17)} lines`);
