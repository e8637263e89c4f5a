// Two-dimensional Fourier transforms of several complex arrays on one thread against SciPy's, and the time of a slice of the multislice.
import { simdWaveArrays } from "../dist/src/algebra/wave-arrays.js";
import { inPairs, timed, times } from "./pairs.mjs";
import { hasPeer, peer } from "./peer.mjs";

export async function measure({ repeats, short }) {
  const scipy = hasPeer("scipy.fft") ? await peer(1, "fft") : undefined;
  const rows = [];
  for (const [height, width] of short
    ? [[12, 10]]
    : [
        [36, 108],
        [64, 64],
        [128, 128],
        [256, 256],
        [512, 512],
      ]) {
    // As many arrays as fill a tenth of a second, so that the question to the peer costs nothing.
    const batch = short ? 4 : Math.max(4, Math.round(6e6 / (height * width) / 4) * 4);
    for (const bits of [64, 32]) {
      const waves = simdWaveArrays(height, width, bits);
      waves.values().fill(0.5);
      const sheet = waves.factors(new Float64Array(2 * height * width).fill(Math.SQRT1_2));
      const own = waves.factors(
        new Float64Array(2 * waves.lanes * height * width).fill(Math.SQRT1_2 / (height * width)),
        true,
      );
      const work = {
        transforms() {
          for (let i = 0; i < batch; i += waves.lanes) {
            waves.forward();
            // Nothing is scaled, so numbers would grow without end.
            if (i % (4 * waves.lanes) === 0) waves.values().fill(0.5);
          }
        },
        slices() {
          for (let i = 0; i < batch; i += waves.lanes) {
            waves.inverse();
            waves.multiply(sheet);
            waves.forward();
            waves.multiply(own);
          }
          waves.values().fill(0.5);
        },
      };
      for (const [name, what] of [
        ["transforms", "transform"],
        ["slices", "slice"],
      ]) {
        const theirs =
          scipy && (async () => (await scipy.ask(name, { rows: height, columns: width, batch, bits })).seconds * 1e3);
        const found = await inPairs(repeats, () => timed(() => work[name]()), theirs);
        const each = (ms) => times(ms, 1e3 / batch);
        rows.push([
          `${height}×${width}, ${bits} bits, one ${what}`,
          each(found.ours) ?? null,
          each(found.theirs) ?? null,
          found.ratio ?? null,
        ]);
      }
    }
  }
  scipy?.close();
  return {
    title: "Fourier transforms",
    columns: ["work", "endmember, µs", "peer, µs", "times as fast"],
    rows,
    notes: [
      `One thread. A slice is two transforms and two products with a complex array${scipy ? `; the peer is scipy.fft ${scipy.versions.scipy}, many arrays in one call, in place` : ""}.`,
    ],
  };
}
