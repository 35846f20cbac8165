// data-copy: its text to the clipboard, also where the clipboard API is missing (plain http, old WebViews).
import { toast } from "./toast.js";
import { make, w } from "./words.js";

function copyBySelection(text) {
  const area = make("textarea", { class: "visually-hidden", readonly: "" });
  area.value = text;
  (document.querySelector("dialog[open]") || document.body).append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  let done = false;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    done = true;
  } catch {
    done = copyBySelection(button.dataset.copy);
  }
  toast(w(done ? "copied" : "notCopied"));
});
