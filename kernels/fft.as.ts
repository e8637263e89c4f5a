// Fourier transforms of several complex arrays at once, one in each lane, for one thread. Raw pointers, no runtime, no allocation.
//
// Layout: element e of all arrays at base + 32 e: 16 bytes of real parts, one lane per array (4 of f32 or 2 of f64), then 16 bytes of
// imaginary parts. Every address is a multiple of 16. A table for length n holds cos and −sin of 2πi/n, i = 0 … n−1, interleaved.
// The inverse transform is the forward one with real and imaginary parts exchanged: `re` and `im` are the offsets of the two, 0 and 16 or
// 16 and 0. Nothing is scaled. Lengths are products of 2, 3, 4 and 5.
//
// Stockham's autosort: every pass reads one array and writes the other, so nothing is reordered afterwards.

@inline function mulRe<T>(a: v128, b: v128, c: v128, d: v128): v128 { return v128.sub<T>(v128.mul<T>(a, c), v128.mul<T>(b, d)); }
@inline function mulIm<T>(a: v128, b: v128, c: v128, d: v128): v128 { return v128.add<T>(v128.mul<T>(a, d), v128.mul<T>(b, c)); }

// One pass: length n, `s` interleaved transforms, m = n/radix. y[q + s(radix·p + k)] = wᵖᵏ Σⱼ x[q + s(p + mj)] exp(−2πi jk/radix).

@inline function pass2<T>(x: usize, y: usize, m: i32, s: i32, step: i32, table: usize, re: usize, im: usize): void {
  const far = (<usize>m * s) << 5, near = <usize>s << 5;
  for (let p = 0; p < m; ++p) {
    const w = table + <usize>(p * step) * 2 * sizeof<T>();
    const wr = v128.load_splat<T>(w), wi = v128.load_splat<T>(w + sizeof<T>());
    let a = x + ((<usize>p * s) << 5), o = y + ((<usize>p * s) << 6);
    for (const end = a + near; a < end; a += 32, o += 32) {
      const ar = v128.load(a + re), ai = v128.load(a + im), br = v128.load(a + far + re), bi = v128.load(a + far + im);
      v128.store(o + re, v128.add<T>(ar, br));
      v128.store(o + im, v128.add<T>(ai, bi));
      const dr = v128.sub<T>(ar, br), di = v128.sub<T>(ai, bi);
      v128.store(o + near + re, mulRe<T>(dr, di, wr, wi));
      v128.store(o + near + im, mulIm<T>(dr, di, wr, wi));
    }
  }
}

@inline function pass3<T>(x: usize, y: usize, m: i32, s: i32, step: i32, table: usize, re: usize, im: usize): void {
  const far = (<usize>m * s) << 5, near = <usize>s << 5;
  const half = v128.splat<T>(<T>0.5), sine = v128.splat<T>(<T>0.8660254037844386);
  for (let p = 0; p < m; ++p) {
    const w1 = table + <usize>(p * step) * 2 * sizeof<T>(), w2 = table + <usize>(2 * p * step) * 2 * sizeof<T>();
    const w1r = v128.load_splat<T>(w1), w1i = v128.load_splat<T>(w1 + sizeof<T>());
    const w2r = v128.load_splat<T>(w2), w2i = v128.load_splat<T>(w2 + sizeof<T>());
    let a = x + ((<usize>p * s) << 5), o = y + (<usize>p * s * 3 << 5);
    for (const end = a + near; a < end; a += 32, o += 32) {
      const ar = v128.load(a + re), ai = v128.load(a + im);
      const br = v128.load(a + far + re), bi = v128.load(a + far + im);
      const cr = v128.load(a + 2 * far + re), ci = v128.load(a + 2 * far + im);
      const sr = v128.add<T>(br, cr), si = v128.add<T>(bi, ci);
      const tr = v128.mul<T>(sine, v128.sub<T>(bi, ci)), ti = v128.mul<T>(sine, v128.sub<T>(cr, br));
      const hr = v128.sub<T>(ar, v128.mul<T>(half, sr)), hi = v128.sub<T>(ai, v128.mul<T>(half, si));
      v128.store(o + re, v128.add<T>(ar, sr));
      v128.store(o + im, v128.add<T>(ai, si));
      const ur = v128.add<T>(hr, tr), ui = v128.add<T>(hi, ti), vr = v128.sub<T>(hr, tr), vi = v128.sub<T>(hi, ti);
      v128.store(o + near + re, mulRe<T>(ur, ui, w1r, w1i));
      v128.store(o + near + im, mulIm<T>(ur, ui, w1r, w1i));
      v128.store(o + 2 * near + re, mulRe<T>(vr, vi, w2r, w2i));
      v128.store(o + 2 * near + im, mulIm<T>(vr, vi, w2r, w2i));
    }
  }
}

@inline function pass4<T>(x: usize, y: usize, m: i32, s: i32, step: i32, table: usize, re: usize, im: usize): void {
  const far = (<usize>m * s) << 5, near = <usize>s << 5;
  for (let p = 0; p < m; ++p) {
    const one = <usize>(p * step) * 2 * sizeof<T>();
    const w1 = table + one, w2 = table + 2 * one, w3 = table + 3 * one;
    const w1r = v128.load_splat<T>(w1), w1i = v128.load_splat<T>(w1 + sizeof<T>());
    const w2r = v128.load_splat<T>(w2), w2i = v128.load_splat<T>(w2 + sizeof<T>());
    const w3r = v128.load_splat<T>(w3), w3i = v128.load_splat<T>(w3 + sizeof<T>());
    let a = x + ((<usize>p * s) << 5), o = y + (<usize>p * s * 4 << 5);
    for (const end = a + near; a < end; a += 32, o += 32) {
      const ar = v128.load(a + re), ai = v128.load(a + im);
      const br = v128.load(a + far + re), bi = v128.load(a + far + im);
      const cr = v128.load(a + 2 * far + re), ci = v128.load(a + 2 * far + im);
      const dr = v128.load(a + 3 * far + re), di = v128.load(a + 3 * far + im);
      const sr = v128.add<T>(ar, cr), si = v128.add<T>(ai, ci), tr = v128.add<T>(br, dr), ti = v128.add<T>(bi, di);
      const er = v128.sub<T>(ar, cr), ei = v128.sub<T>(ai, ci);
      // −i (b − d)
      const fr = v128.sub<T>(bi, di), fi = v128.sub<T>(dr, br);
      v128.store(o + re, v128.add<T>(sr, tr));
      v128.store(o + im, v128.add<T>(si, ti));
      const ur = v128.add<T>(er, fr), ui = v128.add<T>(ei, fi);
      v128.store(o + near + re, mulRe<T>(ur, ui, w1r, w1i));
      v128.store(o + near + im, mulIm<T>(ur, ui, w1r, w1i));
      const vr = v128.sub<T>(sr, tr), vi = v128.sub<T>(si, ti);
      v128.store(o + 2 * near + re, mulRe<T>(vr, vi, w2r, w2i));
      v128.store(o + 2 * near + im, mulIm<T>(vr, vi, w2r, w2i));
      const zr = v128.sub<T>(er, fr), zi = v128.sub<T>(ei, fi);
      v128.store(o + 3 * near + re, mulRe<T>(zr, zi, w3r, w3i));
      v128.store(o + 3 * near + im, mulIm<T>(zr, zi, w3r, w3i));
    }
  }
}

@inline function pass5<T>(x: usize, y: usize, m: i32, s: i32, step: i32, table: usize, re: usize, im: usize): void {
  const far = (<usize>m * s) << 5, near = <usize>s << 5;
  const c1 = v128.splat<T>(<T>0.30901699437494745), c2 = v128.splat<T>(<T>-0.8090169943749475);
  const s1 = v128.splat<T>(<T>0.9510565162951535), s2 = v128.splat<T>(<T>0.5877852522924731);
  for (let p = 0; p < m; ++p) {
    const one = <usize>(p * step) * 2 * sizeof<T>();
    let a = x + ((<usize>p * s) << 5), o = y + (<usize>p * s * 5 << 5);
    for (const end = a + near; a < end; a += 32, o += 32) {
      const ar = v128.load(a + re), ai = v128.load(a + im);
      const br = v128.load(a + far + re), bi = v128.load(a + far + im), er = v128.load(a + 4 * far + re), ei = v128.load(a + 4 * far + im);
      const cr = v128.load(a + 2 * far + re), ci = v128.load(a + 2 * far + im), dr = v128.load(a + 3 * far + re), di = v128.load(a + 3 * far + im);
      const pr = v128.add<T>(br, er), pi = v128.add<T>(bi, ei), mr = v128.sub<T>(br, er), mi = v128.sub<T>(bi, ei);
      const qr = v128.add<T>(cr, dr), qi = v128.add<T>(ci, di), nr = v128.sub<T>(cr, dr), ni = v128.sub<T>(ci, di);
      v128.store(o + re, v128.add<T>(ar, v128.add<T>(pr, qr)));
      v128.store(o + im, v128.add<T>(ai, v128.add<T>(pi, qi)));
      const ur = v128.add<T>(ar, v128.add<T>(v128.mul<T>(c1, pr), v128.mul<T>(c2, qr))), ui = v128.add<T>(ai, v128.add<T>(v128.mul<T>(c1, pi), v128.mul<T>(c2, qi)));
      const vr = v128.add<T>(ar, v128.add<T>(v128.mul<T>(c2, pr), v128.mul<T>(c1, qr))), vi = v128.add<T>(ai, v128.add<T>(v128.mul<T>(c2, pi), v128.mul<T>(c1, qi)));
      const fr = v128.add<T>(v128.mul<T>(s1, mr), v128.mul<T>(s2, nr)), fi = v128.add<T>(v128.mul<T>(s1, mi), v128.mul<T>(s2, ni));
      const gr = v128.sub<T>(v128.mul<T>(s2, mr), v128.mul<T>(s1, nr)), gi = v128.sub<T>(v128.mul<T>(s2, mi), v128.mul<T>(s1, ni));
      turned<T>(o + near, v128.add<T>(ur, fi), v128.sub<T>(ui, fr), table + one, re, im);
      turned<T>(o + 2 * near, v128.add<T>(vr, gi), v128.sub<T>(vi, gr), table + 2 * one, re, im);
      turned<T>(o + 3 * near, v128.sub<T>(vr, gi), v128.add<T>(vi, gr), table + 3 * one, re, im);
      turned<T>(o + 4 * near, v128.sub<T>(ur, fi), v128.add<T>(ui, fr), table + 4 * one, re, im);
    }
  }
}

@inline function turned<T>(o: usize, r: v128, i: v128, w: usize, re: usize, im: usize): void {
  const wr = v128.load_splat<T>(w), wi = v128.load_splat<T>(w + sizeof<T>());
  v128.store(o + re, mulRe<T>(r, i, wr, wi));
  v128.store(o + im, mulIm<T>(r, i, wr, wi));
}

/** `s` interleaved transforms of length `length` from x, with y as room; returns which of the two holds the result. */
function passes<T>(x: usize, y: usize, length: i32, s: i32, table: usize, re: usize, im: usize): usize {
  let n = length, from = x, to = y;
  while (n > 1) {
    const radix = n % 4 == 0 ? 4 : n % 5 == 0 ? 5 : n % 3 == 0 ? 3 : 2, m = n / radix, step = length / n;
    if (radix == 4) pass4<T>(from, to, m, s, step, table, re, im);
    else if (radix == 5) pass5<T>(from, to, m, s, step, table, re, im);
    else if (radix == 3) pass3<T>(from, to, m, s, step, table, re, im);
    else pass2<T>(from, to, m, s, step, table, re, im);
    n = m; s *= radix;
    const last = from; from = to; to = last;
  }
  return from;
}

@inline function transform<T>(x: usize, y: usize, rows: i32, columns: i32, rowTable: usize, columnTable: usize, re: usize, im: usize): usize {
  const from = passes<T>(x, y, rows, columns, rowTable, re, im), to = x + y - from;
  let result = from;
  for (let r = 0; r < rows; ++r) {
    const at = <usize>(r * columns) << 5;
    result = passes<T>(from + at, to + at, columns, 1, columnTable, re, im) - at;
  }
  return result;
}

/** Two-dimensional transforms of rows × columns from x, with y as room of the same size; returns which of the two holds the result. */
export function transform32(x: usize, y: usize, rows: i32, columns: i32, rowTable: usize, columnTable: usize, re: usize, im: usize): usize {
  return transform<f32>(x, y, rows, columns, rowTable, columnTable, re, im);
}
export function transform64(x: usize, y: usize, rows: i32, columns: i32, rowTable: usize, columnTable: usize, re: usize, im: usize): usize {
  return transform<f64>(x, y, rows, columns, rowTable, columnTable, re, im);
}

@inline function multiplyAll<T>(x: usize, factors: usize, count: i32): void {
  for (const end = x + (<usize>count << 5); x < end; x += 32, factors += 2 * sizeof<T>()) {
    const r = v128.load(x), i = v128.load(x, 16), fr = v128.load_splat<T>(factors), fi = v128.load_splat<T>(factors + sizeof<T>());
    v128.store(x, mulRe<T>(r, i, fr, fi));
    v128.store(x, mulIm<T>(r, i, fr, fi), 16);
  }
}

/** x ← x · factors, `count` complex numbers that hold for every lane. */
export function multiplyAll32(x: usize, factors: usize, count: i32): void { multiplyAll<f32>(x, factors, count); }
export function multiplyAll64(x: usize, factors: usize, count: i32): void { multiplyAll<f64>(x, factors, count); }

@inline function multiplyEach<T>(x: usize, factors: usize, count: i32): void {
  for (const end = x + (<usize>count << 5); x < end; x += 32, factors += 32) {
    const r = v128.load(x), i = v128.load(x, 16), fr = v128.load(factors), fi = v128.load(factors, 16);
    v128.store(x, mulRe<T>(r, i, fr, fi));
    v128.store(x, mulIm<T>(r, i, fr, fi), 16);
  }
}

/** x ← x · factors, laid out like x: every lane its own. */
export function multiplyEach32(x: usize, factors: usize, count: i32): void { multiplyEach<f32>(x, factors, count); }
export function multiplyEach64(x: usize, factors: usize, count: i32): void { multiplyEach<f64>(x, factors, count); }
