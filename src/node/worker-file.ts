/**
 * Address of a worker's file beside this one, by its name without ending.
 *
 * Node 20 cannot start a worker from TypeScript: tests on the sources use the built worker.
 */
export const workerFile = (name: string): URL =>
  import.meta.url.endsWith(".ts")
    ? new URL(`../../dist/src/node/${name}.js`, import.meta.url)
    : new URL(`./${name}.js`, import.meta.url);
