// The list of conversations: rows come up when something happens in them, counts clear when one has read.
import { part, data } from "./data.js";
import * as wire from "./wire.js";

const place = document.querySelector(".list-place");
const due = new Map();
const wide = matchMedia("(min-width: 45rem)");
const rowOf = (conversation) => place?.querySelector(`[data-row="${CSS.escape(conversation)}"]`);
const list = () => place?.querySelector("#rows");

async function whole() {
  if (!place?.dataset.list || !wide.matches || list()) return;
  const found = await part(place.dataset.list);
  if (!found) return;
  place.replaceChildren(...found.nodes);
  window.htmx?.process(place);
  document.dispatchEvent(new CustomEvent("talk:grown"));
  place.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
}

// One row again, soon: several frames about it make one request.
function renew(conversation, wait = 150 + Math.random() * 400) {
  if (!place || due.has(conversation) || (!list() && !place.querySelector(".empty"))) return;
  due.set(conversation, setTimeout(async () => {
    due.delete(conversation);
    if (!list()) return location.reload(); // the first conversation of an empty list
    const found = await part(`/m/row/${conversation}${data.conversation ? `?open=${data.conversation}` : ""}`);
    const old = rowOf(conversation);
    const row = found?.nodes.find((node) => node.dataset.row);
    if (!row) return;
    const view = list().dataset.view;
    if (view === "all" && !(old && "pinned" in old.dataset && "pinned" in row.dataset) && (!old || old.dataset.head !== row.dataset.head || "pinned" in old.dataset !== "pinned" in row.dataset)) {
      old?.remove();
      const after = [...list().children].find((other) => other.dataset.row && ("pinned" in other.dataset ? "pinned" in row.dataset : "pinned" in row.dataset || other.dataset.at < row.dataset.at));
      list().insertBefore(row, after || list().querySelector(".rows-more"));
    } else old?.replaceWith(row);
  }, wait));
}

export function start() {
  whole();
  wide.addEventListener("change", whole);
  document.addEventListener("talk:read", (event) => renew(event.detail.conversation, 500));
  place?.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-more-rows]");
    if (!link) return;
    event.preventDefault();
    const found = await part(link.dataset.moreRows);
    if (found) link.closest("li").replaceWith(...found.nodes);
  });
}

wire.on("entry", (frame) => renew(frame.c));
wire.on("head", (frame) => renew(frame.c));
wire.on("ack", (frame) => renew(frame.c));
wire.on("read", (frame) => frame.person === data.person && renew(frame.c));
wire.on("gone", (frame) => rowOf(frame.c)?.remove());
wire.on("heads", (frame) => Object.entries(frame.heads).forEach(([c, seq]) => Number(rowOf(c)?.dataset.head || 0) < seq && renew(c)));
