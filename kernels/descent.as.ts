// Non-negative coordinate descent on many rows that share a Gram matrix, for one thread. Raw pointers, no runtime, no allocation.
//
// Layouts as in stacks.as.ts: unknown t of all rows together is one row of a stack, k × columns, so that lanes run over rows.

/** Rows that are improved together, and stop together. */
const TOGETHER: i32 = 8;

@inline function madd(sum: v128, a: v128, b: v128): v128 { return f64x2.add(sum, f64x2.mul(a, b)); }
@inline function less(sum: v128, a: v128, b: v128): v128 { return f64x2.sub(sum, f64x2.mul(a, b)); }
@inline function total(v: v128): f64 { return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1); }

/**
 * Improves y, k × columns, towards min ½ yᵀGy − yᵀt, y ≥ 0, in every column: at most `sweeps` rounds over the k unknowns.
 * Eight columns end where a round moves them by no more than `still` of what the first did.
 *
 * @returns Σ 2tᵀy − yᵀGy over all columns
 */
export function improve(y: usize, yStride: i32, target: usize, targetStride: i32, gram: usize, inverse: usize, k: i32, columns: i32, sweeps: i32, still: f64): f64 {
  const sy = <usize>yStride << 3, st = <usize>targetStride << 3, row = <usize>k << 3;
  const zero = f64x2.splat(0);
  let gained = zero;
  for (let x = 0; x < columns; x += TOGETHER) {
    const y0 = y + (<usize>x << 3), t0 = target + (<usize>x << 3);
    let first = 0.0;
    for (let turn = 0; turn < sweeps; ++turn) {
      let moved = zero;
      let g = gram, at = y0, t = t0, inv = inverse;
      for (let i = 0; i < k; ++i) {
        let s0 = v128.load(t), s1 = v128.load(t, 16), s2 = v128.load(t, 32), s3 = v128.load(t, 48);
        let p = y0;
        for (const end = g + row; g < end; g += 8) {
          const w = v128.load64_splat(g);
          s0 = less(s0, w, v128.load(p)); s1 = less(s1, w, v128.load(p, 16)); s2 = less(s2, w, v128.load(p, 32)); s3 = less(s3, w, v128.load(p, 48));
          p += sy;
        }
        const w = v128.load64_splat(inv);
        const b0 = v128.load(at), b1 = v128.load(at, 16), b2 = v128.load(at, 32), b3 = v128.load(at, 48);
        s0 = f64x2.pmax(zero, madd(b0, s0, w)); s1 = f64x2.pmax(zero, madd(b1, s1, w));
        s2 = f64x2.pmax(zero, madd(b2, s2, w)); s3 = f64x2.pmax(zero, madd(b3, s3, w));
        v128.store(at, s0); v128.store(at, s1, 16); v128.store(at, s2, 32); v128.store(at, s3, 48);
        moved = f64x2.add(moved, f64x2.add(
          f64x2.add(f64x2.abs(f64x2.sub(s0, b0)), f64x2.abs(f64x2.sub(s1, b1))),
          f64x2.add(f64x2.abs(f64x2.sub(s2, b2)), f64x2.abs(f64x2.sub(s3, b3)))));
        at += sy; t += st; inv += 8;
      }
      const far = total(moved);
      if (turn == 0) first = far;
      if (far <= still * first) break;
    }
    let g = gram, at = y0, t = t0;
    for (let i = 0; i < k; ++i) {
      // t + (t − Gy): 2tᵀy − yᵀGy = yᵀ(t + (t − Gy)).
      let s0 = v128.load(t), s1 = v128.load(t, 16), s2 = v128.load(t, 32), s3 = v128.load(t, 48);
      const t1 = s0, t2 = s1, t3 = s2, t4 = s3;
      let p = y0;
      for (const end = g + row; g < end; g += 8) {
        const w = v128.load64_splat(g);
        s0 = less(s0, w, v128.load(p)); s1 = less(s1, w, v128.load(p, 16)); s2 = less(s2, w, v128.load(p, 32)); s3 = less(s3, w, v128.load(p, 48));
        p += sy;
      }
      gained = madd(gained, v128.load(at), f64x2.add(t1, s0)); gained = madd(gained, v128.load(at, 16), f64x2.add(t2, s1));
      gained = madd(gained, v128.load(at, 32), f64x2.add(t3, s2)); gained = madd(gained, v128.load(at, 48), f64x2.add(t4, s3));
      at += sy; t += st;
    }
  }
  return total(gained);
}

/** ahead ← max(0, y + reach · (y − before)), all k × columns with one stride. */
export function extrapolate(y: usize, before: usize, ahead: usize, stride: i32, k: i32, columns: i32, reach: f64): void {
  const zero = f64x2.splat(0), w = f64x2.splat(reach), bytes = <usize>columns << 3;
  for (let i = 0; i < k; ++i) {
    const offset = <usize>i * (<usize>stride << 3);
    for (let x = offset; x < offset + bytes; x += 16) {
      const now = v128.load(y + x);
      v128.store(ahead + x, f64x2.pmax(zero, madd(now, w, f64x2.sub(now, v128.load(before + x)))));
    }
  }
}
