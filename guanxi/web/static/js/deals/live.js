// A deal's page follows its conversation: when something new stands there, the page's parts are drawn again.
import * as wire from "../talk/wire.js";

const PARTS = ["deal", "deal-acts", "deal-others", "deal-more-open"];
const conversation = document.querySelector("[data-live]").dataset.live;
let busy = false;
let again = false;

async function refresh() {
  if (busy) return void (again = true);
  if (document.querySelector("dialog[open]")) return void setTimeout(refresh, 1000); // not under somebody's hands
  busy = true;
  try {
    const answer = await fetch(location.pathname);
    if (!answer.ok || answer.redirected) return;
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (document.querySelector("dialog[open]")) return void (again = true); // opened while we asked
    for (const id of PARTS) {
      const [old, fresh] = [document.getElementById(id), next.getElementById(id)];
      if (!old || !fresh) continue;
      const open = old.querySelector("details[open]");
      old.replaceWith(fresh);
      if (open) fresh.querySelectorAll("details").forEach((e) => (e.open = true));
      window.htmx?.process(fresh);
    }
  } catch {
    // the next frame, or the next poll, asks again
  } finally {
    busy = false;
    if (again) {
      again = false;
      refresh();
    }
  }
}

for (const op of ["entry", "head"]) wire.on(op, (frame) => frame.c === conversation && refresh());
wire.on("heads", (frame) => conversation in frame.heads && refresh());
wire.start();
