// Decimal arithmetic on whole numbers, as the server does it: no float ever touches a price. The server decides; this only shows.
const pattern = /^\d{1,15}(\.\d+)?$/;

// "1,250.50", "１２" -> { units: 125050n, places: 2 }, or null.
export function read(text) {
  let plain = String(text ?? "").normalize("NFKC").trim();
  if (/^\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain)) plain = plain.replaceAll(",", "");
  if (!pattern.test(plain)) return null;
  const [whole, part = ""] = plain.split(".");
  return { units: BigInt(whole + part), places: part.length };
}

const ten = (n) => 10n ** BigInt(n);
const halfUp = (value, divisor) => (2n * value + divisor) / (2n * divisor);

// Price x quantity in minor units of a currency with `exponent` decimals, rounded once, half up.
export function lineTotal(price, quantity, exponent) {
  const product = price.units * quantity.units * ten(exponent);
  return halfUp(product, ten(price.places + quantity.places));
}

// An amount people typed, in minor units, or null when it has too many decimals.
export function minor(amount, exponent) {
  return amount.places > exponent ? null : amount.units * ten(exponent - amount.places);
}

export const percentOf = (amount, rate) => halfUp(amount * rate.units, 100n * ten(rate.places));

// Parts by weight, largest remainder first, as guanxi.base.money.split.
export function split(total, weights) {
  const whole = weights.reduce((sum, one) => sum + one, 0n);
  if (whole <= 0n) return weights.map(() => 0n);
  const parts = weights.map((one) => (total * one) / whole);
  const order = weights.map((one, n) => [(total * one) % whole, n]).sort((a, b) => (a[0] === b[0] ? a[1] - b[1] : a[0] > b[0] ? -1 : 1));
  let rest = total - parts.reduce((sum, one) => sum + one, 0n);
  for (const [, n] of order) {
    if (rest <= 0n) break;
    parts[n] += 1n;
    rest -= 1n;
  }
  return parts;
}

// 1400000n -> "14,000.00"
export function show(amount, exponent) {
  const below = amount < 0n;
  const digits = String(below ? -amount : amount).padStart(exponent + 1, "0");
  const cut = digits.length - exponent;
  const whole = digits.slice(0, cut).replace(/\B(?=(\d{3})+$)/g, ",");
  return (below ? "−" : "") + whole + (exponent ? "." + digits.slice(cut) : "");
}
