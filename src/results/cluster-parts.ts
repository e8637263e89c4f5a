import type { Analysis } from "../analyse/analysis.ts";
import type { Clustering } from "../learn/results.ts";
import type { MethodResult } from "./methods.ts";

/** What fuzzy clusterings have in common. */
export const clusterParts = (
  found: Clustering,
  recipe: Analysis["recipe"],
): Pick<MethodResult, "patterns" | "images" | "names" | "signed" | "imageRange" | "facts"> => ({
  patterns: found.centres,
  images: found.memberships,
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
    ["iterations", found.iterations],
    ["converged", found.converged ? "yes" : "no: the result is where it stopped"],
    ...(found.coincident.length > 0
      ? ([["coincident centres", found.coincident.map(([a, b]) => `${a + 1} and ${b + 1}`).join(", ")]] as const)
      : []),
  ],
});
