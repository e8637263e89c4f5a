import { exp, log1p } from "./elementary.ts";
import { logNormalBelow } from "./normal-distribution.ts";
import { placed, type StackKernels } from "./stack-kernels.ts";

/**
 * The stack kernels as plain loops, for machines without WebAssembly SIMD: same names, same arguments, same layouts, and sums in
 * the same order, so also the same bits.
 */
export function plainStackKernels(): StackKernels {
  let buffer = new ArrayBuffer(0);
  const doubles = (address: number, length: number) => new Float64Array(buffer, address, length);
  const floats = (address: number, length: number) => new Float32Array(buffer, address, length);
  const row = (address: number, stride: number, i: number, columns: number) =>
    doubles(address + i * stride * 8, columns);
  const rows = (address: number, stride: number, count: number, columns: number) =>
    Array.from({ length: count }, (_, i) => row(address, stride, i, columns));
  return {
    name: "plain",
    doubles,
    floats,
    held: () => buffer.byteLength,
    rooms(...bytes) {
      const { addresses, end } = placed(bytes, 0);
      if (end > buffer.byteLength) buffer = new ArrayBuffer(end);
      return addresses;
    },
    widen(from, fromStride, count, columns, to, toStride) {
      for (let i = 0; i < count; i++) row(to, toStride, i, columns).set(floats(from + i * fromStride * 4, columns));
    },
    gram(a, aStride, m, b, bStride, n, columns, out, outStride) {
      const [left, right] = [rows(a, aStride, m, columns), rows(b, bStride, n, columns)];
      left.forEach((x, i) => {
        const sums = row(out, outStride, i, n);
        right.forEach((y, j) => {
          sums[j] += product(x, y);
        });
      });
    },
    combine(c, m, k, a, aStride, columns, to, toStride) {
      const coefficients = doubles(c, m * k);
      const from = rows(a, aStride, k, columns);
      for (let i = 0; i < m; i++) {
        const sums = row(to, toStride, i, columns).fill(0);
        from.forEach((values, j) => {
          add(coefficients[i * k + j], values, sums);
        });
      }
    },
    improve(y, yStride, target, targetStride, gram, inverse, k, columns, sweeps, still) {
      const [g, inv] = [doubles(gram, k * k), doubles(inverse, k)];
      const [all, t] = [rows(y, yStride, k, columns), rows(target, targetStride, k, columns)];
      const gained = new Float64Array(2);
      for (let x = 0; x < columns; x += 8) {
        let first = 0;
        for (let turn = 0; turn < sweeps; turn++) {
          const moved = round(all, t, g, inv, k, x);
          if (turn === 0) first = moved;
          if (moved <= still * first) break;
        }
        for (let i = 0; i < k; i++) {
          for (let lane = 0; lane < 8; lane++) {
            const slope = slopeOf(all, t, g, k, i, x + lane);
            gained[lane & 1] += all[i][x + lane] * (t[i][x + lane] + slope);
          }
        }
      }
      return gained[0] + gained[1];
    },
    extrapolate(y, before, ahead, stride, k, columns, reach) {
      for (let i = 0; i < k; i++) {
        const [now, then] = [row(y, stride, i, columns), row(before, stride, i, columns)];
        const next = row(ahead, stride, i, columns);
        for (let x = 0; x < columns; x++) {
          const value = now[x] + reach * (now[x] - then[x]);
          next[x] = value > 0 ? value : 0;
        }
      }
    },
    differences(from, fromStride, n, columns, centre, to, toStride) {
      for (let i = 0; i < n; i++) {
        const [c, values] = [doubles(centre, n)[i], row(from, fromStride, i, columns)];
        row(to, toStride, i, columns).set(values.map((value) => value - c));
      }
    },
    squaredLengths(d, stride, n, columns, root, to) {
      const [all, found] = [rows(d, stride, n, columns), doubles(to, columns)];
      const r = root === 0 ? undefined : doubles(root, n * n);
      for (let x = 0; x < columns; x++) {
        found[x] = 0;
        for (let i = 0; i < n; i++) {
          let along = r ? r[i * n + i] * all[i][x] : all[i][x];
          if (r) for (let j = i + 1; j < n; j++) along += r[j * n + i] * all[j][x];
          found[x] += along * along;
        }
      }
    },
    inverseShares(squared, stride, k, columns, least, u, w) {
      const far = rows(squared, stride, k, columns).map((values) => values.map((value) => Math.max(least, value)));
      const [shares, squares] = [rows(u, stride, k + 1, columns), rows(w, stride, k, columns)];
      for (let x = 0; x < columns; x++) {
        const near = Math.min(...far.map((values) => values[x]));
        let sum = 0;
        for (let i = 0; i < k; i++) {
          shares[i][x] = near / far[i][x];
          sum += shares[i][x];
        }
        const share = 1 / sum;
        shares[k][x] = near * share;
        for (let i = 0; i < k; i++) {
          shares[i][x] *= share;
          squares[i][x] = shares[i][x] * shares[i][x];
        }
      }
    },
    nearestShares(squared, stride, k, columns, u, w) {
      const far = rows(squared, stride, k, columns);
      const [shares, weights] = [rows(u, stride, k + 1, columns), rows(w, stride, k, columns)];
      for (let x = 0; x < columns; x++) {
        const near = Math.min(...far.map((values) => values[x]));
        const nearest = far.findIndex((values) => values[x] === near);
        for (let i = 0; i < k; i++) {
          shares[i][x] = i === nearest ? 1 : 0;
          weights[i][x] = shares[i][x];
        }
        shares[k][x] = near;
      }
    },
    weigh(from, fromStride, count, columns, weights, to, toStride) {
      const by = doubles(weights, columns);
      for (let i = 0; i < count; i++) {
        row(to, toStride, i, columns).set(row(from, fromStride, i, columns).map((value, x) => by[x] * value));
      }
    },
    facetDensities(a, stride, k, columns, precision, odds, noiseStride, _table, _scratch, sums) {
      const total = new Float64Array(2);
      const normal = new Float64Array(2);
      for (let i = 0; i < k; i++) {
        const [values, scales] = [row(a, stride, i, columns), row(precision, noiseStride, i, columns)];
        const odd = row(odds, noiseStride, i, columns);
        const absences = new Float64Array(2);
        for (let x = 0; x < columns; x++) {
          const t = values[x] * scales[x];
          logNormalBelow(t, normal);
          const absent = odd[x] - 0.5 * t * t;
          const ahead = absent - normal[0];
          const small = exp(Math.max(-700, -Math.abs(ahead)));
          const share = (ahead > 0 ? 1 : small) / (1 + small);
          if (odd[x] > -Infinity) total[x & 1] += Math.max(absent, normal[0]) + log1p(small);
          absences[x & 1] += share;
          values[x] = ((1 - share) * normal[1] - share * t) * scales[x];
        }
        doubles(sums, k)[i] += absences[0] + absences[1];
      }
      return total[0] + total[1];
    },
  };
}

/** Even and odd columns apart, as two lanes do. */
function product(x: Float64Array, y: Float64Array): number {
  let [even, odd] = [0, 0];
  for (let c = 0; c < x.length; c += 2) {
    even += x[c] * y[c];
    odd += x[c + 1] * y[c + 1];
  }
  return even + odd;
}

function add(weight: number, values: Float64Array, sums: Float64Array): void {
  for (let x = 0; x < sums.length; x++) sums[x] += weight * values[x];
}

/** One round over the k unknowns of eight columns; how far they moved, summed as four pairs of lanes do. */
function round(
  y: readonly Float64Array[],
  t: readonly Float64Array[],
  g: Float64Array,
  inverse: Float64Array,
  k: number,
  x: number,
): number {
  const steps = new Float64Array(8);
  let [even, odd] = [0, 0];
  for (let i = 0; i < k; i++) {
    for (let lane = 0; lane < 8; lane++) {
      const old = y[i][x + lane];
      const value = old + slopeOf(y, t, g, k, i, x + lane) * inverse[i];
      y[i][x + lane] = value > 0 ? value : 0;
      steps[lane] = Math.abs(y[i][x + lane] - old);
    }
    even += steps[0] + steps[2] + (steps[4] + steps[6]);
    odd += steps[1] + steps[3] + (steps[5] + steps[7]);
  }
  return even + odd;
}

/** t − Gy, unknown i of column x. */
function slopeOf(
  y: readonly Float64Array[],
  t: readonly Float64Array[],
  g: Float64Array,
  k: number,
  i: number,
  x: number,
): number {
  let slope = t[i][x];
  for (let j = 0; j < k; j++) slope -= g[i * k + j] * y[j][x];
  return slope;
}
