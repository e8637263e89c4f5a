// The app in a headless Chromium, against what a hand on the mouse waits for, and learning against the command line on the same file.
// CHROMIUM_PATH chooses the browser; default: the one that the tests unpacked, else the system's.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { build } from "vite";
import { serveApp } from "../dist/src/node.js";
import { analysed } from "./whole.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const browsers = [
  process.env.CHROMIUM_PATH,
  join(root, "node_modules/.cache/chromium/chromium"),
  "/usr/bin/chromium",
  "/usr/bin/google-chrome",
];

export async function measure({ file, folder, threads, repeats }) {
  const executablePath = browsers.find((path) => path && existsSync(path));
  if (!executablePath) return { columns: ["app"], rows: [["no Chromium: set CHROMIUM_PATH"]] };
  const app = join(folder, "app");
  const bare = join(folder, "bare");
  const common = { configFile: join(root, "vite.config.ts"), logLevel: "error" };
  await build({ ...common, build: { outDir: app } });
  await build({ ...common, root: join(root, "test/app/bare"), build: { outDir: bare } });
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const rows = [];
  try {
    const page = readFileSync(join(app, "index.html"), "utf8");
    const scripts = [...page.matchAll(/(?:src|href)="\.\/([^"]+\.(?:js|css))"/g)].map(([, name]) => name);
    const bytes = scripts.reduce((sum, name) => sum + gzipSync(readFileSync(join(app, name))).length, 0);
    rows.push(["script and style that the window starts with, gzipped", "KiB", bytes / 1024, 400]);
    rows.push(["first useful paint: the window with its choices", "ms", await firstPaint(browser, app, repeats), 1000]);

    const served = await serveApp({ file, app: bare });
    const opened = await browser.newPage({ locale: "en-US" });
    await opened.goto(served.url);
    const scan = new URL(new URL(served.url).searchParams.get("file"), new URL("./", served.url.split("?")[0])).href;
    const found = await opened.evaluate(inPage, { url: scan, repeats });
    await served.close();
    rows.push(["open a scan of 207 MB, until it can be looked at", "ms", [found.look]]);
    rows.push(["pattern under the cursor", "ms", found.pattern, 16]);
    rows.push(["dark-field image of a disk of 5 px", "ms", found.disk, 60]);
    rows.push(["dark-field image of a ring of 30 to 60 px", "ms", found.ring, 60]);
    rows.push(["three apertures at once", "ms", found.three, 60]);
    rows.push(["another number of components: preview of the method seen", "ms", found.preview]);
    rows.push(["… exact, every method", "s", [found.exact / 1000]]);
    rows.push(["… that was asked for before", "ms", [found.known]]);
    const { summary } = analysed(file, folder, ["--components", "3", "--threads", threads]);
    const command = summary.seconds.total;
    rows.push(["learning, every method", "s", [found.learning]]);
    rows.push(["… on the command line", "s", [command]]);
    rows.push(["… ratio", "", [found.learning / command], 1.5]);
    const parts = Object.keys(found.seconds).filter((stage) => stage !== "total");
    return {
      title: "The app",
      columns: ["what", "", "found", "aim"],
      rows: rows.map(([what, unit, value, aim]) => [what, unit, spread(value), aim === undefined ? "" : `≤ ${aim}`]),
      notes: [
        `${browser.version()}, ${readdirSync(join(app, "assets")).length} files in assets.`,
        `Stages, s, app : command: ${parts.map((stage) => `${stage} ${found.seconds[stage].toFixed(2)} : ${(summary.seconds[stage] ?? 0).toFixed(2)}`).join(", ")}.`,
      ],
    };
  } finally {
    await browser.close();
  }
}

const spread = (value) => {
  const values = Array.isArray(value) ? value.toSorted((a, b) => a - b) : [value];
  return { median: values[values.length >> 1], min: values[0], max: values.at(-1) };
};

/** From the navigation until the window can be used, each time in a fresh profile. */
async function firstPaint(browser, app, repeats) {
  const served = await serveApp({ app });
  const found = [];
  for (let i = 0; i < repeats; i++) {
    const context = await browser.newContext({ locale: "en-US" });
    const page = await context.newPage();
    await page.goto(served.url, { waitUntil: "commit" });
    await page
      .getByRole("button", { name: /example/i })
      .first()
      .waitFor();
    found.push(
      await page.evaluate(() =>
        Math.max(...performance.getEntriesByType("paint").map(({ startTime }) => startTime), performance.now()),
      ),
    );
    await context.close();
  }
  await served.close();
  return found;
}

/** What runs in the page: the calls that the window makes while somebody moves the mouse. */
async function inPage({ url, repeats }) {
  const { connect, endmember } = window;
  const session = connect();
  const timed = async (count, work) => {
    const found = [];
    for (let i = 0; i < count; i++) {
      const began = performance.now();
      await work(i);
      found.push(performance.now() - began);
    }
    return found;
  };
  let opened;
  const [look] = await timed(1, async () => {
    opened = await session.open({ from: "served", url, name: "scan.npy" }, {});
    await session.look();
  });
  const { pixels, positions, recipe } = opened;
  const { disk, annulus, patterns } = endmember;
  const middle = pixels.map((length) => length / 2);
  const together = (...stacks) => {
    const values = new Float32Array(stacks.length * pixels[0] * pixels[1]);
    stacks.forEach((stack, i) => {
      values.set(stack.values, i * pixels[0] * pixels[1]);
    });
    return patterns(pixels, values);
  };
  const moved = (i) => [middle[0] + (i % 7), middle[1] - (i % 5)];
  const pattern = await timed(5 * repeats, (i) => session.patternAt([(7 * i) % positions[0], (13 * i) % positions[1]]));
  const diskTimes = await timed(3 * repeats, (i) => session.darkFields(disk(pixels, moved(i), 5)));
  const ring = await timed(3 * repeats, (i) => session.darkFields(annulus(pixels, moved(i), 30, 60)));
  const three = await timed(3 * repeats, (i) =>
    session.darkFields(
      together(disk(pixels, moved(i), 5), disk(pixels, moved(i + 1), 8), disk(pixels, moved(i + 2), 3)),
    ),
  );
  const analysis = await session.analyse({ ...recipe, components: 3 });
  const numbers = { components: 4, clusters: 4, fuzzifier: 2 };
  // The window does so when learning is done.
  await session.preview(analysis, numbers);
  const preview = await timed(3 * repeats, (i) =>
    session.preview(analysis, {
      components: 2 + (i % 3),
      clusters: 3,
      fuzzifier: 2,
      methods: [["nmf", "unmix", "fcm"][i % 3]],
    }),
  );
  const [exact] = await timed(1, () => session.relearn(numbers));
  const [known] = await timed(1, () => session.relearn(numbers));
  session.close();
  const { seconds } = analysis;
  return { look, pattern, disk: diskTimes, ring, three, preview, exact, known, learning: seconds.total, seconds };
}
