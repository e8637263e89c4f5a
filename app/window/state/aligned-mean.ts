import { area, type Images, images, type Size } from "../../../src/index.ts";
import type { Session } from "../../session/session.ts";

/** Most distinct shifts of which mean patterns are asked for in one read. */
const mostShifts = 400;

/**
 * The mean pattern of positions after alignment: the mean of those of each shift, moved by it. One read for all.
 *
 * @param pixels     of the detector
 * @param shifts     whole px, rows and columns over the scan
 * @param positions  1 = counts; default: all
 * @returns one pattern, NaN where no position recorded the pixel; undefined where there are too many shifts, or no position
 */
export async function meanOfAligned(
  session: Pick<Session, "meanOf">,
  [rows, columns]: Size,
  shifts: Images,
  positions?: Uint8Array,
): Promise<Float32Array | undefined> {
  const count = area(shifts.size);
  const groups = new Map<string, number[]>();
  for (let i = 0; i < count; i++) {
    if (positions?.[i] === 0) continue;
    const key = `${shifts.values[i]},${shifts.values[count + i]}`;
    const group = groups.get(key);
    if (group) group.push(i);
    else groups.set(key, [i]);
  }
  if (groups.size === 0 || groups.size > mostShifts) return undefined;
  const weights = new Float32Array(groups.size * count);
  for (const [g, members] of [...groups.values()].entries()) for (const i of members) weights[g * count + i] = 1;
  const means = await session.meanOf(images(shifts.size, weights));

  const sum = new Float64Array(rows * columns);
  const counted = new Float64Array(rows * columns);
  for (const [g, [key, members]] of [...groups].entries()) {
    const [down, right] = key.split(",").map(Number);
    for (let r = Math.max(0, -down); r < Math.min(rows, rows - down); r++) {
      for (let c = Math.max(0, -right); c < Math.min(columns, columns - right); c++) {
        sum[r * columns + c] += members.length * means.values[(g * rows + r + down) * columns + c + right];
        counted[r * columns + c] += members.length;
      }
    }
  }
  return Float32Array.from(sum, (value, i) => value / counted[i]);
}
