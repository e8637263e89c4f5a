import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveApp } from "../../src/node/serve-app.ts";
import { writeScan } from "../../src/node/write-scan.ts";
import { simulateNanowire } from "../../src/simulate/nanowire.ts";
import { workFolder } from "../cli/endmember.ts";
import { buildWindow } from "./build-window.ts";
import { startChromium } from "./chromium.ts";
import { openPage } from "./page.ts";
import { serveFolder } from "./static-server.ts";

const folder = workFolder();
let app: string;
let browser: Browser;

beforeAll(async () => {
  app = await buildWindow();
  browser = await startChromium();
});

afterAll(() => browser?.close());

describe("the built app", () => {
  it("starts with at most 400 KiB of scripts, and says what it may load", () => {
    const page = readFileSync(join(app, "index.html"), "utf8");
    const scripts = [...page.matchAll(/(?:src|href)="\.\/([^"]+\.(?:js|css))"/g)].map(([, file]) => file!);
    expect(scripts.length).toBeGreaterThan(1);
    const bytes = scripts.reduce((sum, file) => sum + gzipSync(readFileSync(join(app, file))).length, 0);
    expect(bytes).toBeLessThan(400 * 1024);
    expect(page).toMatch(/<meta http-equiv="Content-Security-Policy" content="default-src &#39;self&#39;;/);
    expect(page).not.toMatch(/(?:src|href)="(?!\.\/)/);
  });

  it("opens without a network once it was loaded, and computes", async () => {
    const server = await serveFolder(app);
    const { page, context, strangers } = await openPage(browser, server.address);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await server.close();
    await page.reload();
    await page
      .getByRole("button", { name: /example/i })
      .first()
      .click();
    await page.getByText("nanowire.hspy").first().waitFor({ timeout: 40_000 });
    expect(strangers).toEqual([]);
    await context.close();
  });

  it("asks no other host for anything, even if it is told to", async () => {
    const server = await serveFolder(app);
    const { page, context } = await openPage(browser, server.address);
    const outcomes = await page.evaluate(async () => {
      const outside = "https://example.com/x";
      const image = new Promise((settle) => {
        const element = new Image();
        element.onload = () => settle("loaded");
        element.onerror = () => settle("refused");
        element.src = outside;
      });
      const refused: string[] = [];
      document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) =>
        refused.push(effectiveDirective),
      );
      const fetched = await fetch(outside).then(
        () => "loaded",
        () => "refused",
      );
      const beacon = await image;
      return { fetched, beacon, refused };
    });
    expect(outcomes).toMatchObject({ fetched: "refused", beacon: "refused" });
    expect(outcomes.refused).toEqual(expect.arrayContaining(["connect-src"]));
    await context.close();
    await server.close();
  });

  it("opens the scan that endmember open serves, read in ranges, with the companions of a folder", async () => {
    const scan = simulateNanowire({ positions: [7, 9], pixels: [40, 48], seed: 3 }).source;
    for (const name of ["a #1 scan.hspy", "store.zspy"]) {
      await writeScan(scan, join(folder, name));
      const served = await serveApp({ file: join(folder, name), app });
      const { page, context, strangers, errors } = await openPage(browser, served.url);
      await page.getByText(name).first().waitFor();
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
      expect(await page.evaluate(() => navigator.serviceWorker.getRegistrations().then((all) => all.length))).toBe(0);
      expect([...strangers, ...errors]).toEqual([]);
      await context.close();
      await served.close();
    }
  });
});
