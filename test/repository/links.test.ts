import { existsSync, statSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { filesUnder, root, textOf } from "./imports.ts";

/** The anchor that GitHub gives a heading. */
const anchor = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");

const prose = (file: string): string => textOf(file).replace(/^```[\s\S]*?^```/gm, "");

const linkPattern = /!?\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)|<(?:img|a)[^>]+(?:src|href)="([^"]+)"/g;

describe("links in the documentation", () => {
  const pages = [...filesUnder(["docs", "examples", "test"], /\.md$/), "README.md", "CONTRIBUTING.md", "CHANGELOG.md"];

  it.each(pages)("%s", (page) => {
    const dead: string[] = [];
    for (const match of prose(page).matchAll(linkPattern)) {
      const link = match[1] ?? match[2];
      if (/^(https?|mailto):/.test(link)) continue;
      const [path, fragment] = link.split("#");
      const target = path === "" ? page : normalize(join(dirname(page), decodeURIComponent(path)));
      if (!existsSync(join(root, target))) {
        dead.push(link);
      } else if (fragment && statSync(join(root, target)).isFile()) {
        const anchors = [...prose(target).matchAll(/^#+\s+(.*)$/gm)].map(([, heading]) => anchor(heading));
        if (!anchors.includes(fragment)) dead.push(link);
      }
    }
    expect(dead).toEqual([]);
  });

  it("shows a picture on every page of a method, and every picture somewhere", () => {
    const shown = new Map(
      pages.map((page) => [page, [...prose(page).matchAll(/images\/([\w-]+\.png)/g)].map(([, name]) => name)]),
    );
    const methods = pages.filter((page) => page.startsWith("docs/methods/") && !page.endsWith("README.md"));
    expect(methods.filter((page) => shown.get(page)!.length === 0)).toEqual([]);
    const kept = filesUnder(["docs/images"], /\.png$/).map((file) => basename(file));
    expect([...new Set([...shown.values()].flat())].sort()).toEqual(kept.sort());
  });
});
