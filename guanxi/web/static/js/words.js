// The page's words, handed over by the server; `{name}` is filled in.
const all = JSON.parse(document.querySelector('meta[name="words"]')?.content || "{}");

export function w(key, values = {}) {
  return (all[key] || key).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

// crypto.randomUUID exists only on secure origins; an instance in a market hall may be plain http.
export function newKey() {
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 15) | 64;
  b[8] = (b[8] & 63) | 128;
  const hex = [...b].map((n) => n.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export const icon = (name, size = "small") => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", `icon is-${size}`);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${document.querySelector('meta[name="icons"]').content}#${name}`);
  svg.append(use);
  return svg;
};

export function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export const editable = (e) => e instanceof HTMLElement && (e.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(e.tagName));

// Enter that ends a choice of characters: Safari sends it after compositionend with key code 229.
export const composing = (event) => event.isComposing || event.keyCode === 229;
