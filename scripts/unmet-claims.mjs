// What the reasons in docs/figures.md rest on: the claims that do not hold, measured again under other conditions. Run after a build:
// node scripts/unmet-claims.mjs [bend] [camera] [thickness] [precession]
import { availableParallelism } from "node:os";
import { ica, item, simulateBicrystal, svd, unmix } from "../dist/src/index.js";
import { onThreads, rockedOnThreads } from "../dist/src/node.js";
import { needed, regimeChange } from "../dist/src/reproduce/fig2-claims.js";
import { rising } from "../dist/src/reproduce/fig7-claims.js";
import { learnedFromModel } from "../dist/src/reproduce/learned-model.js";
import { percent, shown } from "../dist/src/reproduce/reproduction.js";
import { twinsOf } from "../dist/src/reproduce/twins.js";
import { wireScans } from "../dist/src/reproduce/wire-scans.js";

const asked = process.argv.slice(2);
const seed = 1;
const scanOf = (source) => onThreads(source, { threads: availableParallelism() });
const experiments = { bend, camera, thickness, precession };
for (const [name, measure] of Object.entries(experiments)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  process.stdout.write(`${name}\n`);
  await measure();
}

/** Fig 2, 9 mrad: after how many components the regime changes, by how far the wire bends. */
async function bend() {
  for (const mrad of [0, 6, 12, 18, 24]) {
    const wires = wireScans({ scanOf, seed });
    const { scan } = await wires.of({ precession: 9, bend: mrad });
    const { after, factor } = regimeChange(await svd(scan, { components: 20, seed }));
    say(`bend ${mrad} mrad: largest step after ${after}, a factor ${shown(factor, 2)}`);
    await wires.close();
  }
}

/** Fig 2, 35 mrad: how many loadings tell a twin's map and the difference of both, by how much of the direct beam the camera cuts off. */
async function camera() {
  for (const gain of [0.08, 0.3, 1, 4]) {
    const wires = wireScans({ scanOf, seed });
    const detector = { kind: "ccd", gain, readNoise: 0.4, offset: 2 };
    const wire = await wires.of({ precession: 35, detector });
    const found = await svd(wire.scan, { components: 20, seed });
    const turned = ica(found, { components: 3, seed, starts: 3, differences: true });
    const { first, second, contrast } = twinsOf(wire, await unmix(wire.scan, { components: 3, seed }));
    const told = (loadings, map) => {
      const { count, told } = needed(loadings, map);
      return `${count} (${told.map((part) => percent(part, 0)).join(", ")})`;
    };
    for (const [name, map] of Object.entries({ first, second, difference: contrast }))
      say(`gain ${gain}, ${name}: SVD ${told(found.loadings, map)}, ICA ${told(turned.loadings, map)}`);
    await wires.close();
  }
}

/** Fig 7 without precession: where loadings and memberships fall, by the thickness of both crystals. */
async function thickness() {
  for (const nm of [54.6, 100, 200]) await falls({ thickness: nm, precession: 0 });
}

/** Fig 7: how far loadings and memberships fall, by the precession angle. */
async function precession() {
  for (const mrad of [20, 30, 40]) await falls({ precession: mrad });
}

async function falls(options) {
  const { source, truth, parameters } = await simulateBicrystal(options, { rocked: rockedOnThreads() });
  const scan = await scanOf(source);
  const { nmf, fcm } = await learnedFromModel(scan, truth, seed);
  await scan.close();
  const words = (stack) =>
    [0, 1]
      .map((k) => {
        const { depth, part } = rising(item(stack, k), item(truth.abundances, k));
        return `${percent(depth)} to ${shown(part * parameters.thickness)} nm`;
      })
      .join(" and ");
  say(
    `${parameters.thickness} nm, ${parameters.precession} mrad: NMF ${words(nmf.loadings)}; clusters ${words(fcm.memberships)}`,
  );
}

function say(line) {
  process.stdout.write(`  ${line}\n`);
}
