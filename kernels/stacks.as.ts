// Products of short, wide stacks of float64 rows, for one thread. Raw pointers, no runtime, no allocation.
//
// A stack is rows of `columns` numbers, `stride` elements from one row to the next. Columns are a multiple of 8 (pad with 0),
// addresses and strides make every row begin at a multiple of 16 bytes. No output may overlap an input.
// Every number of a result is summed in one fixed order, whatever the blocking: the plain kernels give the same bits.

@inline function madd(sum: v128, a: v128, b: v128): v128 { return f64x2.add(sum, f64x2.mul(a, b)); }

@inline function addTo(p: usize, v: v128): void { store<f64>(p, load<f64>(p) + (f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1))); }

/** to ← from, float32 into float64. */
export function widen(from: usize, fromStride: i32, rows: i32, columns: i32, to: usize, toStride: i32): void {
  for (let r = 0; r < rows; ++r) {
    let p = from + (<usize>r * <usize>fromStride << 2), q = to + (<usize>r * <usize>toStride << 3);
    const end = q + (<usize>columns << 3);
    for (; q < end; q += 32) {
      v128.store(q, f64x2.promote_low_f32x4(v128.load64_zero(p)));
      v128.store(q, f64x2.promote_low_f32x4(v128.load64_zero(p, 8)), 16);
      p += 16;
    }
  }
}

/** out += A·Bᵀ, row i of out at out + i · outStride · 8. Even and odd columns are summed apart, then added, then added to `out`. */
export function gram(a: usize, aStride: i32, m: i32, b: usize, bStride: i32, n: i32, columns: i32, out: usize, outStride: i32): void {
  const bytes = <usize>columns << 3, sa = <usize>aStride << 3, sb = <usize>bStride << 3, so = <usize>outStride << 3;
  let i = 0;
  // Two rows at a time: with the 8 sums of 4 others they leave no register of 16 to be spilt.
  for (; i + 2 <= m; i += 2) {
    const x0 = a + <usize>i * sa, x1 = x0 + sa, o = out + <usize>i * so;
    let j = 0;
    for (; j + 4 <= n; j += 4) {
      const y0 = b + <usize>j * sb, y1 = y0 + sb, y2 = y1 + sb, y3 = y2 + sb;
      let s00 = f64x2.splat(0), s01 = f64x2.splat(0), s02 = f64x2.splat(0), s03 = f64x2.splat(0);
      let s10 = f64x2.splat(0), s11 = f64x2.splat(0), s12 = f64x2.splat(0), s13 = f64x2.splat(0);
      for (let c: usize = 0; c < bytes; c += 16) {
        const u0 = v128.load(x0 + c), u1 = v128.load(x1 + c);
        let v = v128.load(y0 + c); s00 = madd(s00, u0, v); s10 = madd(s10, u1, v);
        v = v128.load(y1 + c); s01 = madd(s01, u0, v); s11 = madd(s11, u1, v);
        v = v128.load(y2 + c); s02 = madd(s02, u0, v); s12 = madd(s12, u1, v);
        v = v128.load(y3 + c); s03 = madd(s03, u0, v); s13 = madd(s13, u1, v);
      }
      const t = o + (<usize>j << 3);
      addTo(t, s00); addTo(t + 8, s01); addTo(t + 16, s02); addTo(t + 24, s03);
      addTo(t + so, s10); addTo(t + so + 8, s11); addTo(t + so + 16, s12); addTo(t + so + 24, s13);
    }
    for (; j < n; ++j) {
      const y = b + <usize>j * sb;
      let s0 = f64x2.splat(0), s1 = f64x2.splat(0);
      for (let c: usize = 0; c < bytes; c += 16) {
        const v = v128.load(y + c);
        s0 = madd(s0, v128.load(x0 + c), v); s1 = madd(s1, v128.load(x1 + c), v);
      }
      const t = o + (<usize>j << 3);
      addTo(t, s0); addTo(t + so, s1);
    }
  }
  for (; i < m; ++i) {
    const x = a + <usize>i * sa, o = out + <usize>i * so;
    let j = 0;
    for (; j + 4 <= n; j += 4) {
      const y0 = b + <usize>j * sb, y1 = y0 + sb, y2 = y1 + sb, y3 = y2 + sb;
      let s0 = f64x2.splat(0), s1 = f64x2.splat(0), s2 = f64x2.splat(0), s3 = f64x2.splat(0);
      for (let c: usize = 0; c < bytes; c += 16) {
        const u = v128.load(x + c);
        s0 = madd(s0, u, v128.load(y0 + c)); s1 = madd(s1, u, v128.load(y1 + c));
        s2 = madd(s2, u, v128.load(y2 + c)); s3 = madd(s3, u, v128.load(y3 + c));
      }
      const t = o + (<usize>j << 3);
      addTo(t, s0); addTo(t + 8, s1); addTo(t + 16, s2); addTo(t + 24, s3);
    }
    for (; j < n; ++j) {
      const y = b + <usize>j * sb;
      let s = f64x2.splat(0);
      for (let c: usize = 0; c < bytes; c += 16) s = madd(s, v128.load(x + c), v128.load(y + c));
      addTo(o + (<usize>j << 3), s);
    }
  }
}

/** to ← C·A, C: m × k, row-major without gaps; the rows of A are added in order. */
export function combine(c: usize, m: i32, k: i32, a: usize, aStride: i32, columns: i32, to: usize, toStride: i32): void {
  const bytes = <usize>columns << 3, sa = <usize>aStride << 3, st = <usize>toStride << 3, sc = <usize>k << 3;
  let i = 0;
  for (; i + 2 <= m; i += 2) {
    const c0 = c + <usize>i * sc, end = c0 + sc;
    const t = to + <usize>i * st;
    for (let x: usize = 0; x < bytes; x += 64) {
      let s00 = f64x2.splat(0), s01 = f64x2.splat(0), s02 = f64x2.splat(0), s03 = f64x2.splat(0);
      let s10 = f64x2.splat(0), s11 = f64x2.splat(0), s12 = f64x2.splat(0), s13 = f64x2.splat(0);
      let p = a + x;
      for (let q = c0; q < end; q += 8) {
        const w0 = v128.load64_splat(q), w1 = v128.load64_splat(q + sc);
        let v = v128.load(p); s00 = madd(s00, w0, v); s10 = madd(s10, w1, v);
        v = v128.load(p, 16); s01 = madd(s01, w0, v); s11 = madd(s11, w1, v);
        v = v128.load(p, 32); s02 = madd(s02, w0, v); s12 = madd(s12, w1, v);
        v = v128.load(p, 48); s03 = madd(s03, w0, v); s13 = madd(s13, w1, v);
        p += sa;
      }
      let r = t + x;
      v128.store(r, s00); v128.store(r, s01, 16); v128.store(r, s02, 32); v128.store(r, s03, 48); r += st;
      v128.store(r, s10); v128.store(r, s11, 16); v128.store(r, s12, 32); v128.store(r, s13, 48);
    }
  }
  for (; i < m; ++i) {
    const c0 = c + <usize>i * sc, end = c0 + sc, t = to + <usize>i * st;
    for (let x: usize = 0; x < bytes; x += 64) {
      let s0 = f64x2.splat(0), s1 = f64x2.splat(0), s2 = f64x2.splat(0), s3 = f64x2.splat(0);
      let p = a + x;
      for (let q = c0; q < end; q += 8) {
        const w = v128.load64_splat(q);
        s0 = madd(s0, w, v128.load(p)); s1 = madd(s1, w, v128.load(p, 16)); s2 = madd(s2, w, v128.load(p, 32)); s3 = madd(s3, w, v128.load(p, 48));
        p += sa;
      }
      v128.store(t + x, s0); v128.store(t + x, s1, 16); v128.store(t + x, s2, 32); v128.store(t + x, s3, 48);
    }
  }
}
