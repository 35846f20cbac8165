// The command menu: Ctrl or Cmd+K opens it, typing asks the server, arrows choose, Enter goes (a combobox with its listbox).
import { closeSheet, openFrom } from "./sheet.js";
import { composing } from "./words.js";

let timer = 0;
let turn = 0;
let last = Promise.resolve();

const list = () => document.getElementById("go-found");
const options = () => [...list().querySelectorAll('[role="option"]:not([aria-disabled])')];
const chosen = () => list().querySelector('[aria-selected="true"]');

function choose(field, option) {
  chosen()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
}

async function ask(field) {
  const mine = ++turn;
  timer = 0;
  try {
    const answer = await fetch(`/go/found?q=${encodeURIComponent(field.value)}`);
    const text = await answer.text();
    if (mine !== turn || !answer.ok || answer.redirected || !field.isConnected) return;
    list().innerHTML = text;
    window.htmx?.process(list());
    choose(field, options()[0]);
  } catch {
    // what stands there stays; the next letter asks again
  }
}

function later(field) {
  clearTimeout(timer);
  timer = setTimeout(() => (last = ask(field)), 120);
}

async function enter(field) {
  if (timer) {
    clearTimeout(timer);
    last = ask(field);
  }
  await last;
  (chosen() || options()[0])?.click();
}

function step(field, key) {
  const all = options();
  const at = all.indexOf(chosen());
  const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1 }[key];
  if (all.length) choose(field, all[(to + all.length) % all.length]);
}

document.addEventListener("input", (event) => event.target.matches("[data-go]") && later(event.target));

document.addEventListener("keydown", (event) => {
  if (composing(event)) return;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
    const open = document.querySelector("dialog[open]");
    if (!document.querySelector('a[href="/go"]') || (open && open.id !== "go")) return; // not signed in, or a question is open that comes first
    event.preventDefault();
    return open ? closeSheet(open) : openFrom("/go");
  }
  if (!event.target.matches?.("[data-go]")) return;
  if (event.key === "Enter") enter(event.target);
  else if (event.key === "Escape") closeSheet(event.target.closest("dialog")); // a browser would only empty the field
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") step(event.target, event.key);
  else return;
  event.preventDefault();
});
