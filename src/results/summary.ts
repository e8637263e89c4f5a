import type { Analysis } from "../analyse/analysis.ts";

/**
 * summary.json: the numbers of a run for programs that go on from them. Parts that did not run are absent; numbers that are not
 * finite become null, as JSON has no others. Objectives are Frobenius norms over the data as recorded after alignment.
 */
export function summary(analysis: Analysis): object {
  const { scan, recipe, alignment, svd, rank, nmf, fcm, warnings, seconds, peakMemoryMiB } = analysis;
  return {
    endmember: recipe.endmember,
    scan: {
      name: scan.name,
      format: scan.format,
      positions: scan.positions,
      pixels: scan.pixels,
      analysedPixels: scan.analysedPixels,
      dtype: scan.dtype,
      axes: scan.axes,
    },
    ...(alignment && {
      alignment: {
        centre: alignment.centre,
        radius: alignment.radius,
        plane: alignment.plane,
        repaired: alignment.repaired.reduce((sum, mark) => sum + mark, 0),
      },
    }),
    ...(svd && {
      svd: {
        singularValues: Array.from(svd.singularValues),
        explained: Array.from(svd.explained),
        total: svd.total,
        reads: svd.reads,
      },
    }),
    ...(rank && { rank: { suggested: rank.suggested, votes: rank.votes, reason: rank.reason } }),
    ...(nmf && {
      nmf: {
        components: nmf.components,
        objective: nmf.objective,
        iterations: nmf.iterations,
        converged: nmf.converged,
        starts: nmf.starts,
        errorByComponents: nmf.errorByComponents,
      },
    }),
    ...(fcm && {
      fcm: {
        clusters: fcm.clusters,
        fuzzifier: fcm.fuzzifier,
        objective: fcm.objective,
        iterations: fcm.iterations,
        converged: fcm.converged,
        partitionCoefficient: fcm.partitionCoefficient,
        coincident: fcm.coincident,
      },
    }),
    warnings,
    seconds,
    peakMemoryMiB,
  };
}
