// One sentence over the bottom bar for 5 seconds, with at most one act. `stays`: until it is answered.
import { make } from "./words.js";

// What stands at the lower edge: composer or actbar, and the tabs while they lie there.
function barsBelow() {
  const bars = [...document.querySelectorAll(".is-page > .foot, .tabbar")].filter((bar) => bar.offsetHeight && bar.offsetHeight < innerHeight / 2);
  return bars.reduce((sum, bar) => sum + bar.offsetHeight, 0);
}

export function toast(text, { act = "", run = null, stays = false } = {}) {
  const place = document.getElementById("toasts");
  // An open dialog hides what stands behind it from readers and pointers, so the toast goes into it.
  const open = document.querySelector("dialog[open]");
  const box = make("p", { class: "toast" }, make("span", {}, text));
  if (act) {
    const button = make("button", { type: "button" }, act);
    button.addEventListener("click", () => {
      box.remove();
      run();
    });
    box.append(button);
  }
  if (open) {
    const inside = open.querySelector(".toast-place") || open.appendChild(make("div", { class: "toast-place", role: "status" }));
    inside.replaceChildren(box);
  } else {
    place.style.insetBlockEnd = `${barsBelow() + 16}px`;
    place.replaceChildren(box);
  }
  if (!stays) setTimeout(() => box.remove(), act ? 8000 : 5000);
  return box;
}
