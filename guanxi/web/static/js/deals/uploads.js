// Photos and files of a form go up at once; the form names them by id.
import { icon, make, w } from "../words.js";

function chip(file) {
  const drop = make("button", { type: "button", class: "chip-button", "data-drop-file": "", "aria-label": `${w("remove")} ${file.name}` }, icon("close", "tiny"));
  return make("li", { class: "chip" }, file.name, make("input", { type: "hidden", name: "files", value: file.id }), drop);
}

export function uploads(form, changed) {
  const list = form.querySelector("[data-files-list]");
  const said = form.querySelector("[data-upload-said]");
  if (!list) return;
  form.querySelector("[data-upload-input]").addEventListener("change", async (event) => {
    for (const file of [...event.target.files].slice(0, 9 - list.children.length)) {
      said.textContent = w("uploading", { name: file.name });
      const data = new FormData();
      for (const name of ["csrfmiddlewaretoken", "as"]) data.set(name, form.elements.namedItem(name).value);
      data.set("file", file);
      const answer = await fetch(form.dataset.upload, { method: "POST", body: data, headers: { Accept: "application/json" } }).catch(() => null);
      const body = answer ? await answer.json() : { detail: w("offline") };
      said.textContent = answer?.ok ? "" : body.fields?.file || body.detail;
      if (answer?.ok) list.append(chip(body));
    }
    event.target.value = "";
    changed();
  });
  list.addEventListener("click", (event) => {
    if (!event.target.closest("[data-drop-file]")) return;
    event.target.closest("li").remove();
    changed();
  });
}
