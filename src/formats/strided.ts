import type { NumericArray } from "../scan/source.ts";

/** One axis of a part of an array: how many indices, and how far apart their numbers lie in both arrays. */
export interface Stride {
  readonly count: number;
  readonly source: number;
  readonly target: number;
}

/** Copies a part of an array into a part of another one of the same type, whatever the order of their axes. */
export function copyStrided(
  source: NumericArray,
  sourceAt: number,
  target: NumericArray,
  targetAt: number,
  axes: readonly Stride[],
): void {
  copyAxes(source, sourceAt, target, targetAt, merged(axes), 0);
}

/** Axes that follow each other without a gap in both arrays are one longer axis. */
function merged(axes: readonly Stride[]): readonly Stride[] {
  const result: Stride[] = [];
  for (const axis of axes) {
    if (axis.count === 1) continue;
    const before = result.at(-1);
    const { count, source, target } = axis;
    if (before !== undefined && before.source === source * count && before.target === target * count) {
      result[result.length - 1] = { count: before.count * count, source, target };
    } else {
      result.push(axis);
    }
  }
  return result;
}

function copyAxes(
  source: NumericArray,
  sourceAt: number,
  target: NumericArray,
  targetAt: number,
  axes: readonly Stride[],
  depth: number,
): void {
  const { count, source: from, target: to } = axes[depth] ?? { count: 1, source: 1, target: 1 };
  if (depth < axes.length - 1) {
    for (let index = 0; index < count; index++) {
      copyAxes(source, sourceAt + index * from, target, targetAt + index * to, axes, depth + 1);
    }
  } else if (from === 1 && to === 1 && count > 16) {
    target.set(source.subarray(sourceAt, sourceAt + count), targetAt);
  } else {
    for (let index = 0; index < count; index++) target[targetAt + index * to] = source[sourceAt + index * from]!;
  }
}
