// Recalled entries: the words go at once, whoever wrote them may write them anew.
import { make, w } from "../words.js";
import { at, post } from "./data.js";
import { lineOf, forget, textOf } from "./quote.js";
import { toast } from "../toast.js";

export const SECONDS = 120;
const words = new Map(); // of this page only: what was recalled lives nowhere else

export async function recall(entry) {
  const seq = entry.dataset.seq;
  const bubble = entry.querySelector(".bubble:not(.file)");
  if (bubble) words.set(seq, textOf(bubble));
  const answer = await post(at("/recall/recall"), { seq }).catch(() => null);
  if (answer?.ok) return erase(seq);
  const said = await answer?.json().catch(() => null);
  toast(said?.detail || w("failed"));
  return null;
}

export function erase(seq) {
  forget(seq);
  const entry = document.getElementById(`e${seq}`);
  if (!entry || entry.classList.contains("notice")) return;
  const own = entry.hasAttribute("data-own");
  const line = make("p", { class: "notice", id: entry.id, "data-seq": seq, "data-day": entry.dataset.day }, own ? w("talkYouRecalled") : w("talkRecalled", lineOf(entry) ? { name: lineOf(entry).by } : {}));
  if (own) line.setAttribute("data-own", "");
  if (own && words.has(seq)) {
    const again = make("button", { type: "button", class: "link-button" }, w("talkEditAgain"));
    again.addEventListener("click", () => document.dispatchEvent(new CustomEvent("talk:edit", { detail: { text: words.get(seq) } })));
    line.append(" ", again);
  }
  entry.replaceWith(line);
}
