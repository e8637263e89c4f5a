import * as z from "zod";
import { FormatError } from "../scan/errors.ts";
import { methods, type Recipe } from "./recipe.ts";

const count = z.int().min(1);

const runs = z.readonly(z.array(z.int().min(0)));

const stack = z.strictObject({ count, size: z.readonly(z.tuple([count, count])), values: z.base64() });

const axis = z.strictObject({ name: z.string(), step: z.number(), unit: z.string(), origin: z.number() });
const axisPair = z.readonly(z.tuple([axis, axis]));

const ica = z.strictObject({
  of: z.enum(["patterns", "maps"]).optional(),
  differences: z.boolean().optional(),
  algorithm: z.enum(["parallel", "deflation"]).optional(),
  contrast: z.enum(["logcosh", "exp", "cube"]).optional(),
});

const recipe = z.strictObject({
  endmember: z.string(),
  input: z.strictObject({ file: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.int().min(0) }),
  open: z.strictObject({
    shape: z.readonly(z.tuple([count, count])).optional(),
    dataset: z.string().optional(),
    raw: z
      .strictObject({
        dtype: z.enum(["u8", "i8", "u16", "i16", "u32", "i32", "f32", "f64"]),
        bigEndian: z.boolean(),
        shape: z.readonly(z.tuple([count, count, count, count])),
        offset: z.int().min(0),
      })
      .optional(),
    allowIncomplete: z.boolean().optional(),
  }),
  masks: z.strictObject({ positions: runs.optional(), pixels: runs.optional() }).optional(),
  axes: z.strictObject({ positions: axisPair, pixels: axisPair }).optional(),
  align: z.enum(["whole-pixel", "none"]),
  edge: z.enum(["crop", "fill"]),
  methods: z.readonly(z.array(z.enum(methods)).min(1)),
  components: z.union([count, z.literal("auto")]),
  clusters: z.union([count, z.literal("auto")]),
  fuzzifier: z.number().gt(1),
  loadings: z.enum(["scaled", "unit"]),
  centred: z.boolean(),
  seed: z.int().min(0),
  rank: count,
  ica: ica.optional(),
  sparsity: z.number().gt(0).lt(1).optional(),
  sparse: z.enum(["maps", "patterns"]).optional(),
  sum: z.enum(["one", "at most one"]).optional(),
  volume: z.number().min(0).optional(),
  contrast: z.number().min(0).lt(1).optional(),
  fixed: z.strictObject({ patterns: stack.optional(), maps: stack.optional() }).optional(),
});

/**
 * Reads a recipe.json. Strict: a misspelt field is an error and not a default.
 *
 * @param text  the JSON
 * @param file  its name, for messages
 * @throws FormatError  no JSON, a field that is missing, unknown or out of range (names it)
 * @example
 * const text = JSON.stringify({
 *   ...defaultRecipe,
 *   endmember: "0.1.0",
 *   open: {},
 *   input: { file: "scan.blo", sha256: "0".repeat(64), bytes: 12 },
 * });
 * const recipe = parseRecipe(text, "recipe.json");
 */
export function parseRecipe(text: string, file: string): Recipe {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new FormatError(`${file}: expected a recipe in JSON, found ${(error as Error).message}`, { file }, error);
  }
  const result = recipe.safeParse(json);
  if (result.success) return result.data as Recipe;
  const faults = result.error.issues.map(({ path, message }) => `${path.join(".") || "recipe"}: ${message}`);
  throw new FormatError(
    `${file}: expected a recipe as analyse writes it, found ${faults.join("; ")}; correct it, or run without --recipe`,
    { file },
    result.error,
  );
}
