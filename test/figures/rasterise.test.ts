import { decode } from "fast-png";
import { expect, it } from "vitest";
import { colourTable } from "../../src/figures/colour-maps.ts";
import { dataUri, palettePng } from "../../src/figures/png.ts";
import { embedded } from "../../src/figures/raster.ts";
import { nodeRasteriser } from "../../src/node/resvg.ts";

const rasterise = await nodeRasteriser();
const svg = (body: string) => `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30">${body}</svg>`;

it("draws at twice the size unless told otherwise", () => {
  const image = decode(rasterise(svg("")));
  expect([image.width, image.height]).toEqual([80, 60]);
  expect(decode(rasterise(svg(""), 1)).width).toBe(40);
});

it("draws every character that figures use, without fonts of the machine", () => {
  const inked = (character: string) => {
    const image = decode(
      rasterise(svg(`<text x="5" y="22" font-size="20" font-family="'No Such Font',sans-serif">${character}</text>`)),
    );
    return [...image.data].join();
  };
  const nothing = inked("");
  const missing = inked("\u{10ffff}");
  for (const character of "A1Åµ×⁻⁰¹²³⁴⁵⁶⁷⁸⁹−–‖·%°") {
    expect(inked(character), character).not.toBe(nothing);
    expect(inked(character), character).not.toBe(missing);
  }
});

it("keeps the values of a picture as exact squares", () => {
  const numbers = Uint8Array.of(0, 255, 80, 160, 40, 200);
  const png = palettePng(numbers, [2, 3], colourTable("grey"));
  expect(dataUri(png)).toMatch(/^data:image\/png;base64,/);
  const image = decode(rasterise(svg(embedded(png, [2, 3], 30, 20)), 1));
  for (let row = 0; row < 20; row++) {
    for (let column = 0; column < 30; column++) {
      const pixel = (row * 40 + column) * image.channels;
      expect(image.data[pixel]).toBe(numbers[Math.floor(row / 10) * 3 + Math.floor(column / 10)]);
    }
  }
});
