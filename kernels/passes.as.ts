// Products of a stored matrix with a few float32 rows or columns, for one thread. Raw pointers, no runtime, no allocation.
//
// Layouts (every address a multiple of 16):
//   panel     rows × WINDOW   float32: a window of the stored matrix, widened; padded to a multiple of 4 columns with 0
//   totals    rows × count    float64
//   weights   rows × count    float32
//   sums      count × …       float32, row k at sums + k · sumStride · 4; padded to a multiple of 4 columns
// No output may overlap an input. Every element is summed in the same order whatever the blocking, so results do not
// depend on how rows are grouped.

/** Columns of a panel; a fixed number, so that the rows of a panel lie at offsets known to the compiler. */
const WINDOW = 256;
/** Bytes from one row of a panel to the next. */
const ROW: usize = WINDOW * 4;

@inline function sumLanes(v: v128): f64 {
  return (<f64>f32x4.extract_lane(v, 0) + <f64>f32x4.extract_lane(v, 1)) + (<f64>f32x4.extract_lane(v, 2) + <f64>f32x4.extract_lane(v, 3));
}

@inline function addTo(p: usize, v: v128): void { store<f64>(p, load<f64>(p) + sumLanes(v)); }

@inline function madd(sum: v128, a: v128, b: v128): v128 { return f32x4.add(sum, f32x4.mul(a, b)); }

// ---- widen: stored element type → float32 -------------------------------------------------------------------------

// Each widens `rows` rows of `columns` elements, `rowBytes` apart, into the panel, and pads up to a multiple of 4 with 0.
@inline function pad(to: usize, columns: i32): void {
  for (let i = columns; (i & 3) != 0; ++i) store<f32>(to + (<usize>i << 2), 0);
}

export function widenU8(from: usize, rowBytes: usize, rows: i32, columns: i32, panel: usize): void {
  for (let r = 0; r < rows; ++r) {
    let p = from + <usize>r * rowBytes, q = panel + <usize>r * ROW, i = 0;
    for (; i + 16 <= columns; i += 16) {
      const v = v128.load(p), lo = i16x8.extend_low_i8x16_u(v), hi = i16x8.extend_high_i8x16_u(v);
      v128.store(q, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(lo)));
      v128.store(q, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(lo)), 16);
      v128.store(q, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(hi)), 32);
      v128.store(q, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(hi)), 48);
      p += 16; q += 64;
    }
    for (; i < columns; ++i) { store<f32>(q, <f32>load<u8>(p)); p += 1; q += 4; }
    pad(panel + <usize>r * ROW, columns);
  }
}

export function widenU16(from: usize, rowBytes: usize, rows: i32, columns: i32, panel: usize): void {
  for (let r = 0; r < rows; ++r) {
    let p = from + <usize>r * rowBytes, q = panel + <usize>r * ROW, i = 0;
    for (; i + 8 <= columns; i += 8) {
      const v = v128.load(p);
      v128.store(q, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(v)));
      v128.store(q, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(v)), 16);
      p += 16; q += 32;
    }
    for (; i < columns; ++i) { store<f32>(q, <f32>load<u16>(p)); p += 2; q += 4; }
    pad(panel + <usize>r * ROW, columns);
  }
}

export function widenI16(from: usize, rowBytes: usize, rows: i32, columns: i32, panel: usize): void {
  for (let r = 0; r < rows; ++r) {
    let p = from + <usize>r * rowBytes, q = panel + <usize>r * ROW, i = 0;
    for (; i + 8 <= columns; i += 8) {
      const v = v128.load(p);
      v128.store(q, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(v)));
      v128.store(q, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(v)), 16);
      p += 16; q += 32;
    }
    for (; i < columns; ++i) { store<f32>(q, <f32>load<i16>(p)); p += 2; q += 4; }
    pad(panel + <usize>r * ROW, columns);
  }
}

export function widenI8(from: usize, rowBytes: usize, rows: i32, columns: i32, panel: usize): void {
  for (let r = 0; r < rows; ++r) {
    let p = from + <usize>r * rowBytes, q = panel + <usize>r * ROW;
    for (let i = 0; i < columns; ++i) { store<f32>(q, <f32>load<i8>(p)); p += 1; q += 4; }
    pad(panel + <usize>r * ROW, columns);
  }
}

export function widenU32(from: usize, rowBytes: usize, rows: i32, columns: i32, panel: usize): void {
  for (let r = 0; r < rows; ++r) {
    let p = from + <usize>r * rowBytes, q = panel + <usize>r * ROW, i = 0;
    for (; i + 4 <= columns; i += 4) { v128.store(q, f32x4.convert_i32x4_u(v128.load(p))); p += 16; q += 16; }
    for (; i < columns; ++i) { store<f32>(q, <f32>load<u32>(p)); p += 4; q += 4; }
    pad(panel + <usize>r * ROW, columns);
  }
}

export function widenI32(from: usize, rowBytes: usize, rows: i32, columns: i32, panel: usize): void {
  for (let r = 0; r < rows; ++r) {
    let p = from + <usize>r * rowBytes, q = panel + <usize>r * ROW, i = 0;
    for (; i + 4 <= columns; i += 4) { v128.store(q, f32x4.convert_i32x4_s(v128.load(p))); p += 16; q += 16; }
    for (; i < columns; ++i) { store<f32>(q, <f32>load<i32>(p)); p += 4; q += 4; }
    pad(panel + <usize>r * ROW, columns);
  }
}

export function widenF32(from: usize, rowBytes: usize, rows: i32, columns: i32, panel: usize): void {
  for (let r = 0; r < rows; ++r) {
    const q = panel + <usize>r * ROW;
    memory.copy(q, from + <usize>r * rowBytes, <usize>columns << 2);
    pad(q, columns);
  }
}

export function widenF64(from: usize, rowBytes: usize, rows: i32, columns: i32, panel: usize): void {
  for (let r = 0; r < rows; ++r) {
    let p = from + <usize>r * rowBytes, q = panel + <usize>r * ROW;
    for (let i = 0; i < columns; ++i) { store<f32>(q, <f32>load<f64>(p)); p += 8; q += 4; }
    pad(panel + <usize>r * ROW, columns);
  }
}

// ---- what may happen to the widened window ------------------------------------------------------------------------

/** panel ← panel − origin, the same for every row. origin: padded like a pattern's window. */
export function minus(panel: usize, rows: i32, columns: i32, origin: usize): void {
  for (let r = 0; r < rows; ++r) {
    const q = panel + <usize>r * ROW;
    for (let i = 0; i < columns; i += 4) {
      const at = <usize>i << 2;
      v128.store(q + at, f32x4.sub(v128.load(q + at), v128.load(origin + at)));
    }
  }
}

/** panel ← panel ∘ panel. */
export function square(panel: usize, rows: i32, columns: i32): void {
  for (let r = 0; r < rows; ++r) {
    let q = panel + <usize>r * ROW;
    for (let i = 0; i < columns; i += 4) { const v = v128.load(q); v128.store(q, f32x4.mul(v, v)); q += 16; }
  }
}

/** sums[·] ← max(sums, every row of the panel); what is no number is passed over. */
export function raise(panel: usize, rows: i32, columns: i32, sums: usize): void {
  for (let i = 0; i < columns; i += 4) {
    const at = <usize>i << 2;
    let most = v128.load(sums + at);
    for (let r = 0; r < rows; ++r) most = f32x4.pmax(most, v128.load(panel + <usize>r * ROW + at));
    v128.store(sums + at, most);
  }
}

// ---- totals += panel · patternsᵀ ----------------------------------------------------------------------------------

/** One row against one pattern, both of consecutive columns. */
@inline function dot1(x: usize, b: usize, bytes: usize): v128 {
  let s = f32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) s = madd(s, v128.load(x + i), v128.load(b + i));
  return s;
}

/** One row against four patterns that are packed together. */
@inline function dot4(x: usize, b: usize, bytes: usize, t: usize): void {
  let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
  const end = x + bytes;
  while (x < end) {
    const u = v128.load(x);
    s0 = madd(s0, u, v128.load(b)); s1 = madd(s1, u, v128.load(b, 16)); s2 = madd(s2, u, v128.load(b, 32)); s3 = madd(s3, u, v128.load(b, 48));
    x += 16; b += 64;
  }
  addTo(t, s0); addTo(t + 8, s1); addTo(t + 16, s2); addTo(t + 24, s3);
}

/**
 * totals[r, k] += Σ panel[r, ·] · patterns[k, ·] over `columns` columns (padded to 4) of the window that starts at column
 * `offset`; products and sums over the window in float32 lanes, then float64.
 *
 * patterns: packed in fours. Four patterns take 4 · patternStride elements: for every 4 columns, 4 of the first pattern, 4 of
 * the second, third, fourth. The count % 4 patterns that are left follow one after the other, patternStride elements each.
 */
export function dots(panel: usize, rows: i32, columns: i32, patterns: usize, patternStride: i32, offset: i32, count: i32, totals: usize): void {
  const bytes = <usize>((columns + 3) & ~3) << 2, sb = <usize>patternStride << 2, st = <usize>count << 3;
  let k = 0;
  for (; k + 4 <= count; k += 4) {
    const packed = patterns + <usize>k * sb + (<usize>offset << 4);
    let r = 0;
    // Two rows at a time: with the 8 sums of 4 patterns they leave no register of 16 to be spilt.
    for (; r + 2 <= rows; r += 2) {
      let x = panel + <usize>r * ROW, b = packed;
      const end = x + bytes;
      let s00 = f32x4.splat(0), s01 = f32x4.splat(0), s02 = f32x4.splat(0), s03 = f32x4.splat(0);
      let s10 = f32x4.splat(0), s11 = f32x4.splat(0), s12 = f32x4.splat(0), s13 = f32x4.splat(0);
      while (x < end) {
        const u0 = v128.load(x), u1 = v128.load(x, ROW);
        let v = v128.load(b); s00 = madd(s00, u0, v); s10 = madd(s10, u1, v);
        v = v128.load(b, 16); s01 = madd(s01, u0, v); s11 = madd(s11, u1, v);
        v = v128.load(b, 32); s02 = madd(s02, u0, v); s12 = madd(s12, u1, v);
        v = v128.load(b, 48); s03 = madd(s03, u0, v); s13 = madd(s13, u1, v);
        x += 16; b += 64;
      }
      const t = totals + <usize>r * st + (<usize>k << 3);
      addTo(t, s00); addTo(t + 8, s01); addTo(t + 16, s02); addTo(t + 24, s03);
      addTo(t + st, s10); addTo(t + st + 8, s11); addTo(t + st + 16, s12); addTo(t + st + 24, s13);
    }
    for (; r < rows; ++r) dot4(panel + <usize>r * ROW, packed, bytes, totals + <usize>r * st + (<usize>k << 3));
  }
  for (; k < count; ++k) {
    const b = patterns + <usize>k * sb + (<usize>offset << 2);
    let r = 0;
    for (; r + 4 <= rows; r += 4) {
      const x = panel + <usize>r * ROW;
      let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
      for (let i: usize = 0; i < bytes; i += 16) {
        const v = v128.load(b + i), y = x + i;
        s0 = madd(s0, v128.load(y), v); s1 = madd(s1, v128.load(y, ROW), v); s2 = madd(s2, v128.load(y, 2 * ROW), v); s3 = madd(s3, v128.load(y, 3 * ROW), v);
      }
      const t = totals + <usize>r * st + (<usize>k << 3);
      addTo(t, s0); addTo(t + st, s1); addTo(t + 2 * st, s2); addTo(t + 3 * st, s3);
    }
    for (; r < rows; ++r) addTo(totals + <usize>r * st + (<usize>k << 3), dot1(panel + <usize>r * ROW, b, bytes));
  }
}

/** 16 stored columns of one row against one pattern, 4 columns after 4, as dot1 would take them from a panel. */
@inline function madd16(sum: v128, from: usize, b0: v128, b1: v128, b2: v128, b3: v128): v128 {
  const v = v128.load(from), lo = i16x8.extend_low_i8x16_u(v), hi = i16x8.extend_high_i8x16_u(v);
  sum = madd(sum, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(lo)), b0);
  sum = madd(sum, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(lo)), b1);
  sum = madd(sum, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(hi)), b2);
  return madd(sum, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(hi)), b3);
}

/** The last columns & 15 of a row, the same way. */
@inline function maddRest(sum: v128, from: usize, b: usize, columns: i32): v128 {
  for (let i = 0; i < columns; i += 4) {
    let u = f32x4.splat(0);
    u = f32x4.replace_lane(u, 0, <f32>load<u8>(from + i));
    if (i + 1 < columns) u = f32x4.replace_lane(u, 1, <f32>load<u8>(from + i + 1));
    if (i + 2 < columns) u = f32x4.replace_lane(u, 2, <f32>load<u8>(from + i + 2));
    if (i + 3 < columns) u = f32x4.replace_lane(u, 3, <f32>load<u8>(from + i + 3));
    sum = madd(sum, u, v128.load(b + (<usize>i << 2)));
  }
  return sum;
}

/**
 * totals[r] += Σ stored[r, ·] · pattern over `columns` columns of u8, without a panel in between: a virtual image reads
 * bytes and little else. The same bits as widenU8 and dots. pattern: float32, padded to a multiple of 4.
 */
export function dotU8(from: usize, rowBytes: usize, rows: i32, columns: i32, pattern: usize, totals: usize): void {
  const whole = columns & ~15;
  let r = 0;
  for (; r + 4 <= rows; r += 4) {
    let x = from + <usize>r * rowBytes, b = pattern;
    const end = x + whole;
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
    while (x < end) {
      const b0 = v128.load(b), b1 = v128.load(b, 16), b2 = v128.load(b, 32), b3 = v128.load(b, 48);
      s0 = madd16(s0, x, b0, b1, b2, b3);
      s1 = madd16(s1, x + rowBytes, b0, b1, b2, b3);
      s2 = madd16(s2, x + 2 * rowBytes, b0, b1, b2, b3);
      s3 = madd16(s3, x + 3 * rowBytes, b0, b1, b2, b3);
      x += 16; b += 64;
    }
    const t = totals + (<usize>r << 3), rest = columns - whole;
    addTo(t, maddRest(s0, x, b, rest)); addTo(t + 8, maddRest(s1, x + rowBytes, b, rest));
    addTo(t + 16, maddRest(s2, x + 2 * rowBytes, b, rest)); addTo(t + 24, maddRest(s3, x + 3 * rowBytes, b, rest));
  }
  for (; r < rows; ++r) {
    let x = from + <usize>r * rowBytes, b = pattern;
    const end = x + whole;
    let s = f32x4.splat(0);
    while (x < end) { s = madd16(s, x, v128.load(b), v128.load(b, 16), v128.load(b, 32), v128.load(b, 48)); x += 16; b += 64; }
    addTo(totals + (<usize>r << 3), maddRest(s, x, b, columns - whole));
  }
}

// ---- sums += weightsᵀ · panel -------------------------------------------------------------------------------------

/** sums[k, ·] += Σ_r weights[r, k] · panel[r, ·] over `columns` columns (padded to 4), rows in order, in float32. */
export function outer(panel: usize, rows: i32, columns: i32, weights: usize, count: i32, sums: usize, sumStride: i32): void {
  const bytes = <usize>((columns + 3) & ~3) << 2, sc = <usize>sumStride << 2, sw = <usize>count << 2;
  let k = 0;
  for (; k + 4 <= count; k += 4) {
    const c0 = sums + <usize>k * sc, c1 = c0 + sc, c2 = c1 + sc, c3 = c2 + sc, w0 = weights + (<usize>k << 2);
    let i: usize = 0;
    for (; i + 32 <= bytes; i += 32) {
      let s00 = v128.load(c0 + i), s01 = v128.load(c0 + i, 16), s10 = v128.load(c1 + i), s11 = v128.load(c1 + i, 16);
      let s20 = v128.load(c2 + i), s21 = v128.load(c2 + i, 16), s30 = v128.load(c3 + i), s31 = v128.load(c3 + i, 16);
      let x = panel + i, w = w0;
      for (let r = 0; r < rows; ++r) {
        const u0 = v128.load(x), u1 = v128.load(x, 16);
        let v = v128.load32_splat(w); s00 = madd(s00, u0, v); s01 = madd(s01, u1, v);
        v = v128.load32_splat(w, 4); s10 = madd(s10, u0, v); s11 = madd(s11, u1, v);
        v = v128.load32_splat(w, 8); s20 = madd(s20, u0, v); s21 = madd(s21, u1, v);
        v = v128.load32_splat(w, 12); s30 = madd(s30, u0, v); s31 = madd(s31, u1, v);
        x += ROW; w += sw;
      }
      v128.store(c0 + i, s00); v128.store(c0 + i, s01, 16); v128.store(c1 + i, s10); v128.store(c1 + i, s11, 16);
      v128.store(c2 + i, s20); v128.store(c2 + i, s21, 16); v128.store(c3 + i, s30); v128.store(c3 + i, s31, 16);
    }
    for (; i < bytes; i += 16) {
      let s0 = v128.load(c0 + i), s1 = v128.load(c1 + i), s2 = v128.load(c2 + i), s3 = v128.load(c3 + i);
      let x = panel + i, w = w0;
      for (let r = 0; r < rows; ++r) {
        const u = v128.load(x);
        s0 = madd(s0, u, v128.load32_splat(w)); s1 = madd(s1, u, v128.load32_splat(w, 4));
        s2 = madd(s2, u, v128.load32_splat(w, 8)); s3 = madd(s3, u, v128.load32_splat(w, 12));
        x += ROW; w += sw;
      }
      v128.store(c0 + i, s0); v128.store(c1 + i, s1); v128.store(c2 + i, s2); v128.store(c3 + i, s3);
    }
  }
  for (; k < count; ++k) {
    const c = sums + <usize>k * sc, w0 = weights + (<usize>k << 2);
    for (let i: usize = 0; i < bytes; i += 16) {
      let s = v128.load(c + i), x = panel + i, w = w0;
      for (let r = 0; r < rows; ++r) { s = madd(s, v128.load(x), v128.load32_splat(w)); x += ROW; w += sw; }
      v128.store(c + i, s);
    }
  }
}

/** wide[i] += narrow[i], float32 into float64, and narrow ← 0: what keeps long sums exact. length: a multiple of 4. */
export function flush(narrow: usize, wide: usize, length: i32): void {
  const zero = f32x4.splat(0);
  for (let i = 0; i < length; i += 4) {
    const v = v128.load(narrow);
    v128.store(wide, f64x2.add(v128.load(wide), f64x2.promote_low_f32x4(v)));
    v128.store(wide, f64x2.add(v128.load(wide, 16), f64x2.promote_low_f32x4(i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15))), 16);
    v128.store(narrow, zero);
    narrow += 16; wide += 32;
  }
}
