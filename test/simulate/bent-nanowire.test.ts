import { describe, expect, test } from "vitest";
import { ShapeError } from "../../src/scan/errors.ts";
import { item } from "../../src/scan/scan.ts";
import { readPatterns } from "../../src/scan/source.ts";
import { type BentNanowireOptions, simulateBentNanowire } from "../../src/simulate/bent-nanowire.ts";
import { hexagonalWire } from "../../src/simulate/hexagonal-wire.ts";
import { openSimulated } from "../../src/simulate/simulated.ts";
import { power, type ReflectionOptions, wireReflections } from "../../src/simulate/wire-reflections.ts";

const small: BentNanowireOptions = { positions: [16, 20], pixels: [64, 72], boundaries: [-40, 30], descan: 1, seed: 5 };
const exact: BentNanowireOptions = {
  ...small,
  descan: 0,
  jitter: 0,
  detector: { kind: "counting", saturation: 65_535 },
};
const sumOf = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);

describe("hexagonalWire", () => {
  const geometry = { positions: [30, 41], stepSize: 5, diameter: 120, wireAngle: 0, tilt: 0, boundaries: [0] } as const;

  test("edge-on: full height over half its width, none outside, one twin or the other", () => {
    const { first, second, longest } = hexagonalWire(geometry);
    expect(longest).toBeCloseTo(60 * Math.sqrt(3), 9);
    const path = (row: number, column: number): number => first[row * 41 + column]! + second[row * 41 + column]!;
    expect(path(14, 10)).toBeCloseTo(longest, 4);
    expect(path(0, 10)).toBe(0);
    for (let i = 0; i < first.length; i++) if (i % 41 !== 20) expect(Math.min(first[i]!, second[i]!)).toBe(0);
    // Area of the hexagon: (3√3/8) D².
    const across = Array.from({ length: 30 }, (_, row) => path(row, 3) * 5).reduce((a, b) => a + b, 0);
    expect(across / ((3 * Math.sqrt(3) * 120 ** 2) / 8)).toBeCloseTo(1, 1);
  });

  test("tilted: the boundary is as wide as height times tangent, and both twins add up to the path", () => {
    const tilt = 31.5;
    const { first, second, longest } = hexagonalWire({ ...geometry, tilt });
    const row = 14 * 41;
    const mixed = Array.from({ length: 41 }, (_, c) => c).filter(
      (c) => Math.min(first[row + c]!, second[row + c]!) > 1e-3 * longest,
    );
    const width = 60 * Math.sqrt(3) * Math.sin((tilt * Math.PI) / 180);
    expect(mixed.length * 5).toBeGreaterThan(width - 10);
    expect(mixed.length * 5).toBeLessThan(width + 15);
    for (let c = 0; c < 41; c++) expect(first[row + c]! + second[row + c]!).toBeCloseTo(longest, 3);
  });
});

describe("wireReflections", () => {
  const options: ReflectionOptions = {
    precession: 35,
    convergence: 1.5,
    energy: 300_000,
    tilt: 0,
    bend: 24,
    misorientation: 12,
    longest: 1.2,
    thickness: 1126,
  };

  test("the twin is half a turn about the wire: the axial row is common, the rest is mirrored", () => {
    const [own, twin] = [wireReflections(false, options), wireReflections(true, options)];
    const flat = (list: typeof own) => list.filter(({ up }) => Math.abs(up) < 1e-9);
    const place = ({ along, across }: { along: number; across: number }, sign: number) =>
      `${along.toFixed(5)} ${(sign * across + 0).toFixed(5)}`.replaceAll("-0.00000", "0.00000");
    expect(flat(own).length).toBeGreaterThan(30);
    expect(
      flat(own)
        .map((g) => place(g, -1))
        .sort(),
    ).toEqual(
      flat(twin)
        .map((g) => place(g, 1))
        .sort(),
    );
  });

  test("tilting by 31.48° brings both twins to a ⟨311⟩ zone axis", () => {
    const tilt = (Math.acos(4 / Math.sqrt(22)) * 180) / Math.PI;
    for (const twin of [false, true]) {
      const inZone = wireReflections(twin, { ...options, tilt }).filter(({ up }) => Math.abs(up) < 1e-9);
      // Two independent directions in the zone: it is an axis of the crystal, not a plane that was met by chance.
      expect(inZone.length).toBeGreaterThanOrEqual(10);
      const [one] = inZone;
      expect(inZone.some(({ along, across }) => Math.abs(along * one!.across - across * one!.along) > 0.01)).toBe(true);
    }
  });

  test("a bend contour: without precession a reflection is bright where it meets the Bragg condition, with it almost everywhere", () => {
    const still = { ...options, precession: 0 };
    const axial = wireReflections(false, still).find(({ miller }) => miller.join() === "1,1,1")!;
    const along = Array.from({ length: 41 }, (_, i) => i / 40 - 0.5);
    const spread = (precession: number): number => {
      const powers = along.map((at) => power(axial, { ...options, precession }, at, 1126));
      return Math.max(...powers) / Math.min(...powers);
    };
    expect(spread(0)).toBeGreaterThan(20);
    expect(spread(35)).toBeLessThan(2);
    const brightest = along.reduce(
      (best, at) => (power(axial, still, at, 1126) > power(axial, still, best, 1126) ? at : best),
      0,
    );
    // s = g · tilt − λ g²/2 = 0.
    const wanted = (1000 * 0.019687 * Math.hypot(axial.along, axial.across)) / 2;
    expect(12 + 24 * brightest).toBeCloseTo(wanted, -0.3);
  });
});

describe("simulateBentNanowire", () => {
  test("is the same whole, in pieces, and opened from its descriptor", async () => {
    const { source } = simulateBentNanowire(small);
    const whole = await readPatterns(source, 0, 320);
    const again = openSimulated(structuredClone(source.descriptor));
    expect(await readPatterns(again, 100, 40)).toEqual(whole.slice(100 * 64 * 72, 140 * 64 * 72));
    expect(whole).toBeInstanceOf(Uint8Array);
    expect(await readPatterns(simulateBentNanowire({ ...small, seed: 6 }).source, 100, 1)).not.toEqual(
      whole.slice(100 * 64 * 72, 101 * 64 * 72),
    );
  });

  test("electrons are conserved, whatever the wire, the bend and the film do", async () => {
    const { source } = simulateBentNanowire({ ...exact, pixels: [150, 150], dose: 50_000, precession: 0 });
    for (const position of [0, 90, 170, 310]) {
      const sum = sumOf(await readPatterns(source, position, 1));
      expect(Math.abs(sum / 50_000 - 0.985)).toBeLessThan(0.025);
    }
  });

  test("parts of a position sum to 1; the wire is where the truth says, darker in its direct beam", async () => {
    const { source, truth } = simulateBentNanowire(exact);
    const count = 320;
    for (let i = 0; i < count; i++) {
      const parts = [0, 1, 2, 3].map((k) => truth.abundances.values[k * count + i]!);
      expect(sumOf(parts)).toBeCloseTo(1, 5);
      expect(Math.min(...parts)).toBeGreaterThanOrEqual(0);
    }
    const vacuum = item(truth.abundances, 2);
    const beam = async (position: number): Promise<number> => {
      const pattern = await readPatterns(source, position, 1);
      const [r, c] = truth.centre.map(Math.round) as [number, number];
      return pattern[r * 72 + c]!;
    };
    expect(await beam(vacuum.indexOf(Math.max(...vacuum)))).toBeGreaterThan(
      1.5 * (await beam(vacuum.indexOf(Math.min(...vacuum)))),
    );
  });

  test("with precession patterns of one twin are alike along the bent wire; without it they are not", async () => {
    const alike = async (precession: number): Promise<number> => {
      const { source, truth } = simulateBentNanowire({ ...exact, boundaries: [], precession, film: 0 });
      const bright = (values: ArrayLike<number>): Float64Array =>
        Float64Array.from(values, (value, i) => {
          const [r, c] = [Math.floor(i / 72) - truth.centre[0], (i % 72) - truth.centre[1]];
          return Math.hypot(r, c) < 7 ? 0 : value;
        });
      const [a, b] = [
        bright(await readPatterns(source, 8 * 20 + 1, 1)),
        bright(await readPatterns(source, 8 * 20 + 18, 1)),
      ];
      return (
        sumOf(a.map((value, i) => value * b[i]!)) / Math.sqrt(sumOf(a.map((v) => v * v)) * sumOf(b.map((v) => v * v)))
      );
    };
    expect(await alike(35)).toBeGreaterThan(0.95);
    expect(await alike(0)).toBeLessThan(0.6);
  });

  test("dead pixels record nothing, tilt is noted, options are checked", async () => {
    const { source } = simulateBentNanowire({ ...small, deadPixels: [100, 4607], tilt: 20 });
    const pattern = await readPatterns(source, 3, 1);
    expect([pattern[100], pattern[4607]]).toEqual([0, 0]);
    expect(source.metadata["tilt [°]"]).toBe(20);
    expect(() => simulateBentNanowire({ diffracted: 1 })).toThrow(ShapeError);
    expect(() => simulateBentNanowire({ detector: { kind: "counting", saturation: 1e6 } })).toThrow("saturation");
    expect(() => simulateBentNanowire({ ...small, deadPixels: [64 * 72] })).toThrow(
      "deadPixels: expected 0 … 4607, found 4608",
    );
    expect(() => simulateBentNanowire({ ...small, boundaries: [30, -40] })).toThrow(
      "ascending places, found 30, -40 nm",
    );
    expect(() => simulateBentNanowire({ ...small, boundaries: [400] })).toThrow(
      "within 128 nm of the middle of the field, found 400 nm",
    );
    expect(() => simulateBentNanowire({ ...small, seed: -1 })).toThrow("seed");
  });
});
