// How likely barycentric coordinates are beside the facets of a simplex, for one thread. Raw pointers, no runtime, no allocation.
// Layouts as in stacks.as.ts. Every step is that of src/algebra/elementary.ts and normal-distribution.ts: the plain kernels give the same bits.

const LN2_HIGH: f64 = 0.6931471803691238, LN2_LOW: f64 = 1.9082149292705877e-10, LOG2E: f64 = 1.4426950408889634;
const SQRT2: f64 = 1.4142135623730951, HALF_LN_2PI: f64 = 0.9189385332046727;
/** The table of ln Φ reaches from −8 to 8 in steps of 1/64. */
const REACH: f64 = 8, STEPS: f64 = 64;
/** Below, e to that power is no longer a normal number. */
const LEAST: f64 = -700;

@inline function c(value: f64): v128 { return f64x2.splat(value); }
@inline function step(sum: v128, x: v128, next: f64): v128 { return f64x2.add(f64x2.mul(sum, x), c(next)); }

/** eˣ for LEAST ≤ x ≤ 0. */
@inline function exponential(x: v128): v128 {
  const n = f64x2.floor(f64x2.add(f64x2.mul(x, c(LOG2E)), c(0.5)));
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(n, c(LN2_HIGH))), f64x2.mul(n, c(LN2_LOW)));
  let sum = c(1.0 / 87178291200.0);
  sum = step(sum, r, 1.0 / 6227020800.0); sum = step(sum, r, 1.0 / 479001600.0); sum = step(sum, r, 1.0 / 39916800.0);
  sum = step(sum, r, 1.0 / 3628800.0); sum = step(sum, r, 1.0 / 362880.0); sum = step(sum, r, 1.0 / 40320.0); sum = step(sum, r, 1.0 / 5040.0);
  sum = step(sum, r, 1.0 / 720.0); sum = step(sum, r, 1.0 / 120.0); sum = step(sum, r, 1.0 / 24.0); sum = step(sum, r, 1.0 / 6.0); sum = step(sum, r, 0.5);
  const value = f64x2.add(c(1), f64x2.add(r, f64x2.mul(f64x2.mul(r, r), sum)));
  // A whole number beside 1.5 · 2⁵² is the low bits of the sum: from there into the exponent.
  const bits = i64x2.shl(i64x2.add(f64x2.add(n, c(6755399441055744)), i64x2.splat(1023)), 52);
  return f64x2.mul(value, bits);
}

/** ln(1 + f) for 1 + f from √½ to √2. */
@inline function smallLog1p(f: v128): v128 {
  const s = f64x2.div(f, f64x2.add(c(2), f)), z = f64x2.mul(s, s);
  let sum = c(2.0 / 23.0);
  sum = step(sum, z, 2.0 / 21.0); sum = step(sum, z, 2.0 / 19.0); sum = step(sum, z, 2.0 / 17.0); sum = step(sum, z, 2.0 / 15.0); sum = step(sum, z, 2.0 / 13.0);
  sum = step(sum, z, 2.0 / 11.0); sum = step(sum, z, 2.0 / 9.0); sum = step(sum, z, 2.0 / 7.0); sum = step(sum, z, 2.0 / 5.0); sum = step(sum, z, 2.0 / 3.0);
  return f64x2.sub(f, f64x2.mul(s, f64x2.sub(f, f64x2.mul(z, sum))));
}

/** ln(1 + x) for 0 ≤ x ≤ 1. */
@inline function log1p(x: v128): v128 {
  const m = f64x2.add(c(1), x), large = f64x2.gt(m, c(SQRT2)), n = v128.and(large, c(1));
  const f = v128.bitselect(x, f64x2.sub(v128.bitselect(f64x2.mul(m, c(0.5)), m, large), c(1)), f64x2.lt(x, c(0.41)));
  return f64x2.add(f64x2.mul(n, c(LN2_HIGH)), f64x2.add(smallLog1p(f), f64x2.mul(n, c(LN2_LOW))));
}

/** ln x of a normal number. */
function logarithm(x: f64): f64 {
  const bits = reinterpret<i64>(x);
  let n = <f64>((bits >> 52) - 1023), m = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  if (m > SQRT2) { m /= 2; n += 1; }
  return n * LN2_HIGH + (f64x2.extract_lane(smallLog1p(c(m - 1)), 0) + n * LN2_LOW);
}

/** φ/Φ for t ≤ −8: |t| + 1/(|t| + 2/(|t| + …)). */
function slopeBelow(t: f64): f64 {
  let fraction = -t;
  for (let n = -t > REACH ? 16 : 80; n >= 1; --n) fraction = -t + <f64>n / fraction;
  return fraction;
}

function beyond(t: f64, logs: usize, slopes: usize): void {
  if (t > -REACH) return;
  const fraction = slopeBelow(t);
  store<f64>(slopes, fraction);
  store<f64>(logs, -0.5 * t * t - HALF_LN_2PI - logarithm(fraction));
}

/** logs ← ln Φ(t), slopes ← φ/Φ: from the table by cubic interpolation, beyond it 0, or the continued fraction. */
@inline function normal(t: v128, table: usize, logs: usize, slopes: usize): void {
  const place = f64x2.mul(f64x2.add(t, c(REACH)), c(STEPS));
  const cell = f64x2.floor(f64x2.max(c(0), f64x2.min(place, c(2.0 * REACH * STEPS - 1.0)))), x = f64x2.sub(place, cell), cells = i32x4.trunc_sat_f64x2_s_zero(cell);
  const first = table + (<usize>i32x4.extract_lane(cells, 0) << 4), second = table + (<usize>i32x4.extract_lane(cells, 1) << 4);
  const f0 = v128.load(first), f1 = v128.load(first, 16), g0 = v128.load(second), g1 = v128.load(second, 16);
  const v0 = v128.shuffle<f64>(f0, g0, 0, 2), v1 = v128.shuffle<f64>(f1, g1, 0, 2);
  const s0 = f64x2.mul(v128.shuffle<f64>(f0, g0, 1, 3), c(1 / STEPS)), s1 = f64x2.mul(v128.shuffle<f64>(f1, g1, 1, 3), c(1 / STEPS));
  const rise = f64x2.sub(v1, v0);
  const c2 = f64x2.sub(f64x2.sub(f64x2.mul(c(3), rise), f64x2.mul(c(2), s0)), s1), c3 = f64x2.sub(f64x2.add(s0, s1), f64x2.mul(c(2), rise));
  const log = f64x2.add(v0, f64x2.mul(x, f64x2.add(s0, f64x2.mul(x, f64x2.add(c2, f64x2.mul(x, c3))))));
  const slope = f64x2.mul(f64x2.add(s0, f64x2.mul(x, f64x2.add(f64x2.mul(c(2), c2), f64x2.mul(f64x2.mul(c(3), x), c3)))), c(STEPS));
  const inside = f64x2.lt(t, c(REACH));
  v128.store(logs, v128.and(log, inside));
  v128.store(slopes, v128.and(slope, inside));
  if (v128.any_true(f64x2.le(t, c(-REACH)))) {
    beyond(f64x2.extract_lane(t, 0), logs, slopes);
    beyond(f64x2.extract_lane(t, 1), logs + 8, slopes + 8);
  }
}

/**
 * Of k rows of coordinates a, t = a · precision: Σ ln [e^(odds − t²/2) + Φ(t)] over all whose odds are finite; a ← the slope of that in a, where
 * odds are not finite times a precision of 0; sums[row] += how likely the coordinate is 0, in all.
 * `table`: ln Φ and its slope from −8 to 8. `scratch`: room for four rows of `columns`.
 */
export function facetDensities(a: usize, stride: i32, k: i32, columns: i32, precision: usize, odds: usize, noiseStride: i32, table: usize, scratch: usize, sums: usize): f64 {
  const bytes = <usize>columns << 3, likeliest = scratch, small = scratch + bytes, behind = small + bytes, slopes = behind + bytes;
  let total = c(0);
  for (let row = 0; row < k; ++row) {
    const p = a + (<usize>row * <usize>stride << 3), noise = <usize>row * <usize>noiseStride << 3, q = precision + noise, o = odds + noise;
    // Short loops one after another, not a long one: of these more turns overlap, which is twice as fast.
    for (let x: usize = 0; x < bytes; x += 16) {
      const t = f64x2.mul(v128.load(p + x), v128.load(q + x));
      normal(t, table, behind + x, slopes + x);
      const absent = f64x2.sub(v128.load(o + x), f64x2.mul(f64x2.mul(c(0.5), t), t)), present = v128.load(behind + x);
      v128.store(likeliest + x, f64x2.max(absent, present));
      v128.store(behind + x, f64x2.sub(absent, present));
    }
    for (let x: usize = 0; x < bytes; x += 16) {
      v128.store(small + x, exponential(f64x2.max(c(LEAST), f64x2.neg(f64x2.abs(v128.load(behind + x))))));
    }
    for (let x: usize = 0; x < bytes; x += 16) {
      const value = f64x2.add(v128.load(likeliest + x), log1p(v128.load(small + x)));
      total = f64x2.add(total, v128.and(value, f64x2.gt(v128.load(o + x), c(-Infinity))));
    }
    let absences = c(0);
    for (let x: usize = 0; x < bytes; x += 16) {
      const scale = v128.load(q + x), t = f64x2.mul(v128.load(p + x), scale), e = v128.load(small + x);
      const share = f64x2.div(v128.bitselect(c(1), e, f64x2.gt(v128.load(behind + x), c(0))), f64x2.add(c(1), e));
      absences = f64x2.add(absences, share);
      const slope = f64x2.sub(f64x2.mul(f64x2.sub(c(1), share), v128.load(slopes + x)), f64x2.mul(share, t));
      v128.store(p + x, f64x2.mul(slope, scale));
    }
    const s = sums + (<usize>row << 3);
    store<f64>(s, load<f64>(s) + (f64x2.extract_lane(absences, 0) + f64x2.extract_lane(absences, 1)));
  }
  return f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1);
}
