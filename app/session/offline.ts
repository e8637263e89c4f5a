/**
 * Lets the app open without a network from now on. Not where `endmember open` serves it: its address is another one each time.
 */
export async function keepOffline(): Promise<void> {
  if (new URLSearchParams(location.search).has("scan") || !("serviceWorker" in navigator)) return;
  // Without it, everything works but for this.
  await navigator.serviceWorker.register(new URL("service-worker.js", document.baseURI)).catch(() => {});
}
