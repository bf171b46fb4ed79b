// Keeps the files of one build in the browser, so that the page opens without a network. A new build has other file
// names and another list: the browser then fetches those, and the old ones go once no page uses them.

/** @typedef {{ name: string, files: string[] }} Build */

const worker = /** @type {any} */ (self);

/** @type {Build} */
const build = worker.BUILD;

const store = async () => {
  const cache = await caches.open(build.name);
  await cache.addAll(build.files);
};

const dropOldBuilds = async () => {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== build.name).map((name) => caches.delete(name)));
};

/**
 * Answer from what is stored; every address of the page itself is the page, whatever run it names.
 * @param {Request} request
 */
async function answer(request) {
  const cache = await caches.open(build.name);
  const stored = await cache.match(request.mode === "navigate" ? "./" : request, { ignoreSearch: true });
  return stored ?? fetch(request);
}

worker.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(store()));
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(dropOldBuilds()));
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  if (request.method === "GET" && request.url.startsWith(worker.registration.scope)) event.respondWith(answer(request));
});
