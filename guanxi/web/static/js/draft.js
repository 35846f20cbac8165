// A form with data-draft="address" is kept on the server as it is written; the bar says when it was last saved.
import { w } from "./words.js";

const timers = new WeakMap();

function say(form, text) {
  const place = document.querySelector("[data-draft-said]");
  if (place) place.textContent = text;
}

async function save(form) {
  if (form.getAttribute("aria-busy") === "true") return;
  const data = new FormData(form);
  data.delete("key"); // a draft is kept as often as it is typed
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body: data, headers: { "X-Stay": "1", Accept: "application/json" }, keepalive: true });
    if (!answer.ok) throw new Error(answer.status);
    form.dirty = false;
    const now = new Date();
    say(form, w("draftSaved", { time: `${String(now.getHours()).padStart(2, "0")}:${String(now.getMinutes()).padStart(2, "0")}` }));
  } catch {
    say(form, w("draftKept"));
  }
}

function later(event) {
  const form = event.target.closest?.("form[data-draft]");
  if (!form) return;
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => { timers.delete(form); save(form); }, 800));
}

document.addEventListener("input", later);
document.addEventListener("rows:change", later);
addEventListener("pagehide", () => document.querySelectorAll("form[data-draft]").forEach((form) => timers.has(form) && save(form)));
