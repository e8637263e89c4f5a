import { exp, log } from "./elementary.ts";
/** A stream of seeded random numbers: the same on every machine and in every engine. */
export interface Random {
  /** Evenly distributed in [0, 1), in steps of 2⁻³². */
  uniform(): number;
  /** Normally distributed, mean 0, standard deviation 1. */
  normal(): number;
  /** An integer 0 … n − 1, every one as likely; n is 1 … 2³². */
  integer(n: number): number;
  /** A count with the given mean, ≥ 0. */
  poisson(mean: number): number;
}

/**
 * Random numbers from an integer seed, by xoshiro128** with its state filled by splitmix32.
 *
 * Only +, −, ×, ÷ and integer operations form the numbers themselves; `Math.log` and `Math.exp`, whose last bit may
 * differ between JavaScript engines, only decide whether a number is accepted. So two machines disagree with a
 * probability of about 10⁻¹⁶ per number, in practice never.
 *
 * @param seed    integer; only its low 32 bits count
 * @param stream  integer, default 0: another stream of the same seed, so that positions can draw independently of order
 * @see Blackman & Vigna, ACM Trans. Math. Softw. 47 (2021) 36 (xoshiro)
 * @see Leva, ACM Trans. Math. Softw. 18 (1992) 449 (normal)
 * @see Hörmann, Insurance Math. Econom. 12 (1993) 39, algorithm PTRS (poisson, mean ≥ 10)
 * @example
 * const { uniform, normal } = random(1);
 */
export function random(seed: number, stream = 0): Random {
  const fill = splitmix32(scrambled(seed) ^ Math.imul(scrambled(stream) + 1, 0x9e3779b1));
  let a = fill();
  let b = fill();
  let c = fill();
  let d = fill() | 1; // the state may not be all zero

  function next(): number {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result >>> 0;
  }

  const uniform = () => next() * 2 ** -32;

  function normal(): number {
    // Ratio of uniforms: v/u is normal where (u, v) lies in 0 < u ≤ exp(−(v/u)²/4); the two quadratics decide nearly always.
    for (;;) {
      const u = (next() + 1) * 2 ** -32;
      const v = 1.7156 * ((next() + 0.5) * 2 ** -32 - 0.5);
      const x = u - 0.449871;
      const y = Math.abs(v) + 0.386595;
      const q = x * x + y * (0.196 * y - 0.25472 * x);
      if (q < 0.27597) return v / u;
      if (q <= 0.27846 && v * v <= -4 * log(u) * u * u) return v / u;
    }
  }

  function integer(n: number): number {
    // Rejecting the incomplete last round keeps every integer exactly as likely.
    const limit = 2 ** 32 - (2 ** 32 % n);
    for (;;) {
      const value = next();
      if (value < limit) return value % n;
    }
  }

  function poisson(mean: number): number {
    if (!(mean > 0)) return 0;
    return mean < 10 ? poissonByInversion(mean, uniform) : poissonByRejection(mean, uniform);
  }

  return { uniform, normal, integer, poisson };
}

function poissonByInversion(mean: number, uniform: () => number): number {
  let left = uniform();
  let probability = exp(-mean);
  let count = 0;
  // Beyond 100 the probabilities (mean < 10) are below the steps of the uniform number.
  while (left >= probability && count < 100) {
    left -= probability;
    count++;
    probability *= mean / count;
  }
  return count;
}

function poissonByRejection(mean: number, uniform: () => number): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const quick = 0.9277 - 3.6224 / (b - 2);
  const logMean = log(mean);
  for (;;) {
    const u = uniform() - 0.5;
    const v = uniform();
    const s = 0.5 - Math.abs(u);
    const count = Math.floor(((2 * a) / s + b) * u + mean + 0.43);
    if (s >= 0.07 && v <= quick) return count;
    if (count < 0 || (s < 0.013 && v > s)) continue;
    if (log((v * inverseAlpha) / (a / (s * s) + b)) <= count * logMean - mean - logFactorial(count)) return count;
  }
}

/** ln n!, exact sums below 16, Stirling's series above (error < 10⁻¹⁰). */
function logFactorial(n: number): number {
  if (n < 16) {
    let product = 1;
    for (let i = 2; i <= n; i++) product *= i;
    return log(product);
  }
  const x = n + 1;
  const inverse = 1 / (x * x);
  return (
    (x - 0.5) * log(x) -
    x +
    0.9189385332046727 + // ln √(2π)
    (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / x
  );
}

/** Steele, Lea & Flood, OOPSLA 2014: spreads one integer over as many as are needed. */
function splitmix32(start: number): () => number {
  let state = start | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    return scrambled(state);
  };
}

/** MurmurHash3's finaliser: neighbouring integers become unrelated. */
function scrambled(integer: number): number {
  let z = integer | 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return z ^ (z >>> 16);
}
