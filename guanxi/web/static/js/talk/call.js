// Calling people of a group by @: a sheet to choose from; who still stands in the text when it goes is called.
import { closeSheet, openFrom } from "../sheet.js";
import { at, data } from "./data.js";

const called = new Map(); // name -> person
let field = null;
let start = -1;

export const named = (text) => [...called].filter(([name]) => text.includes(`@${name}`)).map(([, person]) => person);
export const everyoneOr = (people) => (people.includes("all") ? ["all"] : people.slice(0, 20));
export const clear = () => called.clear();

function choose(name, person) {
  called.set(name, person);
  const typed = start >= 0 && field.value[start] === "@";
  const place = typed ? start : field.value.length;
  field.setRangeText(`@${name} `, place, place + (typed ? 1 : 0), "end");
  field.dispatchEvent(new Event("input"));
  field.focus();
}

function ask() {
  start = field.value[field.selectionStart - 1] === "@" ? field.selectionStart - 1 : -1;
  openFrom(at("/people"));
}

export function listen(input) {
  field = input;
  if (data.kind !== "group" || !field) return;
  field.addEventListener("input", (event) => {
    if (event.data === "@" && !event.isComposing && !/\w/.test(field.value[field.selectionStart - 2] || "")) ask();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-ask]")) {
      closeSheet(event.target.closest("dialog"));
      return setTimeout(ask, 60);
    }
    const button = event.target.closest("[data-call]");
    if (!button) return;
    closeSheet(button.closest("dialog"));
    setTimeout(() => choose(button.dataset.name, button.dataset.call), 60);
  });
}
