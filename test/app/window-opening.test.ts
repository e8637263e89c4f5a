import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultRecipe } from "../../src/index.ts";
import { filesUnder, root } from "../repository/imports.ts";
import { buildWindow } from "./build-window.ts";
import { startChromium } from "./chromium.ts";
import { openPage } from "./page.ts";
import { scanFile } from "./scan-file.ts";
import { type StaticServer, serveFolder } from "./static-server.ts";

// What a user may give the window: each format, one that must be described, a damaged one, a wrong one, a folder, a recipe.

interface Given {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

let browser: Browser;
let server: StaticServer;
let page: Page;

beforeAll(async () => {
  server = await serveFolder(await buildWindow());
  browser = await startChromium();
  page = (await openPage(browser, server.address, { dark: true })).page;
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const fixture = (path: string): Given => ({
  name: path.split("/").at(-1)!,
  mimeType: "application/octet-stream",
  buffer: readFileSync(join(root, "test", "fixtures", path)),
});

const choose = async (...files: Given[]): Promise<void> => {
  await page.locator(".steps").getByRole("button", { name: "Open" }).click();
  await page.getByLabel("Scan file").setInputFiles(files);
};

const opened = async (name: string): Promise<string> => {
  await page.locator(".scan-name", { hasText: name }).waitFor({ timeout: 60_000 });
  await page.locator(".image-panel").waitFor({ timeout: 60_000 });
  return page.locator(".scan-name").innerText();
};

/** Drops files as a browser does, with the paths of a folder where they have one. */
const drop = (files: readonly { path: string; content: string }[]): Promise<void> =>
  page.evaluate(
    (given) => {
      const data = new DataTransfer();
      // A test cannot make a folder's entry, so it stands in for one.
      const items = given.map(({ path, content }) => {
        const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
        const file = new File([bytes], path.split("/").at(-1)!);
        return {
          webkitGetAsEntry: () => ({
            isFile: true,
            fullPath: `/${path}`,
            file: (resolve: (file: File) => void) => resolve(file),
          }),
        };
      });
      Object.defineProperty(data, "items", { value: items });
      Object.defineProperty(data, "types", { value: ["Files"] });
      const event = new DragEvent("drop", { bubbles: true, cancelable: true });
      Object.defineProperty(event, "dataTransfer", { value: data });
      window.dispatchEvent(event);
    },
    files as { path: string; content: string }[],
  );

describe("opening", () => {
  it("takes a .hspy, a .blo, and a .mib with its .hdr", async () => {
    await choose(await scanFile("wire.hspy"));
    expect(await opened("wire.hspy")).toContain("56 × 56 px");
    await choose(fixture("blo/hyperspy.blo"));
    expect(await opened("hyperspy.blo")).toContain("3 × 4 positions");
    await choose(fixture("mib/u16.mib"), fixture("mib/u16.hdr"));
    expect(await opened("u16.mib")).toContain("3 × 4 positions");
  });

  it("asks for the scan's shape where the file does not say it", async () => {
    await choose(fixture("mib/u08.mib"));
    await page.getByRole("alert").getByText("12 frames of 5×6").waitFor();
    expect(await page.getByRole("alert").innerText()).not.toContain("--");
    await page.getByLabel("Scan rows").fill("3");
    await page.getByLabel("columns").fill("4");
    await page.getByRole("alert").getByRole("button", { name: "Open" }).click();
    expect(await opened("u08.mib")).toContain("3 × 4 positions");
  });

  it("says what is wrong with a damaged file, and reads what is there when told to", async () => {
    const whole = await scanFile("wire.blo");
    await choose({ ...whole, name: "cut.blo", buffer: whole.buffer.subarray(0, whole.buffer.length / 2) });
    await page.getByRole("alert").getByText("cut.blo").waitFor();
    await page.getByRole("alert").getByRole("button", { name: "Open" }).click();
    expect(await opened("cut.blo")).toContain("18 × 16 positions");
  });

  it("says what it reads when given something else, and reads plain numbers that are described", async () => {
    await choose({ name: "numbers.bin", mimeType: "", buffer: Buffer.alloc(3 * 4 * 5 * 6, 7) });
    await page.getByRole("alert").getByText("numbers.bin").waitFor();
    const layout = page.getByPlaceholder("u16:36x40x128x128:512");
    await layout.fill("nonsense");
    await layout.press("Enter");
    await page.getByText('found "nonsense"').waitFor();
    await layout.fill("u8:3x4x5x6");
    await layout.press("Enter");
    expect(await opened("numbers.bin")).toContain("5 × 6 px");
  });

  it("takes a folder that is dropped", async () => {
    const folder = "test/fixtures/zarr/hyperspy.zspy";
    const files = filesUnder([folder], /./).map((path) => ({
      path: path.slice("test/fixtures/zarr/".length),
      content: readFileSync(join(root, path)).toString("base64"),
    }));
    expect(files.length).toBeGreaterThan(3);
    await drop(files);
    expect(await opened("hyperspy.zspy")).toContain("positions");
  });

  it("takes a recipe that is dropped, and learns as it says", async () => {
    const recipe = {
      endmember: "0.1.0",
      input: { file: "wire.blo", sha256: "0".repeat(64), bytes: 1 },
      open: {},
      ...defaultRecipe,
      components: 2,
      seed: 7,
    };
    await drop([{ path: "recipe.json", content: Buffer.from(JSON.stringify(recipe)).toString("base64") }]);
    await choose(await scanFile("wire.blo"));
    await opened("wire.blo");
    await page.locator(".steps").getByRole("button", { name: "Learn" }).click();
    expect(await page.getByLabel("Components", { exact: true }).inputValue()).toBe("2");
    await page.getByText("More", { exact: true }).click();
    expect(await page.getByLabel("Seed").inputValue()).toBe("7");
  });

  it("opens the example in one click, by the keyboard", async () => {
    await page.locator(".steps").getByRole("button", { name: "Open" }).click();
    await page.getByRole("button", { name: "Try the example" }).focus();
    await page.keyboard.press("Enter");
    expect(await opened("nanowire.hspy")).toContain("44 × 40 positions");
  });

  it("is dark where the machine is, until told otherwise", async () => {
    const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await ground();
    await page.getByTitle("Light", { exact: true }).click();
    expect(await ground()).not.toBe(dark);
  });
});
