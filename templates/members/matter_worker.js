/* 登记来访的离线页：只管这一页和它的样式、脚本、图，别的请求照常走网络。每一次发出由页面自己做，这里不存任何登记内容。 */
"use strict";
const FACTS = {{ facts|safe }};
const CACHE = `matters-${FACTS.version}`;
const SLOW = 5000;   // 毫秒：有一格信号也不干等

async function keepPage(cache) {
  const answer = await fetch(FACTS.page, { credentials: "same-origin", cache: "no-store" });
  if (answer.ok && !answer.redirected) await cache.put(FACTS.page, answer);
}

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(FACTS.assets);
    await keepPage(cache).catch(() => {});
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("matters-") && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  })());
});

/* 先问网络，等不及或连不上就用存着的；网络给的存下来。 */
async function freshOrKept(request, key, wait) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(key);
  const online = fetch(request).then(async (answer) => {
    if (answer.ok && answer.type === "basic" && !answer.redirected) await cache.put(key, answer.clone());
    return answer;
  });
  if (!kept) return online;
  const late = new Promise((resolve) => setTimeout(() => resolve(kept), wait));
  return Promise.race([online.catch(() => kept), late]);
}

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname === FACTS.page) event.respondWith(url.search ? fetch(request).catch(() => caches.match(FACTS.page)) : freshOrKept(request, FACTS.page, SLOW));
  else if (FACTS.assets.includes(url.pathname)) event.respondWith(freshOrKept(request, url.pathname, SLOW / 3));
});
