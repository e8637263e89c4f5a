import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildWindow } from "./build-window.ts";
import { startChromium } from "./chromium.ts";
import { openPage } from "./page.ts";
import { scanFile } from "./scan-file.ts";
import { type StaticServer, serveFolder } from "./static-server.ts";

// Contrast, names, roles and the like by the rules of WCAG 2.2 A and AA, in each step, light and dark; the order of Tab; and what fits a small window.

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

let browser: Browser;
let server: StaticServer;
let page: Page;

beforeAll(async () => {
  server = await serveFolder(await buildWindow());
  browser = await startChromium();
  page = (await openPage(browser, server.address)).page;
  await page.evaluate(axe);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const step = (name: string): Promise<void> => page.locator(".steps").getByRole("button", { name }).click();

/** What axe finds wrong with what is on the screen, light and dark, in words. */
async function faults(): Promise<string[]> {
  const found: string[] = [];
  for (const theme of ["Light", "Dark"]) {
    await page.getByTitle(theme, { exact: true }).click();
    await page.mouse.move(0, 0);
    const { violations, passes } = await page.evaluate(async (tags): Promise<AxeResults> => {
      const { axe } = window as unknown as {
        axe: { run: (context: Document, options: object) => Promise<AxeResults> };
      };
      return axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations", "passes"] });
    }, rules);
    const told = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${theme}: ${id}: ${target.join(" ")}: ${failureSummary}`),
    );
    // A page on which nothing was looked at has no faults either.
    expect(passes.find(({ id }) => id === "color-contrast")?.nodes.length).toBeGreaterThan(3);
    found.push(...told);
  }
  return found;
}

/** What sticks out of the window, or has text that is cut off sideways without a sign of it. */
const misfits = (): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    if (document.documentElement.scrollWidth > innerWidth) found.push("the page scrolls sideways");
    for (const element of document.querySelectorAll<HTMLElement>("button, select, input, h1, h2, h3, label, summary")) {
      const box = element.getBoundingClientRect();
      if (box.width <= 1 || getComputedStyle(element).visibility === "hidden" || element.closest(".skip")) continue;
      const name = element.textContent?.trim() || element.getAttribute("aria-label") || element.id;
      if (box.left < -1 || box.right > innerWidth + 1) found.push(`outside: ${name}`);
    }
    return found;
  });

describe("the window", () => {
  it("opens without a fault", async () => {
    expect(await faults()).toEqual([]);
    expect(await misfits()).toEqual([]);
  });

  it("tells of a file that cannot be opened, without a fault", async () => {
    await page
      .getByLabel("Scan file")
      .setInputFiles({ name: "letter.txt", mimeType: "text/plain", buffer: Buffer.from("Dear editor,") });
    await page.getByRole("alert").waitFor();
    expect(await faults()).toEqual([]);
  });

  it("looks without a fault", async () => {
    await page.getByLabel("Scan file").setInputFiles(await scanFile("wire.hspy"));
    await page.getByRole("heading", { name: "Bright field" }).waitFor({ timeout: 60_000 });
    expect(await faults()).toEqual([]);
    expect(await misfits()).toEqual([]);
  });

  it("goes with Tab through everything, in the order in which it is read, and out again", async () => {
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    const order: string[] = [];
    for (let i = 0; i < 80; i++) {
      await page.keyboard.press("Tab");
      const focus = await page.evaluate(() => {
        const all = [...document.querySelectorAll("*")];
        const on = document.activeElement!;
        if (on === document.body) return undefined;
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(on);
        const holder = on.closest("label") ?? on;
        const ring = [outlineStyle, getComputedStyle(holder).outlineStyle].some((style) => style !== "none");
        return { at: all.indexOf(on), name: on.tagName, ring: ring || boxShadow !== "none", width: outlineWidth };
      });
      if (!focus) break;
      expect(focus, JSON.stringify(focus)).toMatchObject({ ring: true });
      order.push(String(focus.at));
    }
    const places = order.map(Number);
    expect(places.length).toBeGreaterThan(15);
    expect(places.length).toBeLessThan(80);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it("aligns without a fault", async () => {
    await step("Align");
    await page.getByRole("button", { name: "Find the direct beam" }).click();
    await page.getByText("rms").first().waitFor({ timeout: 60_000 });
    expect(await faults()).toEqual([]);
    expect(await misfits()).toEqual([]);
  });

  it("is set up to learn without a fault", async () => {
    await step("Learn");
    for (const family of ["More non-negative factors", "More clusters"]) await page.getByText(family).click();
    await page.getByRole("checkbox", { name: "Sparse NMF" }).check();
    await page.getByRole("checkbox", { name: "High contrast" }).check();
    expect(await faults()).toEqual([]);
    expect(await misfits()).toEqual([]);
  });

  it("shows what was learned without a fault, with a preview and in the scatter", async () => {
    for (const name of ["Sparse NMF", "High contrast", "Unmixing", "Independent", "Elliptic"]) {
      await page.getByRole("checkbox", { name: new RegExp(`^${name}`) }).uncheck();
    }
    await page.getByLabel("Components", { exact: true }).fill("3");
    await page.getByLabel("Components", { exact: true }).press("Enter");
    await page.locator("button.primary", { hasText: "Learn" }).click();
    await page.getByRole("heading", { name: "Scree" }).waitFor({ timeout: 100_000 });
    expect(await faults()).toEqual([]);
    expect(await misfits()).toEqual([]);
    await page.getByRole("slider", { name: "Clusters" }).fill("2");
    await page.locator(".components-head .preview-mark").waitFor();
    expect(await faults()).toEqual([]);
    // Plots give way when the window shrinks.
    await page.setViewportSize({ width: 1920, height: 1080 });
    await page.waitForTimeout(300);
    await page.setViewportSize({ width: 1280, height: 720 });
    const overflow = (): Promise<number> =>
      page.locator(".inspector").evaluate((it) => it.scrollWidth - it.clientWidth);
    await expect.poll(overflow).toBe(0);
    await page.getByText("Scatter", { exact: true }).click();
    expect(await faults()).toEqual([]);
    expect(await misfits()).toEqual([]);
  });

  it("judges and keeps without a fault", async () => {
    await step("Judge");
    await page.getByRole("heading", { name: "Profile" }).waitFor();
    expect(await faults()).toEqual([]);
    expect(await misfits()).toEqual([]);
    await step("Keep");
    await page.locator(".file-table").waitFor({ timeout: 100_000 });
    expect(await faults()).toEqual([]);
    expect(await misfits()).toEqual([]);
  });
});
