import { servedLocally } from "./served.ts";

/** Lets the app open without a network from now on. Not where `endmember open` serves it. */
export async function keepOffline(): Promise<void> {
  if (servedLocally() || !("serviceWorker" in navigator)) return;
  // Without it, everything works but for this.
  await navigator.serviceWorker.register(new URL("service-worker.js", document.baseURI)).catch(() => {});
}
