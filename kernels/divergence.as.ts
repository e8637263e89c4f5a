// Elementwise work of the Kullback–Leibler divergence on a widened panel, for one thread. Raw pointers, no runtime, no allocation.
// Layouts as in passes.as.ts: panel (rows × WINDOW float32), weights (rows × count float32), patterns packed in fours, totals float64.
//
// The model of row r at one column is Σ weights[r, k] · patterns[k, column]. Elements whose model is no more than LEAST are left out.

const WINDOW = 256;
const ROW: usize = WINDOW * 4;
/** Below, a quotient could exceed float32. */
const LEAST: f32 = 1e-30;

@inline function madd(sum: v128, a: v128, b: v128): v128 { return f32x4.add(sum, f32x4.mul(a, b)); }

@inline function sumLanes(v: v128): f64 {
  return (<f64>f32x4.extract_lane(v, 0) + <f64>f32x4.extract_lane(v, 1)) + (<f64>f32x4.extract_lane(v, 2) + <f64>f32x4.extract_lane(v, 3));
}

/** The model of one row at the 4 columns from `column` on; the patterns are added in order. */
@inline function modelAt(w: usize, patterns: usize, sb: usize, column: usize, count: i32): v128 {
  let s = f32x4.splat(0), k = 0;
  for (; k + 4 <= count; k += 4) {
    const p = patterns + <usize>k * sb + (column << 4), q = w + (<usize>k << 2);
    s = madd(s, v128.load(p), v128.load32_splat(q)); s = madd(s, v128.load(p, 16), v128.load32_splat(q, 4));
    s = madd(s, v128.load(p, 32), v128.load32_splat(q, 8)); s = madd(s, v128.load(p, 48), v128.load32_splat(q, 12));
  }
  for (; k < count; ++k) s = madd(s, v128.load(patterns + <usize>k * sb + (column << 2)), v128.load32_splat(w + (<usize>k << 2)));
  return s;
}

/** Natural logarithm of positive normal numbers, by 2 artanh((m − 1) ÷ (m + 1)) of the mantissa m in √½ … √2; the next term is below 10⁻⁹. */
@inline function logarithm(x: v128): v128 {
  const one = f32x4.splat(1);
  let exponent = i32x4.sub(i32x4.shr_s(x, 23), i32x4.splat(127));
  let m = v128.or(v128.and(x, i32x4.splat(0x7fffff)), i32x4.splat(0x3f800000));
  const large = f32x4.gt(m, f32x4.splat(1.4142135));
  m = v128.bitselect(f32x4.mul(m, f32x4.splat(0.5)), m, large);
  // A comparison that holds is −1 as an integer.
  exponent = i32x4.sub(exponent, large);
  const t = f32x4.div(f32x4.sub(m, one), f32x4.add(m, one)), u = f32x4.mul(t, t);
  let series = madd(f32x4.splat(0.14285714), u, f32x4.splat(0.11111111));
  series = madd(f32x4.splat(0.2), u, series);
  series = madd(f32x4.splat(0.33333333), u, series);
  series = madd(one, u, series);
  return madd(f32x4.mul(f32x4.splat(2), f32x4.mul(t, series)), f32x4.convert_i32x4_s(exponent), f32x4.splat(0.6931472));
}

/** panel ← max(0, panel) ⊘ model; 0 where left out. */
export function divide(panel: usize, rows: i32, columns: i32, weights: usize, patterns: usize, patternStride: i32, offset: i32, count: i32): void {
  const sb = <usize>patternStride << 2, zero = f32x4.splat(0), least = f32x4.splat(LEAST);
  const sw = <usize>count << 2;
  let r = 0;
  // Three rows share what they load of the patterns.
  for (; r + 3 <= rows; r += 3) {
    const w = weights + <usize>r * sw;
    let x = panel + <usize>r * ROW;
    for (let i = 0; i < columns; i += 4) {
      const column = <usize>(offset + i);
      let m0 = zero, m1 = zero, m2 = zero, k = 0, p = patterns + (column << 4), q = w;
      for (; k + 4 <= count; k += 4) {
        let v = v128.load(p); m0 = madd(m0, v, v128.load32_splat(q)); m1 = madd(m1, v, v128.load32_splat(q + sw)); m2 = madd(m2, v, v128.load32_splat(q + 2 * sw));
        v = v128.load(p, 16); m0 = madd(m0, v, v128.load32_splat(q, 4)); m1 = madd(m1, v, v128.load32_splat(q + sw, 4)); m2 = madd(m2, v, v128.load32_splat(q + 2 * sw, 4));
        v = v128.load(p, 32); m0 = madd(m0, v, v128.load32_splat(q, 8)); m1 = madd(m1, v, v128.load32_splat(q + sw, 8)); m2 = madd(m2, v, v128.load32_splat(q + 2 * sw, 8));
        v = v128.load(p, 48); m0 = madd(m0, v, v128.load32_splat(q, 12)); m1 = madd(m1, v, v128.load32_splat(q + sw, 12)); m2 = madd(m2, v, v128.load32_splat(q + 2 * sw, 12));
        p += sb << 2; q += 16;
      }
      for (; k < count; ++k) {
        const v = v128.load(patterns + <usize>k * sb + (column << 2));
        m0 = madd(m0, v, v128.load32_splat(q)); m1 = madd(m1, v, v128.load32_splat(q + sw)); m2 = madd(m2, v, v128.load32_splat(q + 2 * sw));
        q += 4;
      }
      v128.store(x, v128.and(f32x4.div(f32x4.max(v128.load(x), zero), m0), f32x4.gt(m0, least)));
      v128.store(x, v128.and(f32x4.div(f32x4.max(v128.load(x, ROW), zero), m1), f32x4.gt(m1, least)), ROW);
      v128.store(x, v128.and(f32x4.div(f32x4.max(v128.load(x, 2 * ROW), zero), m2), f32x4.gt(m2, least)), 2 * ROW);
      x += 16;
    }
  }
  for (; r < rows; ++r) {
    const w = weights + <usize>r * sw;
    let q = panel + <usize>r * ROW;
    for (let i = 0; i < columns; i += 4) {
      const m = modelAt(w, patterns, sb, <usize>(offset + i), count);
      v128.store(q, v128.and(f32x4.div(f32x4.max(v128.load(q), zero), m), f32x4.gt(m, least)));
      q += 16;
    }
  }
}

/** totals[r] += Σ x ln(x/m) − x + m = Σ m (q ln q − q + 1), q = x/m, x = max(0, panel), over the window. */
export function divergence(panel: usize, rows: i32, columns: i32, weights: usize, patterns: usize, patternStride: i32, offset: i32, count: i32, totals: usize): void {
  const sb = <usize>patternStride << 2, zero = f32x4.splat(0), one = f32x4.splat(1), least = f32x4.splat(LEAST);
  for (let r = 0; r < rows; ++r) {
    const w = weights + (<usize>(r * count) << 2);
    let q = panel + <usize>r * ROW, sum = zero;
    for (let i = 0; i < columns; i += 4) {
      const m = modelAt(w, patterns, sb, <usize>(offset + i), count);
      const ratio = f32x4.div(f32x4.max(v128.load(q), zero), m);
      const entropy = v128.and(f32x4.mul(ratio, logarithm(ratio)), f32x4.gt(ratio, zero));
      const term = f32x4.mul(m, f32x4.add(f32x4.sub(entropy, ratio), one));
      sum = f32x4.add(sum, v128.and(term, f32x4.gt(m, least)));
      q += 16;
    }
    const t = totals + (<usize>r << 3);
    store<f64>(t, load<f64>(t) + sumLanes(sum));
  }
}
