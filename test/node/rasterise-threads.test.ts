import { afterAll, expect, it } from "vitest";
import { rasteriseThreads } from "../../src/node/rasterise-threads.ts";
import { nodeRasteriser } from "../../src/node/resvg.ts";

const drawing = rasteriseThreads(2);
afterAll(() => drawing.close());

it("draws many figures at once, each the same bytes as one thread would", async () => {
  const alone = await nodeRasteriser();
  const svgs = Array.from(
    { length: 7 },
    (_, i) =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><text x="3" y="20" font-size="12">${i} nm</text></svg>`,
  );
  const drawn = await Promise.all(svgs.map((svg, i) => drawing.rasterise(svg, 1 + (i % 2))));
  for (const [i, png] of drawn.entries()) expect(Buffer.from(png).equals(alone(svgs[i], 1 + (i % 2)))).toBe(true);
});

it("says when a drawing is none, and goes on", async () => {
  await expect(drawing.rasterise("no drawing")).rejects.toMatchObject({ name: "EngineError" });
  await expect(
    drawing.rasterise('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"/>'),
  ).resolves.toBeInstanceOf(Uint8Array);
});
