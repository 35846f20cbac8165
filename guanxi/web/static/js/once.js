// A form is sent once: while it is on its way its button says so and stays put. Its key survives retries and reloads
// until the server has answered, so nothing is done twice.
import { toast } from "./toast.js";
import { newKey, w } from "./words.js";

const place = (form) => `key:${form.getAttribute("action")}`;
const keyOf = (form) => form.querySelector("input[data-key]");
const sessions = {
  get: (name) => { try { return sessionStorage.getItem(name); } catch { return null; } },
  set: (name, value) => { try { value ? sessionStorage.setItem(name, value) : sessionStorage.removeItem(name); } catch { /* private mode */ } },
};

export function hold(form, submitter) {
  form.setAttribute("aria-busy", "true");
  const button = submitter || form.querySelector('[type="submit"]') || (form.id && document.querySelector(`[type="submit"][form="${form.id}"]`));
  if (!button) return;
  form.heldButton = { button, html: button.innerHTML };
  button.setAttribute("aria-disabled", "true");
  button.textContent = w("sending");
}

export function free(form) {
  form.removeAttribute("aria-busy");
  if (!form.heldButton) return;
  form.heldButton.button.innerHTML = form.heldButton.html;
  form.heldButton.button.removeAttribute("aria-disabled");
  form.heldButton = null;
}

function take(root) {
  for (const input of root.querySelectorAll("form input[data-key]")) {
    const waiting = sessions.get(place(input.form));
    if (waiting) input.value = waiting;
  }
}

document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.detail.elt;
  if (!(form instanceof HTMLFormElement) || !form.matches("[data-once]")) return;
  if (form.getAttribute("aria-busy") === "true") return event.preventDefault();
  if (!navigator.onLine) {
    event.preventDefault();
    return toast(w("offline"));
  }
  hold(form, event.detail.requestConfig.triggeringEvent?.submitter);
  const key = keyOf(form);
  if (key) sessions.set(place(form), key.value);
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt;
  if (!(form instanceof HTMLFormElement) || !form.matches("[data-once]")) return;
  const xhr = event.detail.xhr;
  const answered = xhr.status > 0 && xhr.status < 500;
  if (answered) sessions.set(place(form), "");
  if (event.detail.successful && keyOf(form)) keyOf(form).value = newKey();
  if (xhr.getResponseHeader?.("HX-Redirect")) return; // the page is leaving; the button goes on saying so
  free(form);
});

// Forms without htmx: the same hold until the next page comes.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.hasAttribute("hx-post") || form.method !== "post") return;
  if (form.getAttribute("aria-busy") === "true") return event.preventDefault();
  hold(form, event.submitter);
});

// Without a network nobody is left to think that money moved or a promise was made: only words wait for it (talk/send.js).
const WORDS = '#say, [action="/signout"], [method="dialog"], [method="get"]';

document.addEventListener("click", (event) => {
  if (navigator.onLine) return;
  const asked = event.target.closest?.('[type="submit"], a[data-sheet]');
  if (!asked || asked.form?.matches(WORDS) || (asked.form && !asked.form.action)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  toast(w("offlineAct"));
}, true);

function mark() {
  const off = !navigator.onLine;
  for (const button of document.querySelectorAll(off ? '[type="submit"]:not([aria-disabled])' : '[data-off="net"]')) {
    if (off && (!button.form || button.form.matches(WORDS))) continue;
    if (off) {
      button.dataset.off = "net";
      button.setAttribute("aria-disabled", "true");
    } else {
      delete button.dataset.off;
      button.removeAttribute("aria-disabled");
    }
  }
}

addEventListener("offline", mark);
addEventListener("online", mark);
if (!navigator.onLine) mark();

// A button that is off must not send its form.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.('[aria-disabled="true"]');
  if (button) event.preventDefault();
}, true);

addEventListener("pageshow", (event) => event.persisted && document.querySelectorAll('form[aria-busy="true"]').forEach(free));
document.addEventListener("htmx:afterSwap", (event) => take(event.detail.target));
take(document);
