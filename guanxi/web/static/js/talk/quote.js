// What a text answers: drawn above it, found on the page; a tap leads there.
import { make, w } from "../words.js";

const node = (seq) => document.getElementById(`e${seq}`);
const nameOf = (entry) => entry.querySelector(":scope > :is(.visually-hidden, .entry-name)")?.textContent || document.querySelector("#stream")?.dataset.me || "";

// Words of an entry as a line; null for cards, which only the server can say.
export function lineOf(entry) {
  if (!entry || entry.classList.contains("is-card")) return null;
  if (entry.classList.contains("notice")) return { by: "", words: entry.textContent.trim() };
  const bubble = entry.querySelector(".bubble");
  return { by: nameOf(entry), words: bubble ? textOf(bubble) : w("talkPhoto") };
}

export function textOf(bubble) {
  const copy = bubble.cloneNode(true);
  copy.querySelectorAll(".quoted").forEach((one) => one.remove());
  return copy.textContent.trim();
}

export const said = (seq) => lineOf(node(seq));

export function draw(seq, { by, words }) {
  const line = `${by ? `${by}: ` : ""}${words.split(/\s+/).join(" ").slice(0, 120)}`;
  return make("a", { class: "quoted", href: `?at=${seq}#e${seq}`, "data-to": seq }, make("span", { class: "one-line" }, line));
}

export function forget(seq) {
  for (const one of document.querySelectorAll(`.quoted[data-to="${seq}"] > span`)) one.textContent = w("talkQuoteRecalled");
}

export function flash(entry) {
  entry.scrollIntoView({ block: "center" });
  entry.classList.add("is-found");
  setTimeout(() => entry.classList.remove("is-found"), 1600);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest(".quoted");
  const target = link && node(link.dataset.to);
  if (!target) return;
  event.preventDefault();
  flash(target);
});
