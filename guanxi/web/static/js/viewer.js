// A picture in full; arrow keys and the edges lead to its neighbours, Esc and back close.
import { openSheet, closeSheet } from "./sheet.js";
import { icon, make, w } from "./words.js";

const neighbours = (link) => [...(link.closest("[data-gallery], .stream, main") || document).querySelectorAll("a[data-viewer]")];

function show(dialog, links, n) {
  const link = links[n];
  const alt = link.querySelector("img")?.alt || "";
  dialog.querySelector("img").replaceWith(make("img", { src: link.href, alt }));
  dialog.querySelector("h2").textContent = alt;
  dialog.dataset.at = n;
}

function open(link) {
  const links = neighbours(link);
  const close = make("button", { type: "button", class: "icon-button", "data-close": "", "aria-label": w("close") }, icon("close"));
  const head = make("div", { class: "viewer-head" }, make("h2", { id: "viewer-t", tabindex: "-1", class: "one-line" }), close);
  const dialog = make("dialog", { class: "viewer", id: "viewer", "aria-labelledby": "viewer-t", "data-auto": "" }, head, make("img", { alt: "" }));
  document.body.append(dialog);
  show(dialog, links, links.indexOf(link));
  dialog.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (way) show(dialog, links, (Number(dialog.dataset.at) + way + links.length) % links.length);
  });
  dialog.addEventListener("click", (event) => {
    if (event.target.tagName !== "IMG") return;
    if (links.length < 2) return closeSheet(dialog);
    const way = event.offsetX < event.target.clientWidth / 2 ? -1 : 1;
    show(dialog, links, (Number(dialog.dataset.at) + way + links.length) % links.length);
  });
  openSheet(dialog);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-viewer]");
  if (!link || event.metaKey || event.ctrlKey || event.button) return;
  event.preventDefault();
  open(link);
});
