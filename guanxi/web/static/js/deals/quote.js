// The quote editor: every key answers with the landed total as the other side will see it.
import { lineTotal, minor, percentOf, read, show, split } from "./exact.js";
import { w } from "../words.js";
import { uploads } from "./uploads.js";

const form = document.querySelector("form[data-quote]");
const places = Number(form.dataset.quote);
const sign = form.dataset.currency;
const PRESETS = { 100: ["100"], "30-70": ["30", "70"], "50-50": ["50", "50"] };
const say = (selector, text, root = document) => root.querySelectorAll(selector).forEach((e) => (e.textContent = text));
const rates = () => read(form.elements.namedItem("tax_rate").value) || { units: 0n, places: 0 };

const less = (a, b) => a.units * 10n ** BigInt(b.places) < b.units * 10n ** BigInt(a.places);

// What is offered: what was asked, or the least that is sold.
function offered(line) {
  const asked = read(line.dataset.quantity);
  const least = read(line.dataset.minimum || line.querySelector("[data-minimum]")?.value);
  return least && less(asked, least) ? least : asked;
}

// The price of the highest break this quantity reaches.
function atBreak(line, base, quantity) {
  let price = base;
  for (const row of line.querySelectorAll("[data-break]")) {
    const [from, at] = [...row.querySelectorAll("input")].map((input) => read(input.value));
    if (base && from && at && !less(quantity, from)) price = at;
  }
  return price;
}

function goods() {
  let sum = 0n;
  for (const line of form.querySelectorAll("[data-line]")) {
    const field = line.querySelector("[data-price]");
    const quantity = offered(line);
    const price = field.disabled ? null : atBreak(line, read(field.value), quantity);
    const total = price && lineTotal(price, quantity, places);
    say("[data-subtotal]", total === null ? "–" : sign + show(total, places), line);
    if (total) sum += total;
  }
  return sum;
}

function difference(total) {
  const compared = [["aboveTheirs", "belowTheirs", form.dataset.theirTotal], ["aboveOurs", "belowOurs", form.dataset.myTotal]];
  const said = [];
  for (const [above, below, text] of compared) {
    if (!text) continue;
    const other = BigInt(text);
    const apart = total - other;
    if (apart === 0n) continue;
    const far = apart < 0n ? -apart : apart;
    const share = (Number((far * 1000n) / (other || 1n)) / 10).toFixed(1);
    said.push(w(apart > 0n ? above : below, { sum: show(far, places), percent: share }));
  }
  return said.join(w("comma"));
}

function stages(total) {
  const rows = [...form.querySelectorAll("[data-stage-row]")];
  const shares = rows.map((row) => read(row.querySelector("input").value) || { units: 0n, places: 0 });
  const weights = shares.map((share) => minor(share, 2) || 0n);
  const parts = split(total, weights);
  rows.forEach((row, n) => say("[data-stage-sum]", weights[n] ? sign + show(parts[n], places) : "", row));
}

function count() {
  const inside = form.elements.namedItem("tax_in").value === "in";
  const typed = read(form.elements.namedItem("freight").value || "0");
  const freight = (typed && minor(typed, places)) || 0n;
  const sum = goods();
  const tax = inside ? 0n : percentOf(sum + freight, rates());
  const total = sum + freight + tax;
  const words = form.querySelector("[data-goods-words]");
  words.textContent = inside ? words.dataset.in.replace("{rate}", form.elements.namedItem("tax_rate").value) : words.dataset.out;
  say("[data-goods]", sign + show(sum, places));
  say("[data-tax]", sign + show(tax, places));
  say("[data-freight-sum]", sign + show(freight, places));
  say("[data-total], [data-total-bar]", sign + show(total, places));
  say("[data-difference]", sum ? difference(total) : "");
  stages(total);
}

function preset(name) {
  const shares = PRESETS[name];
  form.querySelector("[data-stages]").hidden = Boolean(shares);
  if (!shares) return;
  form.querySelectorAll("[data-stage-row] input").forEach((field, n) => (field.value = shares[n] || ""));
}

form.addEventListener("input", (event) => {
  if (event.target.matches("[data-preset]")) preset(event.target.value);
  if (event.target.matches("[data-unavailable]")) event.target.closest("[data-line]").querySelector("[data-price]").disabled = event.target.checked;
  count();
});

// In long lists the fields of a line stand there once somebody wants them.
form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-more]");
  if (!button) return;
  const holder = document.createElement("template");
  holder.innerHTML = document.getElementById("more-line").innerHTML.replaceAll("__n__", button.dataset.more);
  const fields = holder.content.firstElementChild;
  button.replaceWith(fields);
  fields.querySelector("input").focus();
});

// Enter goes to the next price, as in a sheet; only the button sends.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("input") || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  const fields = [...form.querySelectorAll("input:not([type=hidden]):not([disabled]), select, textarea")];
  fields[fields.indexOf(event.target) + 1]?.focus();
});

uploads(form, () => form.dispatchEvent(new Event("input", { bubbles: true })));
preset(form.querySelector("[data-preset]").value);
count();
