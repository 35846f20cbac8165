// Sheets and dialogs are native <dialog>s: focus stays inside, Esc, scrim, the back key and data-close close them.
import { make, w } from "./words.js";

const openers = new WeakMap();

export function openSheet(sheet) {
  const dialog = typeof sheet === "string" ? document.getElementById(sheet) : sheet;
  if (!dialog || dialog.open) return dialog;
  openers.set(dialog, document.activeElement);
  dialog.showModal();
  (dialog.querySelector("[autofocus]") || dialog.querySelector("h2, h3"))?.focus();
  history.pushState({ sheet: dialog.id }, "");
  return dialog;
}

export function closeSheet(dialog, { back = true } = {}) {
  if (!dialog?.open) return;
  if (dialog.querySelector('form[aria-busy="true"]')) return; // an act is on its way: stay until it is stored
  dialog.close();
  openers.get(dialog)?.focus?.();
  if (back && history.state?.sheet === dialog.id) history.back();
  if (dialog.hasAttribute("data-auto")) dialog.remove();
}

// A part of another page in a sheet: shape after 300 ms, words after 2 s.
export async function openFrom(url) {
  const wait = make("p", { class: "meta" }, "…");
  const place = make("dialog", { class: "sheet", id: "fetching", "aria-label": w("slow") }, make("div", { class: "sheet-body" }, wait));
  const shown = setTimeout(() => document.body.append(place) || place.showModal(), 300);
  const slow = setTimeout(() => (wait.textContent = w("slow")), 2000);
  try {
    const answer = await fetch(url, { headers: { "HX-Request": "true", "X-Part": "sheet" } });
    const text = await answer.text();
    if (answer.redirected || !text.includes("<dialog")) return location.assign(url);
    place.remove();
    const over = document.getElementById("over");
    over.innerHTML = text;
    window.htmx?.process(over);
    openSheet(over.querySelector("dialog"));
  } catch {
    location.assign(url); // no part to be had: the whole page says why, or the offline page does
  } finally {
    clearTimeout(shown);
    clearTimeout(slow);
    place.remove();
  }
}

export const openAuto = (root) => root.querySelectorAll("dialog:is([data-auto], [data-shown]):not([open])").forEach(openSheet);

const topmost = () => [...document.querySelectorAll("dialog[open]")].pop();

document.addEventListener("click", (event) => {
  const target = event.target;
  if (target instanceof HTMLDialogElement) return target.hasAttribute("data-locked") || closeSheet(target);
  const opener = target.closest("[data-open]");
  if (opener && opener.getAttribute("aria-disabled") !== "true") return openSheet(opener.dataset.open);
  if (target.closest("[data-close]")) return closeSheet(target.closest("dialog"));
  if (target.closest("[data-reload]")) return location.reload();
  const link = target.closest("a[data-sheet]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  event.preventDefault();
  openFrom(link.href);
});

document.addEventListener(
  "cancel",
  (event) => {
    if (!(event.target instanceof HTMLDialogElement)) return;
    event.preventDefault();
    if (!event.target.hasAttribute("data-locked")) closeSheet(event.target);
  },
  true,
);

addEventListener("popstate", () => closeSheet(topmost(), { back: false }));
document.addEventListener("htmx:afterSwap", (event) => openAuto(event.detail.target));
openAuto(document);
