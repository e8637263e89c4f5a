import { regionMeanPattern } from "../imaging/mean-pattern.ts";
import { svd } from "../learn/svd.ts";
import { DataError, ShapeError } from "../scan/errors.ts";
import { area, item } from "../scan/scan.ts";
import { onWire } from "./on-wire.ts";
import type { WireScan } from "./wire-scans.ts";
import { brightestSpots } from "./wire-spots.ts";

/** Positions and spots of which Figs 1 to 4 can make anything. */
const [fewestPositions, fewestSpots] = [25, 4];

/**
 * Refuses a scan in which two crystals and a background cannot be told apart: what Figs 1 to 4 are about.
 *
 * @throws ShapeError  fewer than 25 positions, or one row or column only
 * @throws DataError   fewer than three patterns vary independently, or fewer than four spots are seen outside the direct beam
 */
export async function checkOwnScan(wire: WireScan): Promise<void> {
  const { scan, source } = wire;
  const about = "Figs 1 to 4 need two crystals and a background, and their spots";
  if (area(scan.positions) < fewestPositions || Math.min(...scan.positions) < 3) {
    throw new ShapeError(
      `${source.name}: expected at least 3 × 3 and ${fewestPositions} positions, found ${scan.positions.join(" × ")}; ${about}`,
      { expected: fewestPositions, got: scan.positions },
    );
  }
  const { singularValues } = await svd(scan, { components: 3, seed: 1 });
  const vary = [...singularValues].filter((value) => value > 1e-5 * singularValues[0]!).length;
  if (vary < 3) {
    throw new DataError(
      `${source.name}: expected at least 3 patterns that vary independently, found ${vary}; ${about}`,
      {},
    );
  }
  const bright = await regionMeanPattern(scan, onWire(wire));
  const spots = brightestSpots(item(bright, 0), bright.size, wire, fewestSpots);
  if (spots.length < fewestSpots) {
    throw new DataError(
      `${source.name}: expected at least ${fewestSpots} spots outside the direct beam, found ${spots.length}; ${about}`,
      {},
    );
  }
}
