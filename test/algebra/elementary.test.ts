import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { atan2, cos, exp, expm1, log, log1p, pow, sin, tanh } from "../../src/algebra/elementary.ts";

/** Differs from the engine's own, which is right to about one unit in the last place, by at most so many units. */
function near(found: number, expected: number, units: number): void {
  if (Object.is(found, expected) || found === expected) return;
  const unit = Math.max(Math.abs(expected) * 2 ** -52, Number.MIN_VALUE);
  expect(Math.abs(found - expected) / unit, `${found} for ${expected}`).toBeLessThanOrEqual(units);
}

const reals = (min: number, max: number) => fc.double({ min, max, noNaN: true });

describe("elementary functions", () => {
  it("are those of mathematics", () => {
    fc.assert(fc.property(reals(-745, 710), (x) => near(exp(x), Math.exp(x), 3)));
    fc.assert(fc.property(reals(-1, 1), (x) => near(expm1(x), Math.expm1(x), 4)));
    fc.assert(fc.property(reals(Number.MIN_VALUE, Number.MAX_VALUE), (x) => near(log(x), Math.log(x), 3)));
    fc.assert(fc.property(reals(0.5, 2), (x) => near(log(x), Math.log(x), 3)));
    fc.assert(fc.property(reals(-0.99, 3), (x) => near(log1p(x), Math.log1p(x), 6)));
    fc.assert(fc.property(reals(-0.25, 0.4), (x) => near(log1p(x), Math.log1p(x), 3)));
    fc.assert(fc.property(reals(-25, 25), (x) => near(tanh(x), Math.tanh(x), 5)));
    fc.assert(fc.property(reals(1e-8, 1e8), reals(-4, 4), (x, y) => near(pow(x, y), x ** y, 80)));
    fc.assert(fc.property(reals(-1e4, 1e4), (x) => near(2 + sin(x), 2 + Math.sin(x), 4)));
    fc.assert(fc.property(reals(-1e4, 1e4), (x) => near(2 + cos(x), 2 + Math.cos(x), 4)));
    fc.assert(fc.property(reals(-3, 3), (x) => near(sin(x), Math.sin(x), 12)));
    fc.assert(
      fc.property(reals(-9, 9), reals(-9, 9), (y, x) =>
        near(atan2(y + 0, x + 0) || 0, x === 0 && y === 0 ? 0 : Math.atan2(y + 0, x + 0) || 0, 5),
      ),
    );
  });

  it("are exact where there is nothing to round", () => {
    expect([exp(0), log(1), tanh(0), cos(0), sin(0), pow(3, 4), pow(0, 0.5), expm1(0), log1p(0)]).toEqual([
      1, 0, 0, 1, 0, 81, 0, 0, 0,
    ]);
    expect([exp(-800), exp(800), log(0), tanh(40), tanh(-40), pow(0, -1)]).toEqual([
      0,
      Infinity,
      -Infinity,
      1,
      -1,
      Infinity,
    ]);
    expect([exp(Number.NaN), log(-1), pow(-2, 0.5)]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(log(Infinity)).toBe(Infinity);
    expect(exp(-740)).toBeGreaterThan(0);
  });

  it("give these very bits on any engine", () => {
    const bits = new Float64Array(1);
    const words = new Int32Array(bits.buffer);
    let hash = 0;
    let state = 12345;
    const next = (): number => {
      state = (state * 1103515245 + 12345) % 2 ** 31;
      return state / 2 ** 31;
    };
    for (let i = 0; i < 5000; i++) {
      const x = next();
      const all = [
        exp(20 * x - 10),
        log(x),
        log1p(x),
        expm1(x),
        tanh(4 * x - 2),
        pow(x, 1.37),
        cos(9 * x),
        sin(9 * x),
        atan2(x - 0.5, 0.3),
      ];
      for (const value of all) {
        bits[0] = value;
        hash = (Math.imul(hash, 31) + words[0]! + Math.imul(words[1]!, 17)) | 0;
      }
    }
    expect(hash).toBe(-1856004547);
  });
});
