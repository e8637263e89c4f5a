import { turns, type WaveArrays } from "./wave-arrays.ts";

/** {@link WaveArrays} without SIMD: one lane of 64 bits, any length. Recursive, smallest prime first (Cooley & Tukey 1965). */
export function plainWaveArrays(rows: number, columns: number): WaveArrays {
  const count = rows * columns;
  const values = new Float64Array(2 * count);
  const held: Float64Array[] = [];
  const tables = [turns(rows), turns(columns)] as const;

  const transformed = (sign: 1 | -1) => {
    for (let r = 0; r < rows; r++) line(values, r * columns, 1, tables[1], sign);
    for (let c = 0; c < columns; c++) line(values, c, columns, tables[0], sign);
  };
  return {
    rows,
    columns,
    lanes: 1,
    values: () => values,
    forward: () => transformed(1),
    inverse: () => transformed(-1),
    factors: (factors, own = false) => ({ address: held.push(factors.slice()) - 1, own }),
    rewrite: ({ address }, factors) => held[address]!.set(factors),
    multiply({ address }) {
      const factors = held[address]!;
      for (let i = 0; i < 2 * count; i += 2) {
        const [re, im] = [values[i]!, values[i + 1]!];
        values[i] = re * factors[i]! - im * factors[i + 1]!;
        values[i + 1] = re * factors[i + 1]! + im * factors[i]!;
      }
    },
  };
}

/** Transforms in place the elements first, first + stride, … of interleaved complex values. */
function line(values: Float64Array, first: number, stride: number, table: Float64Array, sign: 1 | -1): void {
  const n = table.length / 2;
  const from = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) {
    from[2 * i] = values[2 * (first + i * stride)]!;
    from[2 * i + 1] = values[2 * (first + i * stride) + 1]!;
  }
  const to = split(from, table, sign, n);
  for (let i = 0; i < n; i++) {
    values[2 * (first + i * stride)] = to[2 * i]!;
    values[2 * (first + i * stride) + 1] = to[2 * i + 1]!;
  }
}

function split(from: Float64Array, table: Float64Array, sign: 1 | -1, whole: number): Float64Array {
  const n = from.length / 2;
  if (n === 1) return from;
  let radix = 2;
  while (n % radix !== 0) radix++;
  const m = n / radix;
  const parts = Array.from({ length: radix }, (_, j) => {
    const part = new Float64Array(2 * m);
    for (let i = 0; i < m; i++) {
      part[2 * i] = from[2 * (i * radix + j)]!;
      part[2 * i + 1] = from[2 * (i * radix + j) + 1]!;
    }
    return split(part, table, sign, whole);
  });
  const to = new Float64Array(2 * n);
  for (let k = 0; k < n; k++) {
    for (let j = 0; j < radix; j++) {
      const turn = 2 * (((j * k) % n) * (whole / n));
      const [cos, sin] = [table[turn]!, sign * table[turn + 1]!];
      const [re, im] = [parts[j]![2 * (k % m)]!, parts[j]![2 * (k % m) + 1]!];
      to[2 * k]! += re * cos - im * sin;
      to[2 * k + 1]! += re * sin + im * cos;
    }
  }
  return to;
}
