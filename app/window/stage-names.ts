const names: Readonly<Record<string, string>> = {
  read: "reading",
  align: "finding the direct beam",
  image: "imaging",
  svd: "singular values",
  rank: "how many components",
  ica: "independent components",
  nmf: "non-negative factors",
  unmix: "unmixing",
  fcm: "fuzzy clusters",
  gk: "elliptic clusters",
  edge: "filling the edge",
  files: "writing files",
  figures: "drawing figures",
  residual: "residual",
};

/** A stage of the main job in words. */
export const stageName = (stage: string): string => names[stage] ?? stage;
