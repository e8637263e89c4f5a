import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { expect } from "vitest";

const folder = new URL("./snapshots/", import.meta.url);

/** Numbers with at most 3 decimals, so that a snapshot does not depend on the last bits of a machine's arithmetic. */
const rounded = (svg: string): string =>
  svg
    .split(/(data:[^"]*)/)
    .map((piece) =>
      piece.startsWith("data:")
        ? piece
        : piece.replace(/-?\d+\.\d{4,}/g, (number) => String(Number(Number(number).toFixed(3)))),
    )
    .join("")
    .replaceAll("><", ">\n<");

/** Compares a figure with its snapshot; a changed one is left beside it as NAME-changed.svg to be looked at, then renamed or fixed. */
export function expectFigure(name: string, svg: string): void {
  const kept = new URL(`${name}.svg`, folder);
  const changed = new URL(`${name}-changed.svg`, folder);
  const found = `${rounded(svg)}\n`;
  if (!existsSync(kept)) {
    expect(process.env.CI, `no snapshot ${name}.svg: run the tests once outside CI and commit it`).toBeUndefined();
    mkdirSync(folder, { recursive: true });
    writeFileSync(kept, found);
    return;
  }
  const same = readFileSync(kept, "utf8") === found;
  if (same) rmSync(changed, { force: true });
  else writeFileSync(changed, found);
  expect(
    same,
    `figure ${name} differs from test/figures/snapshots/${name}.svg: look at ${name}-changed.svg beside it`,
  ).toBe(true);
}
