import type { Analysis, Method } from "../../../src/index.ts";

/** What the methods that describe the data are called here. */
export const modelNames: Readonly<Record<string, string>> = {
  unmix: "Unmixing",
  nmf: "NMF",
  svd: "SVD",
  ica: "ICA",
  fcm: "Fuzzy clusters",
  gk: "Elliptic clusters",
};

/** The methods of an analysis that say what the data should be: those whose maps times patterns are counts. */
export const modelsOf = (analysis: Analysis): readonly Method[] =>
  (["unmix", "nmf", "svd"] as const).filter((method) => analysis[method] !== undefined);
