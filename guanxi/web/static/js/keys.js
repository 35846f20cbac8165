// The keyboard of a desk (ui.md section 3): / search, J K rows, R reply, G then M C R W tabs, F6 panes, ? this list; arrows within a row of choices.
import { openFrom } from "./sheet.js";
import { composing, editable } from "./words.js";

const TABS = { m: "/m", c: "/contacts", r: "/rfqs", w: "/work" };
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

const single = {
  "/": () => document.querySelector('input[type="search"], a[href$="/search"]')?.focus(),
  "?": () => openFrom("/keys"),
  r: () => document.querySelector(".composer-input")?.focus(),
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
