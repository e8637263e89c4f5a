import { type Analysis, type MethodResult, methodResults } from "../../../src/index.ts";

/** The methods of an analysis that say what the data should be: those whose maps times patterns are counts. */
export const modelsOf = (analysis: Analysis): readonly MethodResult[] =>
  methodResults(analysis).filter(({ name, names }) => names.image === "loading" && name !== "ica");
