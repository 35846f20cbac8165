// − figure +: by packs; holding a button repeats; a typed figure is rounded up to full packs, and that is said.
import { w } from "./words.js";

function set(box, value, said = "") {
  const least = Number(box.dataset.least || 0);
  const most = box.dataset.most ? Number(box.dataset.most) : Infinity;
  const input = box.querySelector("input");
  const next = Math.min(most, Math.max(least, value));
  box.querySelector("[data-said]").textContent = said;
  if (String(next) === input.value) return;
  input.value = String(next);
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

const figure = (box) => Number(box.querySelector("input").value.replace(/[,\s]/g, "")) || 0;
const step = (box) => Number(box.dataset.step) || 1;
const turn = (box, way) => set(box, Math.round((figure(box) + way * step(box)) * 1e4) / 1e4);

let repeat = 0;

document.addEventListener("pointerdown", (event) => {
  const button = event.target.closest("[data-stepper] [data-less], [data-stepper] [data-more]");
  if (!button) return;
  const box = button.closest("[data-stepper]");
  const way = button.hasAttribute("data-more") ? 1 : -1;
  repeat = setTimeout(function again() {
    turn(box, way);
    repeat = setTimeout(again, 90);
  }, 450);
});

for (const name of ["pointerup", "pointercancel", "pointerleave"]) document.addEventListener(name, () => clearTimeout(repeat));

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-stepper] [data-less], [data-stepper] [data-more]");
  if (button) turn(button.closest("[data-stepper]"), button.hasAttribute("data-more") ? 1 : -1);
});

document.addEventListener("change", (event) => {
  const box = event.target.closest("[data-stepper]");
  if (!box) return;
  const full = Math.ceil(figure(box) / step(box) - 1e-9) * step(box);
  const rounded = Math.round(full * 1e4) / 1e4;
  set(box, rounded, rounded === figure(box) ? "" : w("roundedUp", { figure: rounded }));
});
