// Lines that can be added and removed: [data-rows] holds [data-row]s and one <template>, `__n__` becomes the next number.
import { toast } from "./toast.js";
import { w } from "./words.js";

const rowsOf = (box) => [...box.querySelectorAll("[data-row]")];

export function renumber(box) {
  rowsOf(box).forEach((row, n) => row.querySelectorAll("[data-row-number]").forEach((e) => (e.textContent = n + 1)));
  const count = document.querySelector(`[data-row-count="${box.id}"]`);
  if (count) count.textContent = rowsOf(box).length;
  box.dispatchEvent(new CustomEvent("rows:change", { bubbles: true }));
}

export function addRow(box, { focus = true } = {}) {
  const next = Number(box.dataset.next || rowsOf(box).length);
  box.dataset.next = next + 1;
  const template = box.querySelector("template");
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML.replaceAll("__n__", next);
  const row = holder.content.firstElementChild;
  box.insertBefore(row, template);
  window.htmx?.process(row);
  renumber(box);
  if (focus) row.querySelector("input:not([type=hidden]), textarea")?.focus();
  return row;
}

function removeRow(row) {
  const box = row.closest("[data-rows]");
  const before = row.nextElementSibling;
  const neighbour = row.nextElementSibling?.matches("[data-row]") ? row.nextElementSibling : row.previousElementSibling;
  row.remove();
  if (!rowsOf(box).length && box.dataset.least !== "0") addRow(box);
  else neighbour?.querySelector("input:not([type=hidden])")?.focus();
  renumber(box);
  toast(w("removed"), {
    act: w("undo"),
    run: () => {
      box.insertBefore(row, before);
      renumber(box);
    },
  });
}

document.addEventListener("click", (event) => {
  const add = event.target.closest("[data-add-row]");
  if (add) addRow(document.getElementById(add.dataset.addRow));
  const remove = event.target.closest("[data-remove-row]");
  if (remove) removeRow(remove.closest("[data-row]"));
});
