import type { Analysis } from "../analyse/analysis.ts";
import type { Mapped } from "../analyse/mapped.ts";
import { significant } from "../figures/typography.ts";
import type { MethodResult } from "./methods.ts";

/** What fuzzy clusterings have in common. */
export const clusterParts = (
  found: Mapped,
  recipe: Analysis["recipe"],
): Pick<MethodResult, "patterns" | "images" | "barycentric" | "names" | "signed" | "imageRange" | "facts"> => ({
  patterns: found.centres,
  images: found.memberships,
  barycentric: found.barycentric.maps,
  names: { pattern: "centre", image: "membership" },
  signed: false,
  imageRange: [0, 1],
  facts: [
    ["clusters", found.clusters],
    ["fuzzifier", found.fuzzifier],
    ["loadings", recipe.loadings === "scaled" ? "scaled by singular values" : "unit norm"],
    ["objective Σ uᵐd²", found.objective],
    ["partition coefficient (1 is crisp)", found.validity.partitionCoefficient],
    ["partition entropy (0 is crisp)", found.validity.partitionEntropy],
    ["Xie–Beni (low is good)", found.validity.xieBeni],
    ["Fukuyama–Sugeno (low is good)", found.validity.fukuyamaSugeno],
    ["fuzzy silhouette (1 is best)", found.validity.fuzzySilhouette],
    ...outside(found),
    ["iterations", found.iterations],
    ["converged", found.converged ? "yes" : "no: the result is where it stopped"],
    ...(found.coincident.length > 0
      ? ([["coincident centres", found.coincident.map(([a, b]) => `${a + 1} and ${b + 1}`).join(", ")]] as const)
      : []),
  ],
});

/** How far positions are from any mixture of the centres; nothing where there is but one centre. */
function outside({ barycentric }: Mapped): MethodResult["facts"] {
  const { median, largest } = barycentric.outside;
  const share = (ratio: number): string => `${significant(100 * ratio, 2)} %`;
  return Number.isFinite(median)
    ? [
        [
          "distance from mixtures of the centres",
          `${share(median)} (median), ${share(largest)} (largest) of the distance between centres`,
        ],
      ]
    : [];
}
