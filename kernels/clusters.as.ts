// What clusters need of points, for one thread: elementwise over columns, so the plain kernels give the same bits.
//
// Layouts as in stacks.as.ts: points are columns, a coordinate of all of them is one row of a stack. Columns are a multiple of 8.

/** to ← from less its centre, n rows. */
export function differences(from: usize, fromStride: i32, n: i32, columns: i32, centre: usize, to: usize, toStride: i32): void {
  for (let i = 0; i < n; ++i) {
    const c = v128.load64_splat(centre + (<usize>i << 3));
    let p = from + (<usize>i * <usize>fromStride << 3), q = to + (<usize>i * <usize>toStride << 3);
    for (const end = q + (<usize>columns << 3); q < end; q += 32) {
      v128.store(q, f64x2.sub(v128.load(p), c)); v128.store(q, f64x2.sub(v128.load(p, 16), c), 16);
      p += 32;
    }
  }
}

/** to ← |d|² of every column d, or |Rᵀd|² with the lower triangle R, n × n, at `root`; 0: none. */
export function squaredLengths(d: usize, stride: i32, n: i32, columns: i32, root: usize, to: usize): void {
  const row = <usize>stride << 3, next = <usize>n << 3;
  for (let x: usize = 0; x < <usize>columns << 3; x += 64) {
    let t0 = f64x2.splat(0), t1 = t0, t2 = t0, t3 = t0;
    for (let i = 0; i < n; ++i) {
      let p = d + x + <usize>i * row;
      let s0 = v128.load(p), s1 = v128.load(p, 16), s2 = v128.load(p, 32), s3 = v128.load(p, 48);
      if (root != 0) {
        let r = root + <usize>i * next + (<usize>i << 3);
        let w = v128.load64_splat(r);
        s0 = f64x2.mul(w, s0); s1 = f64x2.mul(w, s1); s2 = f64x2.mul(w, s2); s3 = f64x2.mul(w, s3);
        for (let j = i + 1; j < n; ++j) {
          p += row; r += next;
          w = v128.load64_splat(r);
          s0 = f64x2.add(s0, f64x2.mul(w, v128.load(p))); s1 = f64x2.add(s1, f64x2.mul(w, v128.load(p, 16)));
          s2 = f64x2.add(s2, f64x2.mul(w, v128.load(p, 32))); s3 = f64x2.add(s3, f64x2.mul(w, v128.load(p, 48)));
        }
      }
      t0 = f64x2.add(t0, f64x2.mul(s0, s0)); t1 = f64x2.add(t1, f64x2.mul(s1, s1));
      t2 = f64x2.add(t2, f64x2.mul(s2, s2)); t3 = f64x2.add(t3, f64x2.mul(s3, s3));
    }
    v128.store(to + x, t0); v128.store(to + x, t1, 16); v128.store(to + x, t2, 32); v128.store(to + x, t3, 48);
  }
}

/**
 * Shares u_k ∝ 1 ÷ squared_k of every column that sum to 1, their squares w, and their cost Σ u² squared. Nothing is nearer than `least`.
 * `squared`, u and w: k rows of `stride`; the cost is row k of u.
 */
export function inverseShares(squared: usize, stride: i32, k: i32, columns: i32, least: f64, u: usize, w: usize): void {
  const row = <usize>stride << 3, floor = f64x2.splat(least), one = f64x2.splat(1);
  for (let x: usize = 0; x < <usize>columns << 3; x += 32) {
    let near0 = f64x2.pmax(floor, v128.load(squared + x)), near1 = f64x2.pmax(floor, v128.load(squared + x, 16));
    let p = squared + x + row;
    for (let i = 1; i < k; ++i, p += row) {
      near0 = f64x2.pmin(near0, f64x2.pmax(floor, v128.load(p))); near1 = f64x2.pmin(near1, f64x2.pmax(floor, v128.load(p, 16)));
    }
    let sum0 = f64x2.splat(0), sum1 = f64x2.splat(0);
    p = squared + x;
    let q = u + x;
    for (let i = 0; i < k; ++i, p += row, q += row) {
      const r0 = f64x2.div(near0, f64x2.pmax(floor, v128.load(p))), r1 = f64x2.div(near1, f64x2.pmax(floor, v128.load(p, 16)));
      sum0 = f64x2.add(sum0, r0); sum1 = f64x2.add(sum1, r1);
      v128.store(q, r0); v128.store(q, r1, 16);
    }
    const share0 = f64x2.div(one, sum0), share1 = f64x2.div(one, sum1);
    v128.store(q, f64x2.mul(near0, share0)); v128.store(q, f64x2.mul(near1, share1), 16);
    q = u + x;
    let v = w + x;
    for (let i = 0; i < k; ++i, q += row, v += row) {
      const u0 = f64x2.mul(v128.load(q), share0), u1 = f64x2.mul(v128.load(q, 16), share1);
      v128.store(q, u0); v128.store(q, u1, 16);
      v128.store(v, f64x2.mul(u0, u0)); v128.store(v, f64x2.mul(u1, u1), 16);
    }
  }
}

/** All of a column to its nearest, of those equally near the first: u and w are 1 there, else 0; row k of u holds the least. Rows as above. */
export function nearestShares(squared: usize, stride: i32, k: i32, columns: i32, u: usize, w: usize): void {
  const row = <usize>stride << 3, one = f64x2.splat(1);
  for (let x: usize = 0; x < <usize>columns << 3; x += 16) {
    let near = v128.load(squared + x), p = squared + x + row;
    for (let i = 1; i < k; ++i, p += row) near = f64x2.pmin(near, v128.load(p));
    let free = i64x2.splat(-1), q = u + x, v = w + x;
    p = squared + x;
    for (let i = 0; i < k; ++i, p += row, q += row, v += row) {
      const here = v128.and(free, f64x2.eq(v128.load(p), near)), share = v128.and(here, one);
      free = v128.andnot(free, here);
      v128.store(q, share); v128.store(v, share);
    }
    v128.store(q, near);
  }
}

/** to ← every row of `from` times the weights, column by column. */
export function weigh(from: usize, fromStride: i32, rows: i32, columns: i32, weights: usize, to: usize, toStride: i32): void {
  for (let i = 0; i < rows; ++i) {
    let p = from + (<usize>i * <usize>fromStride << 3), q = to + (<usize>i * <usize>toStride << 3), v = weights;
    for (const end = q + (<usize>columns << 3); q < end; q += 32) {
      v128.store(q, f64x2.mul(v128.load(v), v128.load(p))); v128.store(q, f64x2.mul(v128.load(v, 16), v128.load(p, 16)), 16);
      p += 32; v += 32;
    }
  }
}
