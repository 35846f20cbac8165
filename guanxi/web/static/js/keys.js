// The keyboard of a desk (ui.md section 3): / search, J K rows, E read, R reply, A acts, G then M C D R W tabs, F6 panes, ? this list; arrows within a row of choices.
import { openFrom } from "./sheet.js";
import { composing, editable } from "./words.js";

const TABS = { m: "/m", c: "/contacts", d: "/discover", r: "/rfqs", w: "/work" };
const ACTS = ".actbar .button, .composer-moves a, .trade-card .buttons > *";
let went = 0;

function step(way) {
  const rows = [...document.querySelectorAll(".is-list a.row, main a.row")];
  const at = rows.findIndex((row) => row === document.activeElement);
  const now = at >= 0 ? at : rows.findIndex((row) => row.getAttribute("aria-current") === "true");
  rows[Math.min(rows.length - 1, Math.max(0, now + way))]?.focus();
}

function nextPane() {
  const panes = [...document.querySelectorAll(".tabbar, .is-list, .is-page > main, .is-side")].filter((pane) => pane.offsetParent !== null);
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  const pane = panes[(at + 1) % panes.length];
  if (!pane.hasAttribute("tabindex")) pane.tabIndex = -1;
  pane.focus();
}

function among(event) {
  const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const group = way && event.target.closest?.(".segments, .filter-row, .under-tabs, .composer-moves");
  if (!group || editable(event.target)) return false;
  const all = [...group.querySelectorAll("a, button")];
  all[(all.indexOf(event.target.closest("a, button")) + way + all.length) % all.length]?.focus();
  return true;
}

function act() {
  const all = [...document.querySelectorAll(ACTS)].filter((one) => one.offsetParent !== null);
  (all.find((one) => one.matches(".is-primary, .is-chosen")) || all[0])?.focus();
}

async function read() {
  const row = document.activeElement.closest("[data-row][data-head]");
  if (!row) return;
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  await fetch(`/c/${row.dataset.row}/read`, { method: "POST", headers, body: new URLSearchParams({ seq: row.dataset.head }) });
  const answer = await fetch(`/m/row/${row.dataset.row}`);
  if (!answer.ok || answer.redirected) return;
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  const fresh = holder.content.querySelector("[data-row]");
  row.replaceWith(fresh);
  fresh.querySelector("a").focus();
}

const single = {
  "/": () => document.querySelector('input[type="search"], a[href$="/search"]')?.focus(),
  "?": () => openFrom("/keys"),
  r: () => document.querySelector(".composer-input")?.focus(),
  a: act,
  e: () => read().catch(() => {}),
  j: () => step(1),
  k: () => step(-1),
  g: () => (went = Date.now()),
};

document.addEventListener("keydown", (event) => {
  if (composing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "F6") return event.preventDefault() || nextPane();
  if (among(event)) return event.preventDefault();
  if (editable(event.target) || document.querySelector("dialog[open]")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (Date.now() - went < 1500 && TABS[key]) return location.assign(TABS[key]);
  if (!single[key]) return;
  event.preventDefault();
  single[key]();
});
