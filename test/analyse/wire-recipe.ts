import { defaultRecipe } from "../../src/index.ts";

/** Three components of a wire that comes from no file, everything else as by default. */
export const wireRecipe = {
  endmember: "0",
  input: { file: "wire", sha256: "0".repeat(64), bytes: 1 },
  open: {},
  ...defaultRecipe,
  components: 3,
} as const;
