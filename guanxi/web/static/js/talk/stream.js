// The stream: entries by seq without double or gap, days between them, the newest below, far ones let go.
import { icon, make, w } from "../words.js";
import { at, data, here, part } from "./data.js";
import { file, notice } from "./entry.js";
import * as quote from "./quote.js";
import { erase } from "./recall.js";
import * as sending from "./send.js";
import * as wire from "./wire.js";

const MOST_NODES = 960; // of the whole page
const LEAST_ENTRIES = 12;
const stream = document.getElementById("stream");
const main = document.getElementById("main");
const pill = document.getElementById("below");
let last = 0; // everything up to here is on the page or above it
let head = data.head;
let read = data.read;
let otherRead = data.otherRead;
let pulling = null;
let missed = 0;
const above = { more: stream.hasAttribute("data-more-above"), busy: false };
const below = { more: stream.hasAttribute("data-more-below"), busy: false };

const entries = () => stream.querySelectorAll("[data-seq]");
const seqOf = (node) => Number(node.dataset.seq);
const nodes = () => document.getElementsByTagName("*").length;
const atBottom = () => main.scrollHeight - main.scrollTop - main.clientHeight < 120;
const toBottom = () => (main.scrollTop = main.scrollHeight);

// ---- putting in ----

function place(node) {
  const seq = seqOf(node);
  if (document.getElementById(`e${seq}`)) return false;
  let before = null;
  for (let other = stream.lastElementChild; other; other = other.previousElementSibling) {
    if (other.dataset.key && !other.dataset.seq) before = other;
    else if (other.dataset.seq) {
      if (seqOf(other) < seq) break;
      before = other;
    }
  }
  stream.insertBefore(node, before);
  window.htmx?.process(node);
  return true;
}

function days() {
  let day = "";
  for (const node of [...stream.children]) {
    if (node.classList.contains("day") && node.dataset.day) {
      if (node.dataset.day === day) node.remove();
      else day = node.dataset.day;
    } else if (node.dataset.day && node.dataset.day !== day) {
      day = node.dataset.day;
      stream.insertBefore(make("p", { class: "day", "data-day": day }, node.dataset.dayWords || w("talkToday")), node);
    }
  }
}

function tidy({ keep }) {
  const end = keep === "below" ? above : below;
  while (nodes() > MOST_NODES) {
    const list = entries();
    if (list.length <= LEAST_ENTRIES) break;
    const node = keep === "below" ? list[0] : list[list.length - 1];
    const sibling = keep === "below" ? node.previousElementSibling : node.nextElementSibling;
    if (sibling?.classList.contains("day")) sibling.remove();
    node.remove();
    end.more = true;
  }
  if (keep === "above" && below.more) last = Math.max(0, ...[...entries()].map(seqOf));
  days();
}

// Something else on the page grew: the stream gives way at the end one does not look at.
export function fit() {
  const stay = !atBottom();
  tidy({ keep: stay && main.scrollTop < main.scrollHeight / 2 ? "above" : "below" });
  if (!stay) toBottom();
}

function add(found) {
  stream.querySelector("[data-empty]")?.remove();
  const put = found.filter((node) => node.dataset.seq && place(node));
  days();
  for (const node of put) if (node.dataset.recalls) erase(node.dataset.recalls);
  return put;
}

// ---- from the wire ----

function arrived(frame) {
  if (!here(frame.c)) return;
  head = Math.max(head, frame.seq);
  if (below.more) return belowWaits(1);
  if (frame.seq <= last) return;
  if (frame.seq > last + 1) return pull();
  const node = draw(frame);
  if (!node) return pull();
  const stay = !atBottom();
  last = frame.seq;
  add([node]);
  settle(stay, node.hasAttribute("data-own") || node.hidden ? 0 : 1);
  if (frame.kind === "notice") refresh(); // a take-over, a group's name or announcement
}

function draw(frame) {
  if (frame.kind === "text") return text(frame);
  if (frame.kind === "recall") return make("p", { hidden: "", id: `e${frame.seq}`, "data-seq": frame.seq, "data-day": today(frame.at), "data-recalls": frame.body.seq });
  if (["recalled", "forward", "voice"].includes(frame.kind)) return null; // drawn by the server
  if (frame.kind === "notice") return notice(frame);
  return bubble(frame, file(frame));
}

// A text that answers something not on this page is drawn by the server.
function text(frame) {
  const said = frame.body.reply && quote.said(frame.body.reply);
  if (frame.body.reply && !said) return null;
  return bubble(frame, make("p", { class: "bubble", dir: "auto" }, ...(said ? [quote.draw(frame.body.reply, said)] : []), frame.body.text));
}

export function bubble(frame, inside) {
  const own = frame.by.person === data.person;
  const mine = own || (Boolean(frame.by.company) && frame.by.company === data.ourCompany);
  const node = make("div", { class: `entry${mine ? " is-mine" : ""}`, id: `e${frame.seq}`, "data-seq": frame.seq, "data-day": today(frame.at), "data-at": frame.at });
  if (own) node.setAttribute("data-own", "");
  if (!mine) node.append(face(frame.by));
  if (!own) node.append(make("span", { class: data.kind === "group" ? "entry-name" : "visually-hidden" }, frame.by.name));
  node.append(inside);
  if (mine && !own) node.append(make("span", { class: "bubble-state" }, frame.by.name));
  return node;
}

// The avatar of somebody already on the page, else his first sign on a plain ground.
function face(by) {
  const known = [...stream.querySelectorAll(".entry:not(.is-mine) > .avatar")].reverse().find((one) => one.nextElementSibling?.textContent === by.name);
  return known ? known.cloneNode(true) : make("span", { class: "avatar is-person is-small tint-1", "aria-hidden": "true" }, [...by.name][0] || "·");
}

// The business day in Shanghai, as the server writes it.
const today = (moment) => new Date(new Date(moment).getTime() + 8 * 3600e3).toISOString().slice(0, 10);

export function pull() {
  if (below.more) return null;
  pulling ||= (async () => {
    for (let more = true; more && !below.more; ) {
      const stay = !atBottom();
      const found = await part(at(`/entries?after=${last}`));
      if (!found) break;
      head = Math.max(head, found.head);
      const put = add(found.nodes);
      const seqs = found.nodes.filter((node) => node.dataset.seq).map(seqOf);
      last = Math.max(last, ...seqs);
      settle(stay, put.filter((node) => !node.hasAttribute("data-own") && !node.hidden).length);
      more = found.more && seqs.length > 0;
    }
    pulling = null;
  })();
  return pulling;
}

let refreshing = 0;
export function refresh() {
  clearTimeout(refreshing);
  refreshing = setTimeout(async () => {
    const found = await part(at("/live"));
    for (const node of found?.nodes || []) swap(node);
  }, 100 + Math.random() * 400); // a card wakes everybody at once: not all in the same moment
}

function swap(node) {
  const target = document.getElementById(node.dataset.part);
  if (node.dataset.part === "side") return target ? side(node.dataset.src) : node.dataset.src && document.dispatchEvent(new CustomEvent("talk:side"));
  if (!target) return;
  target.replaceChildren(...node.childNodes);
  window.htmx?.process(target);
}

export async function side(address) {
  const target = document.getElementById("side");
  if (!target || !address || !matchMedia("(min-width: 70rem)").matches) return;
  const found = await part(address);
  if (!found) return;
  target.dataset.src = address;
  target.replaceChildren(...found.nodes);
  window.htmx?.process(target);
  fit();
}

// A card's newest state makes the ones before it about the same deal past: draw those on the page again.
async function cards() {
  const shown = [...stream.querySelectorAll(".entry.is-card")].slice(-6);
  if (!shown.length) return;
  const found = await part(at(`/entries?after=${seqOf(shown[0]) - 1}`));
  for (const node of found?.nodes || []) {
    const old = node.classList.contains("is-card") && document.getElementById(node.id);
    if (old) old.replaceWith(node), window.htmx?.process(node);
  }
}

export function changed() {
  cards();
  refresh();
}

// ---- reading ----

function settle(stay, count) {
  if (stay) belowWaits(count);
  else {
    tidy({ keep: "below" });
    toBottom();
  }
  marks();
  mark();
}

function belowWaits(count) {
  if (!count) return;
  missed += count;
  pill.hidden = false;
  pill.lastElementChild.textContent = missed === 1 ? w("talkOneBelow") : w("talkNewBelow", { n: missed });
}

function mark() {
  if (document.hidden || below.more || !atBottom() || last <= read) return;
  read = last;
  sending.seen(last);
  document.dispatchEvent(new CustomEvent("talk:read", { detail: { conversation: data.conversation } }));
}

export function marks() {
  stream.querySelector(".bubble-state.is-read")?.remove();
  const mine = [...stream.querySelectorAll(".entry[data-own][data-seq]")].filter((node) => seqOf(node) <= otherRead).pop();
  if (mine && !mine.querySelector(".bubble-state")) mine.append(make("span", { class: "bubble-state is-read" }, w("talkRead")));
}

// ---- paging ----

async function up() {
  if (!above.more || above.busy) return;
  above.busy = true;
  const first = entries()[0];
  const found = first && (await part(at(`/entries?before=${seqOf(first)}`)));
  if (found) {
    const from = first.getBoundingClientRect().top;
    add(found.nodes);
    above.more = found.more;
    tidy({ keep: "above" });
    main.scrollTop += first.getBoundingClientRect().top - from;
  }
  above.busy = false;
}

async function down() {
  if (!below.more || below.busy) return;
  below.busy = true;
  const list = entries();
  const anchor = list[list.length - 1];
  const found = anchor && (await part(at(`/entries?after=${seqOf(anchor)}`)));
  if (found) {
    below.more = found.more;
    const from = anchor.getBoundingClientRect().top;
    add(found.nodes);
    last = Math.max(last, ...[...entries()].map(seqOf));
    while (nodes() > MOST_NODES && entries()[0] !== anchor && entries().length > LEAST_ENTRIES) {
      entries()[0].remove();
      above.more = true;
    }
    days();
    main.scrollTop += anchor.getBoundingClientRect().top - from;
    if (!below.more) head = Math.max(head, last);
  }
  below.busy = false;
  mark();
}

export async function newest() {
  missed = 0;
  pill.hidden = true;
  if (below.more) {
    const found = await part(at(`/entries?before=${Number.MAX_SAFE_INTEGER}`));
    if (found) {
      for (const node of [...stream.children]) if (!node.dataset.key || node.dataset.seq) node.remove();
      below.more = false;
      above.more = found.more;
      add(found.nodes);
      last = Math.max(0, ...found.nodes.filter((node) => node.dataset.seq).map(seqOf));
      tidy({ keep: "below" });
    }
  }
  toBottom();
  marks();
  mark();
}

export const ended = () => {
  stream.append(make("p", { class: "banner", role: "status" }, icon("info"), make("span", { class: "grow" }, w("talkGone"))));
  document.getElementById("composer")?.remove();
};

export function own(seq) {
  head = Math.max(head, seq);
  if (below.more || seq <= last) return;
  if (seq === last + 1) last = seq;
  else pull();
}

export function start() {
  const list = entries();
  last = list.length ? seqOf(list[list.length - 1]) : 0;
  const goal = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  const unread = document.getElementById("unread");
  if (goal) goal.scrollIntoView({ block: "center" });
  else if (unread) unread.scrollIntoView({ block: "start" });
  else toBottom();
  main.addEventListener("scroll", () => {
    if (main.scrollTop < 500) up();
    if (main.scrollHeight - main.scrollTop - main.clientHeight < 500) down();
    if (!below.more && atBottom()) {
      missed = 0;
      pill.hidden = true;
      mark();
    }
  }, { passive: true });
  pill.addEventListener("click", newest);
  document.addEventListener("visibilitychange", mark);
  addEventListener("focus", mark);
  stream.addEventListener("load", (event) => event.target.tagName === "IMG" && !pill.hidden === false && atBottom() && toBottom(), true);
  marks();
  mark();
  tidy({ keep: goal || unread ? "above" : "below" });
}

document.addEventListener("talk:grown", fit);
wire.on("entry", arrived);
wire.on("head", (frame) => {
  if (!here(frame.c)) return;
  head = Math.max(head, frame.seq);
  setTimeout(async () => {
    await pull();
    if (below.more) belowWaits(1);
    changed();
  }, Math.random() * 200);
});
wire.on("heads", (frame) => {
  const seq = frame.heads[data.conversation];
  if (!seq || seq <= last) return;
  pull()?.then(changed);
});
wire.on("read", (frame) => {
  if (!here(frame.c)) return;
  if (frame.person === data.person) read = Math.max(read, frame.seq);
  else if (data.kind !== "group") otherRead = Math.max(otherRead, frame.seq);
  marks();
});
wire.on("gone", (frame) => here(frame.c) && ended());
