// Keeps our own files (their names carry a hash, so they never change) and one offline page. Pages of people pass through untouched; talks
// a page kept for its person (js/talk/pages.js) are shown when there is no network.
const CACHE = "guanxi-" + "VERSION";
const FILES = ["FILES"];
const HASHED = /^\/static\/.+\.[0-9a-f]{12}\.\w+$/;
const OFFLINE = "/offline";

addEventListener("install", (event) => {
  const hashed = FILES.filter((path) => HASHED.test(path));
  const kept = caches.open(CACHE).then(async (cache) => {
    await cache.add(new Request(OFFLINE, { credentials: "omit", cache: "reload" }));
    await cache.addAll(hashed);
  });
  event.waitUntil(kept.then(() => self.skipWaiting()));
});

addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))));
  event.waitUntil(old.then(() => self.clients.claim()));
});

async function file(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) (await caches.open(CACHE)).put(request, answer.clone());
  return answer;
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (HASHED.test(address.pathname)) event.respondWith(file(request));
  else if (request.mode === "navigate") event.respondWith(fetch(request).catch(async () => (await caches.match(address.pathname, { ignoreSearch: true })) || caches.match(OFFLINE)));
});
