import { expect, it } from "vitest";
import { readDescription } from "../../src/formats/tiff-description.ts";

it("reads ImageJ's keys: two dimensions longer than 1 are the scan, slowest first", () => {
  const text = "ImageJ=1.53t\nimages=12\nslices=3\nframes=4\nhyperstack=true\nunit=\\u00B5m\nloop=false\n";
  expect(readDescription(text, [4, 2])).toEqual({
    writer: "ImageJ",
    images: 12,
    positions: [4, 3],
    pixels: [
      { step: 0.25, unit: "µm" },
      { step: 0.5, unit: "µm" },
    ],
  });
  expect(readDescription("ImageJ=1.53t\nimages=12\nslices=12\n", [0, 0])).toMatchObject({
    images: 12,
    positions: undefined,
    pixels: [{}, {}],
  });
  expect(
    readDescription("ImageJ=1.53t\nimages=24\nchannels=2\nslices=3\nframes=4\n", [0, 0]).positions,
  ).toBeUndefined();
});

it("reads OME's sizes in the order in which they are stored, fastest first", () => {
  const pixels = (order: string): string =>
    `<?xml version="1.0"?><OME><Image><Pixels DimensionOrder="${order}" SizeX="6" SizeY="5" SizeZ="3" SizeT="4" SizeC="1" PhysicalSizeX="0.1" PhysicalSizeXUnit="1/nm" PhysicalSizeY="2"/></Image></OME>`;
  expect(readDescription(pixels("XYZCT"), [0, 0])).toEqual({
    writer: "OME",
    images: 12,
    positions: [4, 3],
    pixels: [
      { step: 2, unit: "µm" },
      { step: 0.1, unit: "1/nm" },
    ],
  });
  expect(readDescription(pixels("XYTCZ"), [0, 0]).positions).toEqual([3, 4]);
});

it("reads tifffile's shape, and nothing from any other text", () => {
  expect(readDescription('{"shape": [3, 4, 5, 6]}', [0, 0])).toMatchObject({ images: 12, positions: [3, 4] });
  expect(readDescription('{"shape": [12, 5, 6]}', [0, 0])).toMatchObject({ images: 12, positions: undefined });
  for (const text of ["", "a note", "{", '{"shape": "4"}', '{"shape": [1e99, -1]}', "null", "{}"]) {
    expect(readDescription(text, [1, 1])).toEqual({ writer: undefined, pixels: [{}, {}] });
  }
});
