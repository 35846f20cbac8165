// Sizes and quantities on a listing: the price step in force, each line and the total answer at once. The server decides; this only shows.
import { lineTotal, read, show } from "../deals/exact.js";
import { w } from "../words.js";

const form = document.querySelector("form[data-pick]");
const SIGNS = { CNY: "¥", USD: "$", EUR: "€", GBP: "£", HKD: "HK$", JPY: "JP¥" };
const sign = SIGNS[form?.dataset.currency] || "";
const exponent = form?.dataset.currency === "JPY" ? 0 : 2;
const number = (text) => Number(String(text).replace(/[,\s]/g, "")) || 0;

function step(tiers, quantity) {
  let found = tiers[0];
  for (const tier of tiers) if (Number(tier[0]) <= quantity) found = tier;
  return found;
}

function draw() {
  const sizes = [...form.querySelectorAll("[data-tiers]")].map((row) => ({ row, tiers: JSON.parse(row.dataset.tiers), text: row.querySelector("input").value }));
  const whole = sizes.reduce((sum, one) => sum + number(one.text), 0);
  let total = 0n;
  let priced = true;
  let current = -1;
  for (const { row, tiers, text } of sizes) {
    const quantity = number(text);
    const tier = tiers.length ? step(tiers, form.dataset.mixed ? whole : quantity) : null;
    const shown = row.querySelector("[data-size-price]");
    if (shown && tier) shown.textContent = sign + Number(tier[1]).toLocaleString("en", { minimumFractionDigits: Math.min(2, exponent), maximumFractionDigits: 6 });
    if (!quantity) continue;
    if (tier) total += lineTotal(read(tier[1]), read(text), exponent);
    else priced = false;
    if (tier) current = tiers.indexOf(tier);
  }
  const missing = number(form.dataset.least) - whole;
  document.querySelector("[data-pick-total]").textContent = whole && priced ? sign + show(total, exponent) : "–";
  document.querySelector("[data-pick-quantity]").textContent = !whole ? "" : missing > 0 ? w("goodsMissing", { num: missing }) : w("goodsPicked", { num: whole.toLocaleString("en") });
  document.querySelectorAll(".tiers .tier").forEach((one, n) => (n === Math.max(0, current) ? one.setAttribute("aria-current", "true") : one.removeAttribute("aria-current")));
}

if (form) {
  form.addEventListener("input", draw);
  draw();
}
