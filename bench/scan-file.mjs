// The scan of the benchmarks: spot patterns that follow one another along the columns, with overlap, on a background; Poisson counts.
import { closeSync, openSync, writeSync } from "node:fs";

/**
 * Writes a 4-D .npy file of u8 counts, row by row, so that no more than a row is in memory.
 *
 * @param path        file to write
 * @param positions   [rows, columns]
 * @param pixels      [rows, columns]
 * @param components  patterns, default 3
 * @param seed        default 7
 */
export function writeScan(path, positions, pixels, components = 3, seed = 7) {
  const p = pixels[0] * pixels[1];
  const random = seeded(seed);
  const patterns = Array.from({ length: components }, () => spots(pixels, random));
  const counts = poisson(random);
  const file = openSync(path, "w");
  writeSync(file, header([...positions, ...pixels]));
  // Positions of a column share their expected pattern.
  const expected = Array.from({ length: positions[1] }, (_, column) => {
    const x = (components * (column + 0.5)) / positions[1];
    const weights = patterns.map((_, k) => Math.max(0, 1 - Math.abs(x - k - 0.5)));
    const sum = weights.reduce((a, b) => a + b);
    return Float32Array.from({ length: p }, (_, j) =>
      weights.reduce((total, weight, k) => total + (weight / sum) * patterns[k][j], 0),
    );
  });
  const row = new Uint8Array(positions[1] * p);
  for (let r = 0; r < positions[0]; r++) {
    for (let c = 0; c < positions[1]; c++) for (let j = 0; j < p; j++) row[c * p + j] = counts(expected[c][j]);
    writeSync(file, row);
  }
  closeSync(file);
}

/** 24 spots in counts, on a background of 2. */
function spots([rows, columns], random) {
  const pattern = new Float32Array(rows * columns).fill(2);
  for (let spot = 0; spot < 24; spot++) {
    const [r0, c0, height] = [random() * rows, random() * columns, 20 + 120 * random()];
    for (let r = Math.max(0, Math.floor(r0 - 9)); r < Math.min(rows, r0 + 9); r++)
      for (let c = Math.max(0, Math.floor(c0 - 9)); c < Math.min(columns, c0 + 9); c++)
        pattern[r * columns + c] += height * Math.exp(-((r - r0) ** 2 + (c - c0) ** 2) / 8);
  }
  return pattern;
}

/** Poisson counts up to 255: by inverted distribution functions below 32, in steps of 1/16 of the mean; normal above. */
function poisson(random) {
  const steps = 16;
  const tables = Array.from({ length: 32 * steps }, (_, step) => {
    const mean = (step + 0.5) / steps;
    const table = new Uint8Array(4096);
    let [count, term] = [0, Math.exp(-mean)];
    let below = term;
    for (let i = 0; i < 4096; i++) {
      while (below < (i + 0.5) / 4096 && count < 255) below += term *= mean / ++count;
      table[i] = count;
    }
    return table;
  });
  return (mean) => {
    if (mean < 32) return tables[Math.floor(mean * steps)][Math.floor(random() * 4096)];
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.max(0, Math.min(255, Math.round(mean + Math.sqrt(mean) * normal)));
  };
}

function header(shape) {
  const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(", ")}), }`;
  return Buffer.from(`\x93NUMPY\x01\x00\x76\x00${text.padEnd(117, " ")}\n`, "latin1");
}

/** Numbers in [0, 1), the same everywhere. */
export function seeded(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
