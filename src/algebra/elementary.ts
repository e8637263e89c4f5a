// Math.exp, Math.log and their like may differ in the last bit from one JavaScript engine to the next, and do: between Node 20 and
// today's browsers, all of them. A recipe promises the same bits anywhere, so what leads to a result is computed with these instead:
// only sums, products, quotients and square roots, which the language defines to the last bit. Errors are of one or two units there.

/** ln 2 in two parts; products of the first with whole numbers below 2²⁰ are exact. */
const [ln2High, ln2Low] = [0.6931471803691238, 1.9082149292705877e-10];
/** π/2 in three parts, likewise. */
const [quarterA, quarterB, quarterC] = [1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21];

const one = new Float64Array(1);
const halves = new Int32Array(one.buffer);
/** Which half of a number holds its exponent. */
const upper = new Uint8Array(Int32Array.of(1).buffer)[0] === 1 ? 1 : 0;

/** 2ⁿ for n from −1022 to 1023. */
function powerOfTwo(n: number): number {
  halves[upper] = (n + 1023) << 20;
  halves[1 - upper] = 0;
  return one[0]!;
}

/** x · 2ⁿ, also where 2ⁿ alone is no number. */
function scaled(x: number, n: number): number {
  if (n > 1023) return x * powerOfTwo(1023) * powerOfTwo(Math.min(1023, n - 1023));
  if (n < -1022) return x * powerOfTwo(-1022) * powerOfTwo(Math.max(-1022, n + 1022));
  return x * powerOfTwo(n);
}

/** 1 ÷ n! for n = 2 … 14. */
const inverseFactorials = Float64Array.from({ length: 15 }, (_, n) => {
  let product = 1;
  for (let i = 2; i <= n; i++) product *= i;
  return 1 / product;
});

/** 2 ÷ n for n = 0 … 23. */
const twiceInverses = Float64Array.from({ length: 24 }, (_, n) => 2 / n);

/** eʳ − 1 for |r| ≤ ½ ln 2, by its series. */
function smallExpm1(r: number): number {
  let sum = inverseFactorials[14]!;
  for (let n = 13; n >= 2; n--) sum = sum * r + inverseFactorials[n]!;
  return r + r * r * sum;
}

/** eˣ. @example exp(0); // 1 */
export function exp(x: number): number {
  if (x > 709.79) return Infinity;
  if (x < -745.2) return 0;
  if (Number.isNaN(x)) return x;
  const n = Math.round(x * Math.LOG2E);
  return scaled(1 + smallExpm1(x - n * ln2High - n * ln2Low), n);
}

/** eˣ − 1, exact for small x. @example expm1(0); // 0 */
export const expm1 = (x: number): number => (Math.abs(x) < 0.34 ? smallExpm1(x) : exp(x) - 1);

/** Natural logarithm; −∞ of 0, NaN of less. @example log(1); // 0 */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : Number.NaN;
  if (x === Infinity) return x;
  let n = 0;
  one[0] = x;
  if (halves[upper]! < 1 << 20) {
    one[0] = x * 2 ** 54;
    n = -54;
  }
  n += (halves[upper]! >> 20) - 1023;
  halves[upper] = (halves[upper]! & 0xfffff) | (1023 << 20);
  let m = one[0];
  if (m > Math.SQRT2) {
    m /= 2;
    n++;
  }
  return n * ln2High + (smallLog1p(m - 1) + n * ln2Low);
}

/** ln(1 + f) for 1 + f from √½ to √2: 2 artanh s with s = f ÷ (2 + f), by its series; arranged so that f itself is not rounded. */
function smallLog1p(f: number): number {
  const s = f / (2 + f);
  const z = s * s;
  let sum = twiceInverses[23]!;
  for (let n = 21; n >= 3; n -= 2) sum = sum * z + twiceInverses[n]!;
  // 2s = f − f·s, and f − s·(f − z·sum).
  return f - s * (f - z * sum);
}

/** ln(1 + x), exact for small x. @example log1p(0); // 0 */
export const log1p = (x: number): number => (x > -0.29 && x < 0.41 ? smallLog1p(x) : log(1 + x));

/** Hyperbolic tangent. @example tanh(0); // 0 */
export function tanh(x: number): number {
  const size = Math.abs(x);
  if (size > 20) return Math.sign(x);
  const rise = expm1(2 * size);
  return (x < 0 ? -rise : rise) / (rise + 2);
}

/** x to the power y, of x ≥ 0; NaN of less. Whole powers up to 8 are products. @example pow(3, 2); // 9 */
export function pow(x: number, y: number): number {
  if (Number.isInteger(y) && y >= 0 && y <= 8) {
    let product = 1;
    for (let i = 0; i < y; i++) product *= x;
    return product;
  }
  if (x === 0) return y > 0 ? 0 : Infinity;
  return exp(y * log(x));
}

/** Sine and cosine of r, |r| ≤ π/4, by their series. */
function smallSine(r: number): number {
  const z = r * r;
  let sum = 0;
  for (let n = 17; n >= 3; n -= 2) sum = (z * (1 - sum)) / (n * (n - 1));
  return r - r * sum;
}

function smallCosine(r: number): number {
  const z = r * r;
  let sum = 0;
  for (let n = 18; n >= 2; n -= 2) sum = (z * (1 - sum)) / (n * (n - 1));
  return 1 - sum;
}

/** Cosine of an angle [rad] of at most some ten thousand turns. @example cos(0); // 1 */
export const cos = (angle: number): number => turned(angle, 1);

/** Sine of an angle [rad] of at most some ten thousand turns. @example sin(0); // 0 */
export const sin = (angle: number): number => turned(angle, 0);

function turned(angle: number, quarters: number): number {
  const n = Math.round(angle * (2 / Math.PI));
  const r = angle - n * quarterA - n * quarterB - n * quarterC;
  switch ((n + quarters) & 3) {
    case 0:
      return smallSine(r);
    case 1:
      return smallCosine(r);
    case 2:
      return -smallSine(r);
    default:
      return -smallCosine(r);
  }
}

/** Arctangent for 0 ≤ t ≤ 1: its argument is halved twice, then its series. */
function smallArctangent(t: number): number {
  const half = t / (1 + Math.sqrt(1 + t * t));
  const quarter = half / (1 + Math.sqrt(1 + half * half));
  const z = quarter * quarter;
  let sum = 0;
  for (let n = 25; n >= 3; n -= 2) sum = z * (1 / n - sum);
  return 4 * (quarter - quarter * sum);
}

/** Angle of the point (x, y) [rad], −π … π. @example atan2(0, 1); // 0 */
export function atan2(y: number, x: number): number {
  const [up, across] = [Math.abs(y), Math.abs(x)];
  if (up === 0 && across === 0) return 0;
  const angle = up <= across ? smallArctangent(up / across) : Math.PI / 2 - smallArctangent(across / up);
  const turned = x < 0 ? Math.PI - angle : angle;
  return y < 0 ? -turned : turned;
}
