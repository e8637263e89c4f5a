import { expect, it } from "vitest";
import { onReference } from "../../src/engines/reference.ts";
import { onThreads } from "../../src/node/threads.ts";
import { fig7 } from "../../src/reproduce/fig7.ts";
import { reproduce } from "../../src/reproduce/reproduce.ts";
import type { Claim } from "../../src/reproduce/reproduction.ts";
import { wireScans } from "../../src/reproduce/wire-scans.ts";

const failing = (claims: readonly Claim[]): string[] =>
  claims.filter(({ holds }) => holds !== true).map(({ claim }) => claim);

it("Figs 3 and 4: what the paper says of the wire holds, but for the side to which the film moves clusters", async () => {
  const [fig3, fig4] = await reproduce(["fig3", "fig4"], {
    scanOf: (source) => onThreads(source, { threads: 2 }),
    seed: 1,
  });
  expect(fig3!.claims).toHaveLength(10);
  expect(failing(fig3!.claims)).toEqual([
    "In each case the sub-cluster nearer to the background cluster is where the film is",
  ]);
  expect(fig4!.claims).toHaveLength(6);
  expect(failing(fig4!.claims)).toEqual([]);
  expect(fig4!.unmixed!.caption).toMatch(/differ from the true parts by 0\.0\d+/);
}, 240_000);

it("Fig 7, small: loadings and memberships rise and fall without precession, and far less with it", async () => {
  const tools = { scanOf: onReference, seed: 1 };
  const { claims, figure } = await fig7(
    { ...tools, wires: wireScans(tools) },
    { azimuths: 12, pixels: [72, 64], step: 0.045, spread: 1, positions: [1, 17], reach: 2 },
  );
  expect(figure.svg).toMatch(/^<svg/);
  const holds = (start: string): boolean | null => claims.find(({ claim }) => claim.startsWith(start))!.holds;
  expect(holds("Without precession NMF loadings do not increase")).toBe(true);
  expect(holds("Nor do memberships")).toBe(true);
  expect(holds("Without precession neither method")).toBe(true);
}, 240_000);
