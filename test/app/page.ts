import type { Browser, BrowserContext, Page } from "playwright-core";

export interface Watched {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page asked for beyond its own server: a test holds that it is nothing. */
  readonly strangers: readonly string[];
  /** Errors that nobody caught, and what the page wrote as an error. */
  readonly errors: readonly string[];
}

/** A fresh page at that address, at the size of a small laptop's window; what it asks of other hosts is refused and noted. */
export async function openPage(
  browser: Browser,
  address: string,
  { width = 1280, height = 720, dark = false }: { width?: number; height?: number; dark?: boolean } = {},
): Promise<Watched> {
  // The packaged Chromium has a locale that Intl does not take.
  const context = await browser.newContext({
    locale: "en-US",
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
  });
  const strangers: string[] = [];
  const errors: string[] = [];
  const own = new URL(address).origin;
  await context.route(
    (url) => url.protocol !== "blob:" && url.protocol !== "data:" && url.origin !== own,
    (route) => {
      strangers.push(route.request().url());
      return route.abort();
    },
  );
  const page = await context.newPage();
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.goto(address);
  return { page, context, strangers, errors };
}
