// What can be done with one entry: a long press, a right click, or the arrow up from an empty field opens the sheet.
import { closeSheet, openFrom, openSheet } from "../sheet.js";
import { icon, make, w } from "../words.js";
import { at } from "./data.js";
import { textOf } from "./quote.js";
import { recall, SECONDS } from "./recall.js";
import { toast } from "../toast.js";

const stream = document.getElementById("stream");
const menu = document.getElementById("entry-menu");
const field = document.getElementById("text");
let chosen = null;
let timer = 0;
let pressed = false;

const of = (target) => target.closest?.(".entry[data-seq]");
const plain = (entry) => !entry.classList.contains("is-card");
const offers = {
  reply: () => true,
  copy: (entry) => Boolean(entry.querySelector(".bubble:not(.file)")),
  recall: (entry) => plain(entry) && entry.hasAttribute("data-own") && Date.now() - new Date(entry.dataset.at || Date.now()) < SECONDS * 1000,
  forward: (entry) => entry.dataset.seq > 0,
};

function open(entry) {
  chosen = entry;
  let any = false;
  for (const button of menu.querySelectorAll("[data-do]")) {
    const on = offers[button.dataset.do](entry);
    button.closest("li").hidden = !on;
    any ||= on;
  }
  if (any) openSheet(menu);
}

const acts = {
  reply: (entry) => document.dispatchEvent(new CustomEvent("talk:reply", { detail: { entry } })),
  copy: (entry) => navigator.clipboard?.writeText(textOf(entry.querySelector(".bubble"))).then(() => toast(w("copied")), () => toast(w("notCopied"))) ?? toast(w("notCopied")),
  recall,
  forward: (entry) => openFrom(at(`/entries/${entry.dataset.seq}/forward`)),
};

const more = make("button", { type: "button", class: "icon-button entry-more", "aria-label": w("talkMenu"), title: w("talkMenu") }, icon("more"));

function move(entry, step) {
  const all = [...stream.querySelectorAll(".entry[data-seq]")];
  const next = entry ? all[all.indexOf(entry) + step] : all[all.length - 1];
  if (!next) return step > 0 && field?.focus();
  next.tabIndex = -1;
  next.focus();
  return next.scrollIntoView({ block: "nearest" });
}

export function start() {
  menu.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (!button) return;
    const entry = chosen;
    closeSheet(menu);
    setTimeout(() => acts[button.dataset.do](entry), 60); // after the sheet has given the focus back
  });
  stream.addEventListener("contextmenu", (event) => {
    const entry = of(event.target);
    if (!entry || (event.target.closest("a, button") && !event.target.closest(".photo"))) return;
    event.preventDefault();
    if (!menu.open) open(entry);
  });
  stream.addEventListener("touchstart", (event) => {
    const entry = of(event.target);
    pressed = false;
    if (entry) timer = setTimeout(() => ((pressed = true), menu.open || open(entry)), 480);
  }, { passive: true });
  for (const name of ["touchend", "touchmove", "touchcancel"]) stream.addEventListener(name, (event) => {
    clearTimeout(timer);
    if (name === "touchend" && pressed && event.cancelable) event.preventDefault();
  });
  stream.addEventListener("pointerover", (event) => {
    const entry = event.pointerType === "mouse" && of(event.target);
    if (entry && more.parentElement !== entry) entry.append(more);
  });
  more.addEventListener("click", () => open(of(more)));
  stream.addEventListener("keydown", (event) => {
    const entry = event.target.matches(".entry") && event.target;
    const steps = { ArrowUp: -1, ArrowDown: 1 };
    if (!entry || !(event.key in steps || event.key === "Enter")) return;
    event.preventDefault();
    if (event.key === "Enter") open(entry);
    else move(entry, steps[event.key]);
  });
  field?.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowUp" || field.value || event.isComposing) return;
    event.preventDefault();
    move(null, -1);
  });
}
