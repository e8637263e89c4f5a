// The products of `passes.as.ts` in whole numbers, for one thread: stored counts, at most 15 bits, with operands rounded to
// 16 bits. Twice as many multiplications a second as float32, and exact in themselves. Raw pointers, no runtime, no allocation.
//
// Layouts (every address a multiple of 16; count and every stride a multiple of 4, stride of patterns and sums of 8):
//   pairs panel   rows/2 × WINDOW   2 × i16: the same window, two rows side by side; padded to 8 columns and an even row
//   totals        rows × count      float64
//   weights       rows/2 × count    2 × i16: of two rows
//   sums          count × …         float32, pattern k at sums + k · sumStride · 4
// The caller keeps columns / 4 · largest count · largest operand, and rows · largest count · largest weight, below 2³¹, and may
// let 16 bytes after the stored matrix be read.

const WINDOW = 256;
/** Bytes from one pair of a pairs panel to the next. */
const PAIR: usize = WINDOW * 4;

@inline function madd(sum: v128, a: v128, b: v128): v128 { return i32x4.add(sum, i32x4.dot_i16x8_s(a, b)); }

@inline function sumLanes(v: v128): f64 {
  return (<f64>i32x4.extract_lane(v, 0) + <f64>i32x4.extract_lane(v, 1)) + (<f64>i32x4.extract_lane(v, 2) + <f64>i32x4.extract_lane(v, 3));
}

@inline function addTo(p: usize, v: v128): void { store<f64>(p, load<f64>(p) + sumLanes(v)); }

// ---- how large stored counts are ----------------------------------------------------------------------------------

/** The largest of `length` stored u16, which lie together. */
export function largestU16(from: usize, length: i32): i32 {
  let most = i16x8.splat(0), i = 0;
  for (; i + 8 <= length; i += 8) { most = i16x8.max_u(most, v128.load(from)); from += 16; }
  most = i16x8.max_u(most, i8x16.shuffle(most, most, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  most = i16x8.max_u(most, i8x16.shuffle(most, most, 4, 5, 6, 7, 0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15));
  most = i16x8.max_u(most, i8x16.shuffle(most, most, 2, 3, 0, 1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
  let largest = i16x8.extract_lane_u(most, 0) as i32;
  for (; i < length; ++i) { largest = max(largest, <i32>load<u16>(from)); from += 2; }
  return largest;
}

// ---- stored counts → panels ---------------------------------------------------------------------------------------

@inline function padPair(to: usize, columns: i32): void {
  for (let i = columns; (i & 7) != 0; ++i) store<i32>(to + (<usize>i << 2), 0);
}

export function pairsU8(from: usize, rowBytes: usize, rows: i32, columns: i32, panel: usize): void {
  for (let r = 0; r < rows; r += 2) {
    const both = r + 1 < rows;
    let p = from + <usize>r * rowBytes, q = panel + <usize>(r >> 1) * PAIR, i = 0;
    for (; i + 16 <= columns; i += 16) {
      const a = v128.load(p), b = both ? v128.load(p + rowBytes) : i32x4.splat(0);
      const lo = i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      const hi = i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
      v128.store(q, i16x8.extend_low_i8x16_u(lo));
      v128.store(q, i16x8.extend_high_i8x16_u(lo), 16);
      v128.store(q, i16x8.extend_low_i8x16_u(hi), 32);
      v128.store(q, i16x8.extend_high_i8x16_u(hi), 48);
      p += 16; q += 64;
    }
    for (; i < columns; ++i) {
      store<i16>(q, <i16>load<u8>(p));
      store<i16>(q, both ? <i16>load<u8>(p + rowBytes) : 0, 2);
      p += 1; q += 4;
    }
    padPair(panel + <usize>(r >> 1) * PAIR, columns);
  }
}

export function pairsU16(from: usize, rowBytes: usize, rows: i32, columns: i32, panel: usize): void {
  for (let r = 0; r < rows; r += 2) {
    const both = r + 1 < rows;
    let p = from + <usize>r * rowBytes, q = panel + <usize>(r >> 1) * PAIR, i = 0;
    for (; i + 8 <= columns; i += 8) {
      const a = v128.load(p), b = both ? v128.load(p + rowBytes) : i32x4.splat(0);
      v128.store(q, i8x16.shuffle(a, b, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23));
      v128.store(q, i8x16.shuffle(a, b, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31), 16);
      p += 16; q += 32;
    }
    for (; i < columns; ++i) {
      store<i16>(q, load<i16>(p));
      store<i16>(q, both ? load<i16>(p + rowBytes) : 0, 2);
      p += 2; q += 4;
    }
    padPair(panel + <usize>(r >> 1) * PAIR, columns);
  }
}

// ---- totals += stored · patternsᵀ ---------------------------------------------------------------------------------

/** 8 stored columns, as i16. */
@inline function eight<T>(from: usize): v128 {
  return sizeof<T>() == 1 ? v128.load_ext<u8>(from) : v128.load(from);
}

/** Two rows at a time: with the 8 sums of 4 patterns they leave no register of 16 to be spilt. */
@inline function dots<T>(from: usize, rowBytes: usize, rows: i32, columns: i32, patterns: usize, patternStride: i32, offset: i32, count: i32, totals: usize): void {
  const step = sizeof<T>() << 3, bytes = <usize>((columns + 7) >> 3) * step, sb = <usize>patternStride << 1, st = <usize>count << 3;
  for (let k = 0; k < count; k += 4) {
    const packed = patterns + <usize>k * sb + (<usize>offset << 3);
    for (let r = 0; r < rows; r += 2) {
      const both = r + 1 < rows;
      let x = from + <usize>r * rowBytes, b = packed;
      let y = both ? x + rowBytes : x;
      const end = x + bytes;
      let s00 = i32x4.splat(0), s01 = i32x4.splat(0), s02 = i32x4.splat(0), s03 = i32x4.splat(0);
      let s10 = i32x4.splat(0), s11 = i32x4.splat(0), s12 = i32x4.splat(0), s13 = i32x4.splat(0);
      while (x < end) {
        const u0 = eight<T>(x), u1 = eight<T>(y);
        let v = v128.load(b); s00 = madd(s00, u0, v); s10 = madd(s10, u1, v);
        v = v128.load(b, 16); s01 = madd(s01, u0, v); s11 = madd(s11, u1, v);
        v = v128.load(b, 32); s02 = madd(s02, u0, v); s12 = madd(s12, u1, v);
        v = v128.load(b, 48); s03 = madd(s03, u0, v); s13 = madd(s13, u1, v);
        x += step; y += step; b += 64;
      }
      const t = totals + <usize>r * st + (<usize>k << 3);
      addTo(t, s00); addTo(t + 8, s01); addTo(t + 16, s02); addTo(t + 24, s03);
      if (both) { addTo(t + st, s10); addTo(t + st + 8, s11); addTo(t + st + 16, s12); addTo(t + st + 24, s13); }
    }
  }
}

/**
 * totals[r, k] += Σ stored[r, ·] · patterns[k, ·] over `columns` columns of u8, the first of which is column `offset`; exact.
 *
 * patterns: i16, packed in fours: for every 8 columns, 8 of the first pattern, 8 of the second, third, fourth; 0 beyond the last.
 */
export function wholeDotsU8(from: usize, rowBytes: usize, rows: i32, columns: i32, patterns: usize, patternStride: i32, offset: i32, count: i32, totals: usize): void {
  dots<u8>(from, rowBytes, rows, columns, patterns, patternStride, offset, count, totals);
}

/** The same of u16. */
export function wholeDotsU16(from: usize, rowBytes: usize, rows: i32, columns: i32, patterns: usize, patternStride: i32, offset: i32, count: i32, totals: usize): void {
  dots<u16>(from, rowBytes, rows, columns, patterns, patternStride, offset, count, totals);
}

// ---- sums += scale ∘ (weightsᵀ · panel) ---------------------------------------------------------------------------

@inline function addScaled(to: usize, sum: v128, scale: v128): void {
  v128.store(to, f32x4.add(v128.load(to), f32x4.mul(f32x4.convert_i32x4_s(sum), scale)));
}

/** sums[k, ·] += scales[k] · Σ_r weights[r, k] · panel[r, ·] over the window: exact but for the last step, in float32. */
export function wholeOuter(panel: usize, rows: i32, columns: i32, weights: usize, count: i32, scales: usize, sums: usize, sumStride: i32): void {
  const bytes = <usize>((columns + 7) & ~7) << 2, sc = <usize>sumStride << 2, sw = <usize>count << 2, pairs = (rows + 1) >> 1;
  for (let k = 0; k < count; k += 4) {
    const c0 = sums + <usize>k * sc, c1 = c0 + sc, c2 = c1 + sc, c3 = c2 + sc, w0 = weights + (<usize>k << 2), f = scales + (<usize>k << 2);
    const f0 = v128.load32_splat(f), f1 = v128.load32_splat(f, 4), f2 = v128.load32_splat(f, 8), f3 = v128.load32_splat(f, 12);
    for (let i: usize = 0; i < bytes; i += 32) {
      let s00 = i32x4.splat(0), s01 = i32x4.splat(0), s10 = i32x4.splat(0), s11 = i32x4.splat(0);
      let s20 = i32x4.splat(0), s21 = i32x4.splat(0), s30 = i32x4.splat(0), s31 = i32x4.splat(0);
      let x = panel + i, w = w0;
      for (let r = 0; r < pairs; ++r) {
        const u0 = v128.load(x), u1 = v128.load(x, 16);
        let v = v128.load32_splat(w); s00 = madd(s00, u0, v); s01 = madd(s01, u1, v);
        v = v128.load32_splat(w, 4); s10 = madd(s10, u0, v); s11 = madd(s11, u1, v);
        v = v128.load32_splat(w, 8); s20 = madd(s20, u0, v); s21 = madd(s21, u1, v);
        v = v128.load32_splat(w, 12); s30 = madd(s30, u0, v); s31 = madd(s31, u1, v);
        x += PAIR; w += sw;
      }
      addScaled(c0 + i, s00, f0); addScaled(c0 + i + 16, s01, f0); addScaled(c1 + i, s10, f1); addScaled(c1 + i + 16, s11, f1);
      addScaled(c2 + i, s20, f2); addScaled(c2 + i + 16, s21, f2); addScaled(c3 + i, s30, f3); addScaled(c3 + i + 16, s31, f3);
    }
  }
}
