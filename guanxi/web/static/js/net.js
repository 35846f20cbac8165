// When the network or the server does not answer: say so, keep what was written, offer to try again.
import { toast } from "./toast.js";
import { icon, make, w } from "./words.js";

const again = (event) => {
  const { elt, requestConfig } = event.detail;
  return () => {
    if (elt instanceof HTMLFormElement) (elt.querySelector('[type="submit"]') || document.querySelector(`[type="submit"][form="${elt.id}"]`))?.click();
    else window.htmx.ajax(requestConfig.verb, requestConfig.path, { source: elt, target: requestConfig.target });
  };
};

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => toast(w(navigator.onLine ? "failed" : "offline"), { act: w("retry"), run: again(event), stays: true }));
}

// Our own answers say where they belong (HX-Retarget) or are 409/422 of the page; anything else came from in between.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { status } = event.detail.xhr;
  if (status < 400 || status === 409 || status === 422 || event.detail.xhr.getResponseHeader("HX-Retarget")) return;
  event.detail.shouldSwap = false;
  toast(w("failed"), { act: w("retry"), run: again(event), stays: true });
});

function offline() {
  if (document.getElementById("offline") || document.querySelector('meta[name="talk"]')) return; // talk says it itself (talk/state.js)
  const line = make("p", { class: "banner", role: "status", id: "offline" }, icon("offline"), make("span", { class: "grow" }, w("offline")));
  document.getElementById("banner")?.append(line);
}

addEventListener("offline", offline);
addEventListener("online", () => document.getElementById("offline")?.remove());
if (!navigator.onLine) offline();
