{% load static %}// Shows one page when there is no network. It keeps no data and answers nothing else.
const KEPT = "linyin-offline-1";
const PAGE = "{% url "offline" %}";
const FILES = [PAGE, "{% static "linyin/css/offline.css" %}", "{% static "linyin/img/icon.svg" %}"];

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(KEPT).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting())
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((n) => n !== KEPT).map((n) => caches.delete(n))))
      .then(() => self.clients.claim())
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(PAGE)));
  }
});
