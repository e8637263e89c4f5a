import type { OpenOptions } from "../../src/index.ts";
import type { Opening } from "./session.ts";

/** The scan that `endmember open FILE` named in the address, and how it is to be opened; undefined where the page was opened by itself. */
export function servedScan(): { readonly opening: Opening; readonly options: OpenOptions } | undefined {
  const asked = new URLSearchParams(location.search);
  const file = asked.get("file");
  if (file === null) return undefined;
  const url = new URL(file, document.baseURI).href;
  const name = asked.get("name") ?? decodeURIComponent(url.slice(url.lastIndexOf("/") + 1));
  return { opening: { from: "served", url, name }, options: JSON.parse(asked.get("options") ?? "{}") as OpenOptions };
}

/** Whether `endmember open` serves this page: then its address is another one each time. */
export function servedLocally(): boolean {
  const asked = new URLSearchParams(location.search);
  return asked.has("file") || asked.has("local");
}
