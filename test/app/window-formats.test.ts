import { readFileSync } from "node:fs";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseRecipe, simulateNanowire } from "../../src/index.ts";
import { buildWindow } from "./build-window.ts";
import { startChromium } from "./chromium.ts";
import { merlin } from "./merlin.ts";
import { openPage } from "./page.ts";
import { scanFile } from "./scan-file.ts";
import { type StaticServer, serveFolder } from "./static-server.ts";

// The way from a file to its results, by clicking and dragging, in formats beside the .blo of `window-steps`; then a damaged and a wrong file after it.

let browser: Browser;
let server: StaticServer;

beforeAll(async () => {
  server = await serveFolder(await buildWindow());
  browser = await startChromium();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

interface Given {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

async function mib(): Promise<Given[]> {
  const { source } = simulateNanowire({ positions: [12, 14], pixels: [48, 52], dose: 4000 });
  const { file, header } = await merlin(source);
  const given = (name: string, buffer: Buffer): Given => ({ name, mimeType: "application/octet-stream", buffer });
  return [given("wire.mib", Buffer.from(file)), given("wire.hdr", Buffer.from(header))];
}

async function drag(page: Page, over: Locator, from: readonly [number, number], to: readonly [number, number]) {
  const box = (await over.boundingBox())!;
  const place = ([x, y]: readonly [number, number]) => [box.x + x * box.width, box.y + y * box.height] as const;
  await page.mouse.move(...place(from));
  await page.mouse.down();
  await page.mouse.move(...place(to), { steps: 4 });
  await page.mouse.up();
}

describe.each([
  ["wire.hspy", async () => [await scanFile("wire.hspy")]],
  ["wire.mib", mib],
] as const)("%s", (name, files) => {
  it("goes from the file to its results by clicking and dragging", async () => {
    const { page, context, strangers, errors } = await openPage(browser, server.address);
    const step = (to: string) => page.locator(".steps").getByRole("button", { name: to }).click();
    const picture = (label: RegExp) => page.getByRole("application", { name: label }).first();
    await page.getByLabel("Scan file").setInputFiles(await files());
    await page.getByRole("heading", { name: "Bright field" }).waitFor({ timeout: 60_000 });

    await page.getByRole("button", { name: "Mean", exact: true }).first().click();
    await page.getByRole("button", { name: "Disk: dark-field image" }).click();
    await drag(page, picture(/^Mean pattern/), [0.62, 0.4], [0.68, 0.4]);
    const image = picture(/^Disk 1/);
    await image.waitFor();
    const drawn = () => image.locator("canvas").evaluate((it) => (it as HTMLCanvasElement).toDataURL());
    const before = await drawn();
    await drag(page, picture(/^Mean pattern/), [0.62, 0.4], [0.5, 0.5]);
    await expect.poll(drawn).not.toBe(before);

    await step("Learn");
    await drag(page, picture(/^Scan mask/), [0.02, 0.02], [0.3, 0.02]);
    await page.getByText(/positions left out/).waitFor();
    for (const method of ["Independent components", "Elliptic clusters", "Unmixing"]) {
      await page.getByRole("checkbox", { name: new RegExp(`^${method}`) }).uncheck();
    }
    await page.getByLabel("Components", { exact: true }).fill("2");
    await page.getByLabel("Components", { exact: true }).press("Enter");
    await page.locator("button.primary", { hasText: "Learn" }).click();
    await page.locator(".status-bar").getByRole("button", { name: "Stop" }).click();
    await page.locator(".said").getByText("Learning: stopped").waitFor({ timeout: 30_000 });
    await page.locator("button.primary", { hasText: "Learn" }).click();
    await page.getByRole("heading", { name: "Scree" }).waitFor({ timeout: 100_000 });
    expect(await page.locator(".component").count()).toBe(2);

    await step("Judge");
    await drag(page, page.locator(".line-panel .picture-surface"), [0.2, 0.1], [0.7, 0.9]);
    await page.locator(".profile-panel .legend").getByText("VDF Disk 1").waitFor();

    await step("Keep");
    await page.locator(".file-table").waitFor({ timeout: 100_000 });
    const [saved] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save recipe.json" }).click(),
    ]);
    const recipe = parseRecipe(readFileSync(await saved.path(), "utf8"), "recipe.json");
    expect(recipe).toMatchObject({ components: 2, methods: ["svd", "nmf", "fcm"], input: { file: name } });
    expect(recipe.masks?.positions?.length).toBeGreaterThan(1);

    // A file that cannot be opened takes the place of none of it quietly: it says so, and a good one opens after it.
    await step("Open");
    await page
      .getByLabel("Scan file")
      .setInputFiles({ name: "letter.txt", mimeType: "text/plain", buffer: Buffer.from("Dear editor,") });
    await page.getByRole("alert").getByText("letter.txt").waitFor();
    await page.getByLabel("Scan file").setInputFiles(await files());
    await page.locator(".scan-name", { hasText: name }).waitFor({ timeout: 60_000 });
    expect([...strangers, ...errors]).toEqual([]);
    await context.close();
  });
});
