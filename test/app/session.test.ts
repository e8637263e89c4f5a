import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { connect } from "../../app/session/connect.ts";
import type * as library from "../../src/index.ts";
import { buildBare } from "./build-bare.ts";
import { startChromium } from "./chromium.ts";
import { openPage, type Watched } from "./page.ts";
import { type StaticServer, serveFolder } from "./static-server.ts";

/** What the page without a window holds. */
interface Bare {
  readonly connect: typeof connect;
  readonly endmember: typeof library;
  session: ReturnType<typeof connect>;
}

let browser: Browser;
let server: StaticServer;
let bare: Watched;

beforeAll(async () => {
  server = await serveFolder(await buildBare());
  browser = await startChromium();
  bare = await openPage(browser, server.address);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

describe("a session", () => {
  it("opens the example and shows it", async () => {
    const found = await bare.page.evaluate(async () => {
      const { connect, endmember } = window as unknown as Bare;
      const session = connect();
      const { name, positions, pixels } = await session.open({ from: "example" }, {});
      const { brightField, meanPattern } = await session.look();
      const one = await session.patternAt([3, 4]);
      const dark = await session.darkFields(endmember.disk(pixels, [20, 20], 4));
      session.close();
      return {
        name,
        positions,
        pixels,
        size: brightField.size,
        mean: meanPattern.size,
        one: one.length,
        dark: dark.count,
      };
    });
    expect(found).toEqual({
      name: "nanowire.hspy",
      positions: [44, 40],
      pixels: [112, 104],
      size: [44, 40],
      mean: [112, 104],
      one: 112 * 104,
      dark: 1,
    });
    expect(bare.errors).toEqual([]);
    expect(bare.strangers).toEqual([]);
  });
});
