// Texts on their way: stored under their key before they leave, echoed at once, acknowledged or kept with a way to try again.
import { newKey } from "../words.js";
import { at, data, post } from "./data.js";
import * as kept from "./kept.js";
import * as wire from "./wire.js";

const WAIT = 8000;
const AGAIN = new Set(["busy", "too-often"]);
const pending = new Map();
let show = () => {};

export const listen = (run) => (show = run);

export async function say(text, more = {}) {
  const item = { key: newKey(), c: data.conversation, as: data.as, text, ...more, at: Date.now(), state: "sending" };
  pending.set(item.key, item);
  show("echo", item);
  await kept.keep(item);
  if (!replaying && !waiting().some((other) => other.state === "waiting" && ours(other))) return deliver(item);
  state(item, "waiting"); // behind what waits already
  replay();
}

// After a reload: what was not acknowledged is shown again and sent under its old key, those of other conversations too.
export async function resume() {
  for (const item of await kept.all()) {
    if (pending.has(item.key)) continue;
    pending.set(item.key, { ...item, state: item.failed ? "failed" : "waiting" });
    if (item.c === data.conversation) show("echo", pending.get(item.key));
  }
  replay();
}

// What waits goes one after the other, in the order it was written, from one tab at a time; the others then only ask under the same keys.
// What was written for another company of this person waits until it is acted for again.
const settled = (item) => Boolean(item.failed) && item.failed !== "network";
const ours = (item) => !item.as || item.as === data.company;
let replaying = null;

function replay() {
  replaying ||= (navigator.locks ? navigator.locks.request(`guanxi-send-${data.person}`, drain) : drain()).finally(() => (replaying = null));
}

async function drain() {
  const tried = new Set();
  const next = () => waiting().sort((one, other) => one.at - other.at).find((item) => !tried.has(item.key) && !settled(item) && ours(item));
  for (let item; navigator.onLine && (item = next()); ) {
    tried.add(item.key);
    item.failed = "";
    state(item, "sending");
    await Promise.race([new Promise((resolve) => ((item.ended = resolve), deliver(item))), new Promise((resolve) => setTimeout(resolve, 2.5 * WAIT))]);
    if (pending.has(item.key) && !settled(item)) return; // nothing overtakes it; the next connection or its person tries again
  }
}

export function retry(key) {
  const item = pending.get(key);
  if (!item) return;
  item.failed = "";
  state(item, "sending");
  kept.keep(item);
  if (replaying || !ours(item)) deliver(item);
  else replay();
}

// Words that were refused go back into the field, if their person wants.
export function takeBack(key) {
  const item = pending.get(key);
  pending.delete(key);
  kept.drop(key);
  return item?.text || "";
}

export const waiting = () => [...pending.values()];

function deliver(item) {
  clearTimeout(item.timer);
  if (wire.send({ op: "send", c: item.c, as: item.as, k: item.key, kind: "text", body: bodyOf(item) })) {
    item.timer = setTimeout(() => byPost(item), WAIT);
  } else if (!navigator.onLine) state(item, "waiting");
  else item.timer = setTimeout(() => (wire.isOpen() ? deliver(item) : byPost(item)), item.c === data.conversation ? 1200 : 3000);
}

const bodyOf = ({ text, reply, named }) => ({ text, ...(reply ? { reply } : {}), ...(named?.length ? { at: named } : {}) });

// Without a socket the same act goes through the page's door, under the same key: at most one entry comes of it.
async function byPost(item) {
  if (!pending.has(item.key)) return;
  try {
    const answer = await post(`/c/${item.c}/text/say`, { as: item.as || "", key: item.key, text: item.text, ...(item.reply ? { reply: item.reply } : {}), ...(item.named?.length ? { at: item.named.join(",") } : {}) });
    if (answer.ok && !answer.redirected) return done({ k: item.key, c: item.c, seq: (await answer.json()).seq });
    if (answer.status >= 500 || answer.status === 429 || answer.redirected) return fail(item, "");
    const said = await answer.json().catch(() => ({}));
    fail(item, said.detail || said.title || "refused");
  } catch {
    fail(item, "");
  }
}

function fail(item, reason) {
  if (!pending.has(item.key)) return;
  if (!navigator.onLine) return state(item, "waiting");
  item.failed = reason || "network";
  state(item, "failed", reason);
  kept.keep(item);
}

function state(item, word, reason = "") {
  item.state = word;
  show("state", item, reason);
  if (word !== "sending") item.ended?.();
}

function done(frame) {
  const item = pending.get(frame.k);
  if (!item) return;
  clearTimeout(item.timer);
  pending.delete(frame.k);
  kept.drop(frame.k);
  show("done", item, frame.seq);
  item.ended?.();
}

wire.on("ack", done);
wire.on("refused", (frame) => {
  const item = pending.get(frame.k);
  if (!item) return;
  clearTimeout(item.timer);
  if (AGAIN.has(frame.reason)) item.timer = setTimeout(() => deliver(item), 800 + Math.random() * 1500);
  else fail(item, frame.reason);
});
wire.on("open", replay);
addEventListener("online", () => setTimeout(replay, 300));
export const seen = (seq) => wire.send({ op: "read", c: data.conversation, seq }) || post(at("/read"), { seq }).catch(() => {});
