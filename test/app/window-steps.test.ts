import { readFileSync } from "node:fs";
import { unzipSync } from "fflate";
import { File, type Group, ready } from "h5wasm/node";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { methods } from "../../src/analyse/recipe.ts";
import { type Axes, parseRecipe } from "../../src/index.ts";
import { buildWindow } from "./build-window.ts";
import { startChromium } from "./chromium.ts";
import { openPage, type Watched } from "./page.ts";
import { scanFile } from "./scan-file.ts";
import { type StaticServer, serveFolder } from "./static-server.ts";

// Every step as a user takes it, with mouse and keys, on one scan; later tests build on earlier ones.

let browser: Browser;
let server: StaticServer;
let watched: Watched;
let page: Page;

beforeAll(async () => {
  server = await serveFolder(await buildWindow());
  browser = await startChromium();
  watched = await openPage(browser, server.address);
  page = watched.page;
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const step = (name: string): Promise<void> => page.locator(".steps").getByRole("button", { name }).click();

const button = (name: string | RegExp): Locator => page.getByRole("button", { name, exact: true }).first();

const picture = (name: RegExp): Locator => page.getByRole("application", { name }).first();

/** Drags over a picture, places as shares of its width and height. */
async function drag(over: Locator, ...places: readonly (readonly [x: number, y: number])[]): Promise<void> {
  const box = (await over.boundingBox())!;
  const [first, ...rest] = places.map(([x, y]) => [box.x + x * box.width, box.y + y * box.height] as const);
  await page.mouse.move(...first);
  await page.mouse.down();
  for (const place of rest) await page.mouse.move(...place, { steps: 4 });
  await page.mouse.up();
}

/** A fingerprint of what a picture shows. */
const shown = (of: Locator): Promise<string> =>
  of.locator("canvas").evaluate((it) => (it as HTMLCanvasElement).toDataURL());

/** Waits until a picture shows something else. */
async function changed(of: Locator, from: string): Promise<string> {
  await expect.poll(() => shown(of), { timeout: 20_000 }).not.toBe(from);
  return shown(of);
}

/** Steps of the last two axes of a signal in a results.hspy. */
async function axisSteps(path: string, title: string): Promise<unknown[]> {
  await ready;
  const file = new File(path, "r");
  const signals = file.get("Experiments") as Group;
  const signal = signals.get(title) as Group;
  const axes = signal.keys().filter((key) => key.startsWith("axis-"));
  const steps = axes.map((key) => Number((signal.get(key) as Group).attrs.scale!.value));
  file.close();
  return steps;
}

describe("the window", () => {
  it("opens a file that was chosen", async () => {
    await page.getByLabel("Scan file").setInputFiles(await scanFile("wire.blo"));
    await page.getByRole("heading", { name: "Bright field" }).waitFor({ timeout: 60_000 });
    expect(await page.locator(".scan-name").innerText()).toContain("18 × 16 positions");
  });

  it("shows the pattern under the mouse, and under the arrow keys", async () => {
    const pattern = picture(/^Pattern/);
    const image = picture(/^Bright field/);
    await expect.poll(() => shown(pattern)).not.toBe("");
    const before = await shown(pattern);
    const box = (await image.boundingBox())!;
    await page.mouse.move(box.x + 0.1 * box.width, box.y + 0.1 * box.height);
    const there = await changed(pattern, before);
    expect(await page.locator(".read-out").first().innerText()).toContain("row 1, column 1");
    await image.focus();
    await page.keyboard.press("ArrowDown");
    await changed(pattern, there);
    expect(await page.locator(".read-out").first().innerText()).toContain("row 2, column 1");
  });

  it("draws an aperture, whose image follows while it is dragged; Escape takes the drag back", async () => {
    await button("Mean").click();
    await button("Disk: dark-field image").click();
    await drag(picture(/^Mean pattern/), [0.62, 0.4], [0.68, 0.4]);
    const image = picture(/^Disk 1/);
    await image.waitFor();
    const first = await shown(image);
    const row = page.getByLabel("Row", { exact: true });
    const at = await row.inputValue();
    await drag(picture(/^Mean pattern/), [0.62, 0.4], [0.5, 0.5]);
    await changed(image, first);
    expect(await row.inputValue()).not.toBe(at);

    const moved = await row.inputValue();
    const box = (await picture(/^Mean pattern/).boundingBox())!;
    await page.mouse.move(box.x + 0.5 * box.width, box.y + 0.5 * box.height);
    await page.mouse.down();
    await page.mouse.move(box.x + 0.3 * box.width, box.y + 0.2 * box.height, { steps: 4 });
    await expect.poll(() => row.inputValue()).not.toBe(moved);
    await page.keyboard.press("Escape");
    await page.mouse.up();
    await expect.poll(() => row.inputValue()).toBe(moved);

    await page.getByRole("button", { name: /^Disk 1: arrow keys/ }).focus();
    await page.keyboard.press("ArrowDown");
    await expect.poll(async () => Number(await row.inputValue())).toBeCloseTo(Number(moved) + 1, 2);
  });

  it("averages a region of the image", async () => {
    await button("Rectangle: mean pattern of a region").click();
    await drag(picture(/^Disk 1/), [0.1, 0.1], [0.4, 0.3]);
    await page.getByRole("heading", { name: "Mean of rectangle 1" }).waitFor();
  });

  it("calibrates by a reflection that is known", async () => {
    await button("Mean").click();
    await button("By a known reflection").click();
    const box = (await picture(/^Mean pattern/).boundingBox())!;
    await page.mouse.click(box.x + 0.75 * box.width, box.y + 0.5 * box.height);
    const spacing = page.getByLabel("Lattice spacing d");
    await spacing.fill("2");
    await spacing.press("Enter");
    await expect.poll(() => page.getByLabel("Detector pixel").inputValue()).not.toBe("0.03");
    await button("As in the file").click();
    await expect.poll(() => page.getByLabel("Detector pixel").inputValue()).toBe("");
    const scanStep = page.getByLabel("Scan step");
    await scanStep.fill("7");
    await scanStep.press("Enter");
  });

  it("aligns", async () => {
    await step("Align");
    await button("Find the direct beam").click();
    await page.getByText("rms").first().waitFor({ timeout: 60_000 });
    await page.getByText("moved by whole pixels").waitFor();
  });

  it("takes masks that are painted, and learns; learning can be stopped", async () => {
    await step("Learn");
    const detector = picture(/^Detector mask/);
    await drag(detector, [0.02, 0.02], [0.1, 0.02]);
    await page.getByText(/pixels left out/).waitFor();
    await button("Eraser: use again").click();
    await drag(detector, [0, 0.02], [0.2, 0.02]);
    await page.getByText("nothing left out").first().waitFor();
    for (const method of ["Independent components", "Elliptic clusters", "Non-negative factors"]) {
      await page.getByRole("checkbox", { name: new RegExp(method) }).uncheck();
    }
    const offered = page.locator(".checks input");
    const names = await offered.evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value));
    expect(names.sort()).toEqual([...methods].sort());
    await page.getByText("More clusters").click();
    await page.getByRole("checkbox", { name: "k-means" }).check();
    for (const [name, value] of [
      ["Components", "3"],
      ["Clusters", "3"],
    ] as const) {
      await page.getByLabel(name, { exact: true }).fill(value);
      await page.getByLabel(name, { exact: true }).press("Enter");
    }
    expect(await page.locator(".forecast").innerText()).toContain("MiB");
    await button(/^Learn$/)
      .and(page.locator(".primary"))
      .click();
    await page.locator(".status-bar").getByRole("button", { name: "Stop" }).click();
    await page.locator(".said").getByText("Learning: stopped").waitFor({ timeout: 30_000 });
    await page.locator("button.primary", { hasText: "Learn" }).click();
    await page.getByRole("heading", { name: "Scree" }).waitFor({ timeout: 100_000 });
    expect(await page.locator(".component").count()).toBe(3);
  });

  it("shows every method, and follows the sliders", async () => {
    await page.getByText("Fuzzy clusters", { exact: true }).click();
    const map = page.locator(".component .picture").nth(1);
    const memberships = await shown(map);
    await page.getByText("Barycentric", { exact: true }).click();
    await changed(map, memberships);
    await page.getByRole("slider", { name: "Clusters" }).fill("2");
    await expect.poll(() => page.locator(".component").count(), { timeout: 30_000 }).toBe(2);
    await page.locator(".components-head .preview-mark").waitFor();
    await page.locator(".components-head .preview-mark").waitFor({ state: "detached", timeout: 60_000 });
    expect(await page.locator(".component").count()).toBe(2);
    await page.getByRole("slider", { name: "Clusters" }).fill("3");
    await expect.poll(() => page.locator(".component").count(), { timeout: 30_000 }).toBe(3);
    await page.getByText("k-means", { exact: true }).click();
    await page.getByText("k-means clustering", { exact: true }).waitFor();
    await page.getByText("Unmixing", { exact: true }).first().click();
    await page.getByRole("slider", { name: "Components" }).fill("2");
    await expect.poll(() => page.locator(".component").count(), { timeout: 30_000 }).toBe(2);
    await page.getByRole("slider", { name: "Components" }).fill("3");
    await expect.poll(() => page.locator(".component").count(), { timeout: 30_000 }).toBe(3);
    await page.locator(".components-head .preview-mark").waitFor({ state: "detached", timeout: 60_000 });
  });

  it("brushes points of the scatter", async () => {
    await page.getByText("Scatter", { exact: true }).click();
    const ground = page.locator(".scatter .drawing-ground");
    await drag(ground, [0.01, 0.01], [0.99, 0.01], [0.99, 0.99], [0.01, 0.99], [0.01, 0.02]);
    await page.getByText("288 of 288 positions").waitFor({ timeout: 20_000 });
    await page.getByRole("heading", { name: "Mean pattern of the brushed" }).waitFor();
  });

  it("judges: a profile along a line, residuals at a click", async () => {
    await step("Judge");
    const map = page.locator(".line-panel .picture-surface");
    const ends = page.locator(".line-end");
    const before = await ends.first().getAttribute("aria-valuetext");
    await drag(map, [0.2, 0.1], [0.7, 0.9]);
    expect(await ends.first().getAttribute("aria-valuetext")).not.toBe(before);
    await page.locator(".profile-panel .legend").getByText("VDF Disk 1").waitFor();
    await page
      .locator(".profile-panel .legend")
      .getByText(/^Fuzzy clusters \d, barycentric$/)
      .waitFor();
    await button("Measure the residual").click();
    const residual = picture(/^Residual of/);
    await residual.waitFor({ timeout: 60_000 });
    const box = (await residual.boundingBox())!;
    await page.mouse.click(box.x + 1, box.y + 1);
    await page.getByText("at row 0, column 0").waitFor();
  });

  it("keeps: one file, all files, and the recipe that repeats the run", async () => {
    await step("Keep");
    await page.locator(".file-table").waitFor({ timeout: 60_000 });
    const [one] = await Promise.all([page.waitForEvent("download"), button("Save recipe.json").click()]);
    expect(one.suggestedFilename()).toBe("recipe.json");
    const recipe = parseRecipe(readFileSync(await one.path(), "utf8"), "recipe.json");
    expect(recipe).toMatchObject({
      components: 3,
      methods: ["svd", "unmix", "fcm", "k-means"],
      input: { file: "wire.blo" },
    });

    const [all] = await Promise.all([page.waitForEvent("download"), button("All files, as one zip").click()]);
    expect(all.suggestedFilename()).toBe("wire-endmember.zip");
    const names = Object.keys(unzipSync(readFileSync(await all.path())));
    expect(names).toContain("wire-endmember/unmix-factors.npy");
    expect(names).toContain("wire-endmember/results.hspy");
  });

  it("writes the calibration made in the window, also one that was made after learning", async () => {
    const axesOf = async (): Promise<Axes> => {
      const [saved] = await Promise.all([page.waitForEvent("download"), button("Save recipe.json").click()]);
      return parseRecipe(readFileSync(await saved.path(), "utf8"), "recipe.json").axes!;
    };
    expect((await axesOf()).positions).toMatchObject([
      { step: 7, unit: "nm" },
      { step: 7, unit: "nm" },
    ]);
    await step("Look");
    await page.getByLabel("Detector pixel").fill("0.0123");
    await page.getByLabel("Detector pixel").press("Enter");
    await step("Keep");
    await page.locator(".file-table").waitFor({ timeout: 60_000 });
    expect((await axesOf()).pixels[1]).toMatchObject({ step: 0.0123, unit: "1/Å" });
    const [file] = await Promise.all([page.waitForEvent("download"), button("Save results.hspy").click()]);
    expect(await axisSteps(await file.path(), "Bright field")).toEqual([7, 7]);
    expect(await axisSteps(await file.path(), "Mean pattern")).toEqual([0.0123, 0.0123]);
    const [report] = await Promise.all([page.waitForEvent("download"), button("Save report.html").click()]);
    const text = readFileSync(await report.path(), "utf8");
    expect(text).toContain("0.0123");
    expect(text).toContain("as set for the run");
  });

  it("remembers what was set after a reload", async () => {
    await step("Look");
    await page.locator('input[type="radio"][value="log"]').first().check({ force: true });
    await step("Learn");
    await page.getByText("Set up", { exact: true }).click();
    await drag(picture(/^Detector mask/), [0.02, 0.02], [0.1, 0.02]);
    const left = await page.getByText(/pixels left out/).innerText();
    await step("Look");
    await page.waitForTimeout(600);
    await page.reload();
    await page.getByLabel("Scan file").setInputFiles(await scanFile("wire.blo"));
    await page.getByRole("heading", { name: "Bright field" }).waitFor({ timeout: 60_000 });
    await page.getByText("Disk 1").first().waitFor();
    expect(await page.locator('input[type="radio"][value="log"]').first().isChecked()).toBe(true);
    expect(await page.getByLabel("Detector pixel").inputValue()).toBe("0.0123");
    await step("Learn");
    expect(await page.getByText(/pixels left out/).innerText()).toBe(left);
    expect(await page.getByRole("checkbox", { name: "k-means" }).isChecked()).toBe(true);
    const stored = await page.evaluate(() => [localStorage.length, sessionStorage.length]);
    expect(stored).toEqual([0, 0]);
  });

  it("asked no other host for anything, and wrote no error", () => {
    expect(watched.strangers).toEqual([]);
    expect(watched.errors).toEqual([]);
  });
});
