// npm run fuzz -- --format F --count N --seed S: damages the fixtures of a format and looks at what opening and reading them does.
//
// A case either fails with one of the five classes of error, in one line, or it gives numbers; patterns that were read from
// bytes that are as they were must be as they were. Nothing may crash, hang, or take more than 256 MiB beyond what it reads.
// Case n of a seed is always the same: --first N --count 1 repeats it alone.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { corpusOf, fixtureFormats, mostRead, random, readAll, readIntact } from "./fixtures.mjs";

const thisFile = fileURLToPath(import.meta.url);
const secondsPerCase = 10;
const mostBeyond = 256 * 2 ** 20;

// ---- The process that opens damaged files

const extremes = [
  0n,
  1n,
  0x7fn,
  0xffn,
  0x7fffn,
  0xffffn,
  0x10000n,
  0x7fffffffn,
  0x80000000n,
  0xfffffff0n,
  0xffffffffn,
].concat([2n ** 32n, 2n ** 40n, 2n ** 53n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n]);

/** One change to a file: its new bytes, and the range that is no longer what and where it was. */
function mutated(bytes, next) {
  const below = (most) => Math.floor(next() * most);
  // Headers and tables of contents stand at the beginning and at the end.
  const place = () => {
    const where = next();
    const near = Math.min(bytes.length, where < 0.3 ? 64 : 1024);
    if (where < 0.6) return below(near);
    return where < 0.75 ? bytes.length - 1 - below(near) : below(bytes.length);
  };
  if (bytes.length === 0) return { how: "nothing", bytes, from: 0, to: 0 };
  const at = place();
  const length = 1 + below(Math.min(bytes.length - at, next() < 0.5 ? 16 : 4096));
  const copy = bytes.slice();
  switch (below(8)) {
    case 0:
      return { how: `cut at ${at}`, bytes: bytes.slice(0, at), from: at, to: Infinity };
    case 1:
    case 2:
      copy[at] ^= 1 << below(8);
      return { how: `bit flipped at ${at}`, bytes: copy, from: at, to: at + 1 };
    case 3:
    case 4: {
      const width = 2 ** below(4);
      const view = new DataView(new ArrayBuffer(8));
      const little = next() < 0.7;
      const value = BigInt.asUintN(8 * width, extremes[below(extremes.length)]);
      view.setBigUint64(0, little ? value : value << BigInt(64 - 8 * width), little);
      copy.set(new Uint8Array(view.buffer, 0, Math.min(width, bytes.length - at)), at);
      return { how: `${value} in ${width} bytes at ${at}`, bytes: copy, from: at, to: at + width };
    }
    case 5:
      copy.fill(below(2) * 255, at, at + length);
      return { how: `${length} bytes overwritten at ${at}`, bytes: copy, from: at, to: at + length };
    case 6:
      return {
        how: `${length} bytes doubled at ${at}`,
        bytes: joined(bytes.subarray(0, at + length), bytes.subarray(at)),
        from: at + length,
        to: Infinity,
      };
    default:
      return {
        how: `${length} bytes removed at ${at}`,
        bytes: joined(bytes.subarray(0, at), bytes.subarray(at + length)),
        from: at,
        to: Infinity,
      };
  }
}

function joined(one, other) {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

async function work({ format, count, seed, first }) {
  const library = await import(new URL("../dist/src/index.js", import.meta.url));
  const classes = ["FormatError", "ShapeError", "DataError", "UnsupportedError", "EngineError"];
  const { files, entries } = corpusOf(format);
  const intact = new Map();
  for (const entry of entries) intact.set(entry.name, await readIntact(library, files, entry));
  const base = process.resourceUsage().maxRSS * 1024;
  const tally = { cases: 0, refused: {}, equal: 0, different: 0, findings: [], beyond: 0 };

  for (let index = first; index < first + count; index++) {
    const next = random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
    const entry = entries[Math.floor(next() * entries.length)];
    const before = intact.get(entry.name);
    const changed = new Map(files);
    const changes = [];
    for (let left = next() < 0.7 ? 1 : 2 + Math.floor(2 * next()); left > 0; left--) {
      const file = before.touched[Math.floor(next() * before.touched.length)];
      const { bytes, ...change } = mutated(changed.get(file), next);
      changed.set(file, bytes);
      changes.push({ file, ...change });
    }
    const options = next() < 0.2 ? { ...entry.options, allowIncomplete: true } : entry.options;
    const what = `${entry.name}: ${changes.map(({ file, how }) => `${file} ${how}`).join(", ")}${options.allowIncomplete ? ", incomplete allowed" : ""}`;
    process.send({ at: index, what });
    const wrong = (why) => tally.findings.push({ index, what, why });
    tally.cases++;
    try {
      const found = await readAll(library, changed, { name: entry.name, options });
      const hit = (ranges) =>
        ranges.some(({ file, from, to }) => changes.some((c) => c.file === file && c.from < to && from < c.to));
      const same = (i) => Buffer.compare(found.patterns[i], before.patterns[i]) === 0;
      if (found.shape === before.shape && before.patterns.every((_, i) => same(i))) tally.equal++;
      else {
        tally.different++;
        if (!hit(before.opening)) {
          // Nothing that opening looks at was changed, so neither may be what it found.
          if (found.shape !== before.shape) wrong(`opened as ${found.shape}`);
          else {
            const missing = (i) => options.allowIncomplete && found.patterns[i].every((byte) => byte === 0);
            const harmed = before.reads.findIndex((ranges, i) => !hit(ranges) && !same(i) && !missing(i));
            if (harmed >= 0) wrong(`pattern ${harmed} differs, although its bytes were not touched`);
          }
        }
      }
    } catch (error) {
      if (!classes.includes(error?.name)) wrong(`${error?.stack ?? error}`);
      else if (/\n/.test(error.message)) wrong(`a message of several lines: ${error.message}`);
      else tally.refused[error.name] = (tally.refused[error.name] ?? 0) + 1;
    }
    const beyond = process.resourceUsage().maxRSS * 1024 - base;
    if (beyond > mostBeyond + mostRead && tally.beyond <= mostBeyond + mostRead) {
      wrong(`${Math.round(beyond / 2 ** 20)} MiB beyond what opening the intact files took`);
    }
    tally.beyond = Math.max(tally.beyond, beyond);
  }
  // Only what has been sent is there when this process ends.
  await new Promise((sent) => process.send({ tally }, sent));
}

// ---- The process that watches it

/** Runs cases first … first + count − 1 in a process of their own, which is ended when one of them takes too long. */
function watched(format, count, seed, first) {
  return new Promise((settle) => {
    // What plugins of HDF5 print about damaged chunks is no result.
    const stdio = ["ignore", "ignore", "inherit", "ipc"];
    const child = fork(thisFile, ["--worker", JSON.stringify({ format, count, seed, first })], { stdio });
    let last = { at: first - 1, what: "opening the intact files" };
    let tally;
    let why;
    const patience = () =>
      setTimeout(
        () => {
          why = `hangs: not done after ${secondsPerCase} s`;
          child.kill("SIGKILL");
        },
        secondsPerCase * 1000 * (last.at < first ? 12 : 1),
      );
    let timer = patience();
    child.on("message", (message) => {
      clearTimeout(timer);
      if (message.tally) tally = message.tally;
      else last = message;
      timer = patience();
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      settle({ tally, last, why: why ?? `the process ended with ${signal ?? code}` });
    });
  });
}

async function fuzz(format, count, seed, first) {
  const began = Date.now();
  const total = { format, cases: 0, refused: {}, equal: 0, different: 0, findings: [], beyond: 0, seconds: 0 };
  for (let at = first; at < first + count; ) {
    // Batches, so that what a process counted is not lost when a later case ends it, and so that memory is that of few cases:
    // an instance of the HDF5 library that a damaged chunk has spoilt (one case in forty) is never freed.
    const most = Math.min(500, first + count - at);
    const { tally, last, why } = await watched(format, most, seed, at);
    if (tally === undefined) {
      total.findings.push({ index: last.at, what: last.what, why });
      if (last.at < at) break;
      total.cases += last.at + 1 - at;
      at = last.at + 1;
      continue;
    }
    total.cases += tally.cases;
    total.equal += tally.equal;
    total.different += tally.different;
    total.findings.push(...tally.findings);
    total.beyond = Math.max(total.beyond, tally.beyond);
    for (const [name, times] of Object.entries(tally.refused)) total.refused[name] = (total.refused[name] ?? 0) + times;
    at += most;
  }
  return { ...total, seconds: (Date.now() - began) / 1000 };
}

async function main() {
  const { values } = parseArgs({
    options: {
      format: { type: "string", default: "all" },
      count: { type: "string", default: "1000" },
      seed: { type: "string", default: "1" },
      first: { type: "string", default: "0" },
      json: { type: "boolean", default: false },
    },
  });
  const known = fixtureFormats();
  const formats = values.format === "all" ? known : values.format.split(",");
  const strange = formats.find((format) => !known.includes(format));
  const [count, seed, first] = [values.count, values.seed, values.first].map(Number);
  if (strange !== undefined || ![count, seed, first].every(Number.isSafeInteger) || count < 1) {
    process.stderr.write(
      `fuzz: expected --format all or some of ${known.join(",")}, and whole numbers --count, --seed\n`,
    );
    process.exit(2);
  }
  const found = [];
  for (const format of formats) {
    const result = await fuzz(format, count, seed, first);
    found.push(result);
    if (values.json) continue;
    const refused = Object.entries(result.refused).map(([name, times]) => `${times} ${name}`);
    process.stdout.write(
      `${format}: ${result.cases} cases in ${result.seconds.toFixed(0)} s: ${refused.join(", ")}; ` +
        `${result.equal} read as before, ${result.different} read otherwise; ` +
        `${Math.round(result.beyond / 2 ** 20)} MiB more; ${result.findings.length} findings\n`,
    );
    for (const { index, what, why } of result.findings) process.stdout.write(`  case ${index}, ${what}\n    ${why}\n`);
  }
  if (values.json) process.stdout.write(`${JSON.stringify(found)}\n`);
  process.exitCode = found.some(({ findings }) => findings.length > 0) ? 1 : 0;
}

if (process.argv[2] === "--worker") {
  await work(JSON.parse(process.argv[3]));
  process.disconnect();
} else await main();
