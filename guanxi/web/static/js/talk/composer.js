// The field: Enter sends (never inside an IME composition), what was sent stands in the stream at once with its state.
import { closeSheet } from "../sheet.js";
import { composing, icon, make, newKey, w } from "../words.js";
import * as calling from "./call.js";
import { at, csrf, data } from "./data.js";
import * as quote from "./quote.js";
import * as sending from "./send.js";
import * as stream from "./stream.js";
import { toast } from "../toast.js";
import * as wire from "./wire.js";

const list = document.getElementById("stream");
const form = document.getElementById("say");
const field = document.getElementById("text");
const REASONS = { "too-long": "talkTooLong", "role-cannot-talk": "talkNoRole", "not-found": "talkGone", "no-such-entry": "talkNoSuchEntry", silenced: "talkSilenced", "other-company": "talkOtherCompany" };
let typed = 0;
let answering = null; // { reply, quoted }

function echo(item) {
  const node = make("div", { class: "entry is-mine", "data-key": item.key, "data-own": "", "data-day": today() }, make("p", { class: "bubble", dir: "auto" }, ...(item.reply ? [quote.draw(item.reply, item.quoted || { by: "", words: "…" })] : []), item.text));
  list.querySelector("[data-empty]")?.remove();
  list.append(node);
  say(item, node);
  document.getElementById("main").scrollTop = 1e9;
}

const today = () => new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10);

function say(item, node, reason = "") {
  const takeBack = () => node.remove() || sending.takeBack(item.key);
  node.querySelectorAll(".bubble-state").forEach((old) => old.remove());
  if (item.state === "failed" && item.failed !== "network") {
    const said = w("talkRefused", { reason: w(REASONS[item.failed] || item.failed) });
    node.append(make("div", { class: "bubble-state is-failed is-refused" }, make("span", {}, said), choice("retry", () => sending.retry(item.key)), choice("talkEditAgain", () => edit(takeBack())), choice("talkDelete", takeBack)));
    if (reason) toast(said);
  } else if (item.state === "failed") {
    const button = make("button", { type: "button", class: "bubble-state is-failed" }, icon("retry", "tiny"), w("talkFailed"));
    button.addEventListener("click", () => sending.retry(item.key));
    node.append(button);
  } else node.append(make("span", { class: "bubble-state" }, icon("clock", "tiny"), w(item.state === "waiting" ? "talkWaiting" : "talkSending")));
}

function choice(word, run) {
  const button = make("button", { type: "button" }, w(word));
  button.addEventListener("click", run);
  return button;
}

sending.listen((what, item, more) => {
  if (item.c !== data.conversation) return;
  const node = list.querySelector(`[data-key="${CSS.escape(item.key)}"]`);
  if (what === "echo") return echo(item);
  if (!node) return;
  if (what === "state") return say(item, node, more);
  node.querySelectorAll(".bubble-state").forEach((old) => old.remove());
  if (document.getElementById(`e${more}`)) return node.remove();
  node.id = `e${more}`;
  node.dataset.seq = more;
  node.dataset.at = new Date().toISOString();
  stream.own(more);
  stream.marks();
});

function submit() {
  const text = field.value.trim();
  if (!text) return;
  field.value = "";
  grow();
  stream.newest();
  sending.say(text, { ...answering, named: calling.everyoneOr(calling.named(text)) });
  calling.clear();
  answer(null);
  field.focus();
}

function answer(entry) {
  const bar = document.getElementById("reply");
  const line = entry && (quote.lineOf(entry) || { by: "", words: entry.querySelector(".trade-head")?.textContent.trim().replace(/\s+/g, " ") || "" });
  answering = entry ? { reply: Number(entry.dataset.seq), quoted: line } : null;
  bar.hidden = !entry;
  if (!entry) return;
  document.getElementById("reply-words").textContent = w("talkReplyTo", { name: line.by, text: line.words });
  field.focus();
}

function edit(text) {
  field.value = text;
  grow();
  field.focus();
}

function grow() {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight + 2, 132)}px`;
  form.classList.toggle("has-text", Boolean(field.value.trim()));
}

// ---- photos and files ----

function attach(chosen) {
  for (const one of chosen) {
    if (one.size > data.upload) toast(w("talkUploadFailed", { name: one.name }));
    else upload(one);
  }
}

function upload(one, key = newKey()) {
  const said = make("span", { class: "bubble-state" }, w("talkSending"));
  const bar = make("progress", { class: "progress", max: 1, value: 0, "aria-label": one.name });
  const node = make("div", { class: "entry is-mine", "data-key": key, "data-day": today() }, make("p", { class: "bubble" }, one.name, bar), said);
  list.append(node);
  document.getElementById("main").scrollTop = 1e9;
  const request = new XMLHttpRequest();
  request.open("POST", at("/file/send"));
  for (const [name, value] of Object.entries({ "X-CSRFToken": csrf(), "X-Stay": "1", Accept: "application/json" })) request.setRequestHeader(name, value);
  request.upload.addEventListener("progress", (event) => event.lengthComputable && (bar.value = event.loaded / event.total));
  request.addEventListener("loadend", () => uploaded(request, node, said, one, key));
  const body = new FormData();
  for (const [name, value] of Object.entries({ as: data.as || "", key })) body.append(name, value);
  body.append("file", one, one.name);
  request.send(body);
}

async function uploaded(request, node, said, one, key) {
  if (request.status === 200) {
    await stream.pull();
    node.remove();
    return stream.newest();
  }
  const reason = JSON.parse(request.responseText.startsWith("{") ? request.responseText : "{}");
  const retry = make("button", { type: "button", class: "bubble-state is-failed" }, icon("retry", "tiny"), w("talkFailed"));
  retry.addEventListener("click", () => node.remove() || upload(one, key));
  said.replaceWith(retry);
  if (request.status >= 400 && request.status < 500) toast(reason.detail || w("talkUploadFailed", { name: one.name }));
}

// ---- typing ----

function typing() {
  if (Date.now() - typed < 3000) return;
  typed = Date.now();
  wire.send({ op: "typing", c: data.conversation });
}

const under = document.getElementById("under");
let quiet = 0;
wire.on("typing", (frame) => {
  if (frame.c !== data.conversation || frame.person === data.person) return;
  under.textContent = w("talkTyping", { name: frame.name });
  clearTimeout(quiet);
  quiet = setTimeout(() => (under.textContent = under.dataset.said), 5000);
});
wire.on("entry", (frame) => frame.c === data.conversation && (under.textContent = under.dataset.said));

export function start() {
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-attach]")) return;
    attach([...event.target.files]);
    event.target.value = "";
    const sheet = event.target.closest("dialog[open]");
    if (sheet) closeSheet(sheet);
  });
  if (!form) return;
  calling.listen(field);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    submit();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || composing(event)) return;
    event.preventDefault();
    submit();
  });
  document.addEventListener("talk:reply", (event) => answer(event.detail.entry));
  document.addEventListener("talk:edit", (event) => edit(event.detail.text));
  document.getElementById("reply-off").addEventListener("click", () => answer(null) || field.focus());
  field.addEventListener("input", () => {
    grow();
    typing();
  });
  field.addEventListener("paste", (event) => event.clipboardData?.files.length && (event.preventDefault(), attach([...event.clipboardData.files])));
  grow();
}
