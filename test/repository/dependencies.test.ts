import { expect, it } from "vitest";
import { filesUnder, importsOf, textOf } from "./imports.ts";

const { dependencies } = JSON.parse(textOf("package.json")) as { dependencies: Record<string, string> };

it("every runtime dependency has its reason in docs/dependencies.md", () => {
  const page = textOf("docs/dependencies.md");
  expect(Object.keys(dependencies).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

it("every runtime dependency is pinned, and imported somewhere", () => {
  expect(Object.entries(dependencies).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  const text = filesUnder(["src", "cli"], /\.ts$/).map(textOf).join("\n");
  expect(Object.keys(dependencies).filter((name) => !text.includes(`"${name}`))).toEqual([]);
});

it("nothing but runtime dependencies is imported by what is published", () => {
  const packages = filesUnder(["src", "cli"], /\.ts$/)
    .flatMap(importsOf)
    .map(({ target }) => target)
    .filter((target) => !/^(node:|src\/|cli\/|package\.json)/.test(target))
    .map((target) =>
      target
        .split("/")
        .slice(0, target.startsWith("@") ? 2 : 1)
        .join("/"),
    );
  expect([...new Set(packages)].filter((name) => !(name in dependencies))).toEqual([]);
});
