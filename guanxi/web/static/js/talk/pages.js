// Talks stay readable without a network: the list and the last fifty conversations, kept as pages for one person and one company.
// The worker shows them (sw.js). Who acts for another company, or is somebody else, finds none.
import { PAGES, wipePages } from "../wipe.js";
import { data } from "./data.js";
import * as wire from "./wire.js";

const NAME = `${PAGES}${data.person}-${data.company || ""}`;
const MOST = 50;
const QUIET = 3000; // after the last entry, before its page is fetched
const BETWEEN = 400; // one page after the other: never in the way of what somebody does
const HEAD = "X-Head";
const LIST = "/m";
const due = new Map(); // address -> head it should have

const wanted = () => "caches" in globalThis && navigator.onLine && !navigator.connection?.saveData;
const later = (wait) => new Promise((resolve) => setTimeout(resolve, wait));

async function keep(cache, address, head) {
  const old = await cache.match(address);
  if (old && head && old.headers.get(HEAD) === head) return;
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const html = (await answer.text()).replace("<html ", `<html data-kept="${new Date().toISOString()}" `);
  const headers = { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": answer.headers.get("Content-Security-Policy") || "", [HEAD]: head };
  await cache.put(address, new Response(html, { headers }));
}

// The cache lists what was put last at its end.
async function letGo(cache) {
  const talks = (await cache.keys()).filter((request) => new URL(request.url).pathname !== LIST);
  await Promise.all(talks.slice(0, Math.max(0, talks.length - MOST)).map((request) => cache.delete(request)));
}

let busy = false;
async function work() {
  if (busy || !wanted()) return;
  busy = true;
  try {
    const cache = await caches.open(NAME);
    for (let next; (next = due.entries().next().value) && navigator.onLine; await later(BETWEEN)) {
      due.delete(next[0]);
      await keep(cache, ...next);
    }
    await letGo(cache);
  } catch {
    // no room, or the line went: what is kept stays as it is
  }
  busy = false;
}

let waits = 0;
function soon() {
  clearTimeout(waits);
  waits = setTimeout(work, QUIET);
}

// Oldest first, so that the newest is put last and stays longest.
function everything() {
  const rows = [...document.querySelectorAll("[data-row][data-head]")].slice(0, MOST).reverse();
  for (const row of rows) due.set(`/c/${row.dataset.row}`, row.dataset.head);
  if (data.conversation) due.set(`/c/${data.conversation}`, String(data.head));
  due.set(LIST, "");
  soon();
}

function changed(conversation, seq) {
  due.set(`/c/${conversation}`, String(seq));
  due.set(LIST, "");
  soon();
}

export function start() {
  wipePages(NAME);
  wire.on("open", everything);
  wire.on("entry", (frame) => changed(frame.c, frame.seq));
  wire.on("head", (frame) => changed(frame.c, frame.seq));
  wire.on("ack", (frame) => changed(frame.c, frame.seq));
  wire.on("gone", (frame) => "caches" in globalThis && caches.open(NAME).then((cache) => cache.delete(`/c/${frame.c}`)));
}
