import type { Analysis } from "../analyse/analysis.ts";
import type { Mapped } from "../analyse/mapped.ts";
import type { NumberOfClusters } from "../learn/number-of-clusters.ts";
import type { Nmf } from "../learn/results.ts";
import type { Unmixing } from "../learn/unmix.ts";

/**
 * summary.json: the numbers of a run for programs that go on from them. Parts that did not run are absent; numbers that are not
 * finite become null, as JSON has no others. Objectives are Frobenius norms over the data as recorded after alignment.
 */
export function summary(analysis: Analysis): object {
  const { scan, recipe, alignment, svd, rank, ica, nmf, unmix, fcm, gk, warnings, seconds, peakMemoryMiB } = analysis;
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
    ...(nmf && { nmf: { ...factorised(nmf), errorByComponents: nmf.errorByComponents } }),
    ...named(analysis.factorisations, factorised),
    ...(ica && { ica: { iterations: ica.iterations, converged: ica.converged, stability: Array.from(ica.stability) } }),
    ...(unmix && { unmix: unmixed(unmix) }),
    ...named(analysis.unmixings, unmixed),
    ...(fcm && { fcm: clusters(fcm) }),
    ...(gk && { gk: clusters(gk) }),
    ...named(analysis.clusterings, clusters),
    ...(analysis.numberOfClusters && { numberOfClusters: counted(analysis.numberOfClusters) }),
    warnings,
    seconds,
    peakMemoryMiB,
  };
}

/** The numbers of each method, by its name. */
const named = <Found>(
  methods: Readonly<Record<string, Found>> | undefined,
  numbers: (found: Found) => object,
): object => Object.fromEntries(Object.entries(methods ?? {}).map(([name, found]) => [name, numbers(found)]));

const factorised = ({ components, objective, iterations, converged, starts, volume }: Nmf): object => ({
  components,
  objective,
  iterations,
  converged,
  starts,
  ...(volume !== undefined && { volume }),
});

const unmixed = (found: Unmixing): object => ({
  components: found.components,
  method: found.method,
  objective: found.residual,
  noise: found.noise,
  pure: found.pure,
  uncertainty: found.uncertainty,
  freedom: found.freedom,
  assumptions: found.assumptions,
});

const clusters = (found: Mapped): object => ({
  clusters: found.clusters,
  fuzzifier: found.fuzzifier,
  objective: found.objective,
  iterations: found.iterations,
  converged: found.converged,
  partitionCoefficient: found.partitionCoefficient,
  validity: found.validity,
  coincident: found.coincident,
  barycentric: { outside: found.barycentric.outside },
});

const counted = ({ suggested, votes, reason, indices, gap }: NumberOfClusters): object => ({
  suggested,
  votes,
  reason,
  indices,
  gap: { gaps: Array.from(gap.gaps), errors: Array.from(gap.errors), suggested: gap.suggested },
});
