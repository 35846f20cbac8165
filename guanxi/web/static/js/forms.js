// Wrong fields are marked where they stand; leaving with unsent changes asks first; chosen files are named.
import { composing, icon, make, w } from "./words.js";

let count = 0;

function mark(form, name, words) {
  const found = form.elements.namedItem(name) || form.querySelector(`[name^="${CSS.escape(name)}"]`);
  const control = found instanceof RadioNodeList ? found[0] : found;
  if (!control || control.type === "hidden") return null;
  unmark(control);
  const id = `error-${++count}`;
  control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-describedby", `${id} ${control.getAttribute("aria-describedby") || ""}`.trim());
  const field = control.closest(".field, .stepper-field, .switch, .dropzone, td") || control.parentElement;
  field.append(make("p", { class: "field-error", id, "data-made": "" }, icon("alert", "tiny"), make("span", {}, words)));
  return control;
}

function unmark(control) {
  if (control.getAttribute("aria-invalid") !== "true") return;
  control.removeAttribute("aria-invalid");
  for (const id of (control.getAttribute("aria-describedby") || "").split(" ")) {
    const said = id && document.getElementById(id);
    if (said?.classList.contains("field-error")) said.remove();
  }
}

// Sent by the server beside a 422 (guanxi.web.errors): every field found is marked; only what is not found needs the sheet.
document.addEventListener("guanxi:invalid", (event) => {
  const form = event.target.closest("form");
  if (!form) return;
  const marked = Object.entries(event.detail.fields).map(([name, words]) => mark(form, name, words));
  form.allMarked = marked.every(Boolean);
  const first = marked.filter(Boolean).sort((a, b) => (a.compareDocumentPosition(b) & 4 ? -1 : 1))[0];
  if (form.allMarked) {
    first.focus();
    first.scrollIntoView({ block: "center" });
  }
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const form = event.detail.requestConfig.elt;
  if (event.detail.xhr.status !== 422 || !form.allMarked) return;
  event.detail.shouldSwap = false;
  form.allMarked = false;
});

document.addEventListener("input", (event) => {
  if (event.target.form?.matches("[data-guard]")) event.target.form.dirty = true;
  if (event.target.matches("input, textarea, select")) unmark(event.target);
});

addEventListener("beforeunload", (event) => {
  const open = [...document.querySelectorAll("form[data-guard]")].some((form) => form.dirty && form.getAttribute("aria-busy") !== "true");
  if (!open) return;
  event.preventDefault();
  event.returnValue = w("leave");
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("input[data-files]")) return;
  const said = event.target.parentElement.querySelector("[data-chosen]");
  if (said) said.textContent = [...event.target.files].map((file) => file.name).join(", ");
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  if (composing(event)) {
    if (event.target.tagName === "INPUT") event.preventDefault();
    return;
  }
  if (event.target.matches('textarea[data-enter="send"]') && !event.shiftKey) {
    event.preventDefault();
    event.target.form.querySelector('[type="submit"]').click();
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-unfold]");
  if (!button) return;
  const rest = button.previousElementSibling.querySelector("[data-rest]");
  rest.hidden = false;
  button.remove();
});
