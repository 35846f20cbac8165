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

export async function put(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) toast(w((await put(button.dataset.copy)) ? "copied" : "notCopied"));
});
