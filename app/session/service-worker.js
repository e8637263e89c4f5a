// Keeps every file of the app, so that it opens without a network. The build fills in which these are.
// A new version is fetched whole before it replaces the old one, and takes over when no window of the old one is open.

const version = __VERSION__;
const files = __FILES__;
const prefix = "endmember-";
const store = `${prefix}${version}`;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(store).then((cache) => cache.addAll(files.map((file) => new Request(file, { cache: "reload" })))),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name.startsWith(prefix) && name !== store))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET" || event.request.headers.has("range")) return;
  const page = event.request.mode === "navigate" ? new URL("./", self.registration.scope).href : event.request;
  event.respondWith(
    caches.open(store).then(async (cache) => (await cache.match(page, { ignoreVary: true })) ?? fetch(event.request)),
  );
});
