/** Both doors of the library, loaded when a subcommand runs and not before: help must come at once. */
export const library = async () => ({ ...(await import("../src/index.ts")), ...(await import("../src/node.ts")) });
