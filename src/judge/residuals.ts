import { combine } from "../algebra/combine.ts";
import { ShapeError } from "../scan/errors.ts";
import { area, type Images, images, item, type Patterns, patterns } from "../scan/scan.ts";
import { type PatternSource, patternBytes, readPatterns, type Watch } from "../scan/source.ts";

const blockBytes = 4 * 2 ** 20;

/** What describes a scan: X ≈ loadingsᵀ · factors. */
export interface Model {
  readonly loadings: Images;
  readonly factors: Patterns;
}

/**
 * How well a model describes each position: ‖data − model‖² ÷ Σ data, which is 1 where nothing but counting noise is left, if the data are
 * electrons. Differences are taken pixel by pixel, so that nothing cancels. One read, block by block.
 *
 * @param source  the scan as it was analysed
 * @param model   loadings and factors
 * @param used    pixels that count, 1 = used; default: all
 * @returns one image; NaN where nothing was counted
 * @throws ShapeError the model is of another size
 * @throws AbortError signal was aborted
 * @example
 * const map = await residualMap(source, { loadings, factors });
 */
export async function residualMap(
  source: PatternSource,
  model: Model,
  used?: Uint8Array,
  { signal, onProgress }: Watch = {},
): Promise<Images> {
  requireSameScan(source, model);
  const [positions, pixels] = [area(source.positions), area(source.pixels)];
  const block = Math.max(1, Math.floor(blockBytes / patternBytes(source)));
  const values = new Float32Array(positions);
  for (let first = 0; first < positions; first += block) {
    signal?.throwIfAborted();
    const count = Math.min(block, positions - first);
    const data = await readPatterns(source, first, count);
    const described = modelAt(model, first, count);
    for (let i = 0; i < count; i++) {
      let [squares, total] = [0, 0];
      for (let pixel = 0, at = i * pixels; pixel < pixels; pixel++, at++) {
        if (used?.[pixel] === 0) continue;
        const difference = data[at] - described[at];
        squares += difference * difference;
        total += data[at];
      }
      values[first + i] = total > 0 ? squares / total : Number.NaN;
    }
    onProgress?.("residual", (first + count) / positions);
  }
  return images(source.positions, values);
}

/**
 * Data, model and what the model leaves, at one position.
 *
 * @param position  row and column of the scan
 * @returns three patterns, in this order
 * @throws ShapeError the model is of another size, or the position outside the scan
 */
export async function residualPatterns(
  source: PatternSource,
  model: Model,
  [row, column]: readonly [number, number],
): Promise<Patterns> {
  requireSameScan(source, model);
  const index = row * source.positions[1] + column;
  if (
    !(row >= 0 && row < source.positions[0] && column >= 0 && column < source.positions[1] && Number.isInteger(index))
  ) {
    throw new ShapeError(
      `residual: expected a position inside ${source.positions.join("×")}, found ${row}, ${column}`,
      {
        expected: source.positions,
        got: [row, column],
      },
    );
  }
  const data = await readPatterns(source, index, 1);
  const described = modelAt(model, index, 1);
  const pixels = data.length;
  const values = new Float32Array(3 * pixels);
  values.set(data);
  values.set(described, pixels);
  for (let i = 0; i < pixels; i++) values[2 * pixels + i] = data[i] - described[i];
  return patterns(source.pixels, values);
}

/** The model of positions first … first + count − 1. */
function modelAt({ loadings, factors }: Model, first: number, count: number): Float32Array {
  const coefficients = new Float64Array(count * loadings.count);
  for (let k = 0; k < loadings.count; k++) {
    const loading = item(loadings, k);
    for (let i = 0; i < count; i++) coefficients[i * loadings.count + k] = loading[first + i];
  }
  return combine(coefficients, factors.values, area(factors.size));
}

function requireSameScan(source: PatternSource, { loadings, factors }: Model): void {
  const fits = loadings.size.join() === source.positions.join() && factors.size.join() === source.pixels.join();
  if (fits && loadings.count === factors.count) return;
  throw new ShapeError(
    `residual: expected a model of ${source.positions.join("×")} positions and ${source.pixels.join("×")} px, found ${loadings.size.join("×")} and ${factors.size.join("×")}`,
    { expected: [source.positions, source.pixels], got: [loadings.size, factors.size] },
  );
}
