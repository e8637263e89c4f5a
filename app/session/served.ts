import type { OpenOptions } from "../../src/index.ts";
import type { Opening } from "./session.ts";

/** The scan that `endmember open FILE` named, and how it is to be opened; undefined where the page was opened by itself. */
export function servedScan(): { readonly opening: Opening; readonly options: OpenOptions } | undefined {
  const asked = new URLSearchParams(location.search);
  const path = asked.get("scan");
  if (!path) return undefined;
  const url = new URL(path, new URL("scan/", document.baseURI)).href;
  const options = JSON.parse(asked.get("options") ?? "{}") as OpenOptions;
  return { opening: { from: "served", url, name: asked.get("name") ?? path }, options };
}
