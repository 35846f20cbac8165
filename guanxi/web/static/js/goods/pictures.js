// Pictures of a listing: kept at once, shown small, named by the form; one that fails says why.
import { icon, make, w } from "../words.js";

const form = document.getElementById("goods");
const list = form.querySelector("[data-pictures]");
const said = form.querySelector("[data-picture-said]");

async function add(file, address) {
  said.textContent = w("uploading", { name: file.name });
  const data = new FormData();
  for (const name of ["csrfmiddlewaretoken", "as"]) data.set(name, form.elements.namedItem(name).value);
  data.set("file", file);
  try {
    const answer = await fetch(address, { method: "POST", body: data, headers: { Accept: "application/json" } });
    const body = await answer.json();
    if (!answer.ok) throw new Error(body.detail || w("failed"));
    const drop = make("button", { type: "button", class: "chip-button", "data-drop-picture": "", "aria-label": w("remove") }, icon("close", "tiny"));
    const image = make("img", { src: `/files/${body.id}/thumb`, alt: body.name, width: 72, height: 72 });
    list.append(make("li", { class: "goods-picked" }, image, make("input", { type: "hidden", name: "pictures", value: body.id }), drop));
    said.textContent = "";
  } catch (error) {
    said.textContent = error.message;
  }
}

form.addEventListener("change", async (event) => {
  const input = event.target.closest("[data-picture-input]");
  if (!input) return;
  for (const file of input.files) await add(file, input.dataset.pictureInput);
  input.value = "";
});

form.addEventListener("click", (event) => event.target.closest("[data-drop-picture]")?.closest("li").remove());
