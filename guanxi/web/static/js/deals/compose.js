// The RFQ composer: the draft is kept as it is typed, the button names how many get it, rows come by paste from a spreadsheet.
import { lineTotal, read, show } from "./exact.js";
import { addRow, renumber } from "../rows.js";
import { closeSheet, openSheet } from "../sheet.js";
import { w } from "../words.js";
import { uploads } from "./uploads.js";

const form = document.querySelector("form[data-compose]");
const said = document.querySelector("[data-said]");
const box = document.getElementById("lines");
const SIGNS = { CNY: "¥", USD: "$", EUR: "€", GBP: "£", HKD: "HK$", JPY: "JP¥" };
let timer = 0;
let saving = null;
let again = false;
let sent = false;

const say = (text) => (said.textContent = `· ${text}`);
const clock = () => new Date().toTimeString().slice(0, 5);

async function keep() {
  if (sent) return;
  if (saving) return void (again = true);
  const data = new FormData(form);
  for (const name of ["key", "list", "table"]) data.delete(name);
  saving = fetch(form.dataset.compose, { method: "POST", body: data, headers: { Accept: "application/json" } });
  try {
    const answer = await saving;
    const body = await answer.json();
    if (!answer.ok) throw new Error(body.detail || answer.status);
    const id = form.elements.namedItem("rfq");
    if (!id.value) {
      id.value = body.rfq;
      history.replaceState(history.state, "", `/rfqs/${body.rfq}/edit`);
    }
    say(w("draftSaved", { time: clock() }));
  } catch {
    say(w("draftKept"));
  } finally {
    saving = null;
    if (again) {
      again = false;
      later();
    }
  }
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(keep, 800);
}

const chosen = () => [...form.querySelectorAll('input[name="receivers"]:checked')];

const byLink = () => form.elements.namedItem("door_open").value === "on";

function names() {
  const some = chosen().map((one) => one.closest("label").querySelector(".strong").textContent);
  const words = some.length ? w(some.length === 1 ? "sendOne" : "sendMany", { num: some.length }) : w(byLink() ? "sendLink" : "sendNobody");
  document.querySelectorAll("[data-send-words]").forEach((button) => (button.textContent = words));
  document.querySelector("[data-confirm-names]").textContent = some.join(w("listComma")) || w(byLink() ? "linkOnly" : "chooseSupplier");
}

function total() {
  let sum = 0n;
  const code = form.elements.namedItem("currency").value;
  const places = code === "JPY" ? 0 : 2;
  for (const row of box.querySelectorAll("[data-row]")) {
    const price = read(row.querySelector("[data-price]").value);
    const quantity = read(row.querySelector("[data-quantity]").value);
    if (price && quantity) sum += lineTotal(price, quantity, places);
  }
  document.querySelector("[data-target-total]").textContent = sum ? SIGNS[code] + show(sum, places) : "–";
}

function changed() {
  names();
  total();
  later();
}

form.addEventListener("input", (event) => event.target.matches("[data-find], [data-upload-input], [data-list], [data-table]") || changed());
document.addEventListener("rows:change", changed);

// A list, pasted or typed: the server reads it, empty rows are filled, the rest are added.
const written = form.querySelector("[data-list]");
const listSaid = form.querySelector("[data-list-said]");
const NAMES = ["name", "spec", "quantity", "unit", "target_price"];
const inputs = (row) => NAMES.map((name) => row.querySelector(`[name$=".${name}"]`));
const isEmpty = (row) => inputs(row).every((input) => !input.value);

async function takeList(text) {
  if (!text.trim()) return;
  const data = new FormData();
  for (const name of ["csrfmiddlewaretoken", "as"]) data.set(name, form.elements.namedItem(name).value);
  data.set("list", text);
  const answer = await fetch(written.dataset.list, { method: "POST", body: data, headers: { Accept: "application/json" } }).catch(() => null);
  const body = answer ? await answer.json() : { detail: w("offline") };
  if (!answer?.ok) return void (listSaid.textContent = body.fields?.list || body.detail);
  const free = [...box.querySelectorAll("[data-row]")].filter(isEmpty);
  for (const line of body.lines) {
    const row = free.shift() || addRow(box, { focus: false });
    inputs(row).forEach((input, n) => (input.value = line[NAMES[n]]));
  }
  const title = form.elements.namedItem("title");
  title.value ||= body.title;
  written.value = "";
  listSaid.textContent = w(body.wrong ? "listSome" : body.lines.length === 1 ? "listTakenOne" : "listTaken", { num: body.lines.length, wrong: body.wrong });
  box.classList.toggle("is-many", box.querySelectorAll("[data-row]").length > 20);
  renumber(box);
}

form.addEventListener("paste", (event) => {
  const text = event.clipboardData?.getData("text/plain") || "";
  const field = event.target.closest("[data-paste-rows]");
  if (event.target !== written && !(field && /\t|\n./.test(text))) return;
  event.preventDefault();
  if (event.target === written) written.value = text;
  takeList(text);
});
form.querySelector("[data-take-list]").addEventListener("click", (event) => {
  event.preventDefault();
  if (!event.detail && document.activeElement !== event.currentTarget) return; // Enter in another field
  written.value.trim() ? takeList(written.value) : written.focus();
});

// A file goes up with the form; the server shows how it reads it.
form.querySelector("[data-table]").addEventListener("change", (event) => {
  if (!event.target.files.length) return;
  clearTimeout(timer);
  sent = true;
  form.action = "/rfqs/import";
  form.enctype = "multipart/form-data";
  form.submit();
});

// A company by its exact name: found ones join the list, ticked.
let asking = 0;
document.querySelector("[data-find]").addEventListener("input", (event) => {
  clearTimeout(asking);
  const field = event.target;
  if (event.isComposing) return;
  asking = setTimeout(async () => {
    const answer = await fetch(`${field.dataset.find}?q=${encodeURIComponent(field.value)}`, { headers: { "X-Part": "1" } });
    if (answer.ok) document.getElementById("found").innerHTML = await answer.text();
  }, 400);
});
document.getElementById("found").addEventListener("change", (event) => {
  const label = event.target.closest("label");
  const known = form.querySelector(`#chosen input[value="${CSS.escape(event.target.value)}"]`);
  if (known) known.checked = event.target.checked;
  else document.getElementById("chosen").append(label);
  document.getElementById("found").replaceChildren();
  document.querySelector("[data-find]").value = "";
  changed();
});

uploads(form, changed);

document.querySelector("[data-save-draft]").addEventListener("click", (event) => {
  event.preventDefault();
  keep();
});
document.querySelector("[data-confirm]").addEventListener("click", (event) => {
  event.preventDefault();
  openSheet(event.currentTarget.dataset.confirm);
});
document.querySelector("[data-send-now]").addEventListener("click", () => {
  clearTimeout(timer);
  sent = true;
  closeSheet(document.getElementById("confirm-send"));
});
document.addEventListener("htmx:afterRequest", (event) => event.detail.elt === form && event.detail.xhr.status >= 400 && (sent = false));
names();
total();
