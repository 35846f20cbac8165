// Turns push on for this device, after a tap and never before. https://www.w3.org/TR/push-api/
import { toast } from "../toast.js";

const place = document.querySelector("[data-push]");
const on = place?.querySelector("[data-push-on]");
const off = place?.querySelector("[data-push-off]");
const chosen = place?.querySelector("[data-push-chosen]");
const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

async function unsubscribe() {
  const worker = await navigator.serviceWorker.getRegistration();
  await (await worker?.pushManager.getSubscription())?.unsubscribe();
}

async function turnOn() {
  if ((await Notification.requestPermission()) !== "granted") return toast(place.dataset.denied, { stays: true });
  await unsubscribe(); // what another person or key left here
  const worker = await navigator.serviceWorker.ready;
  const made = (await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(place.dataset.push) })).toJSON();
  const said = new FormData(on);
  for (const [name, value] of Object.entries({ endpoint: made.endpoint, ...made.keys })) said.set(name, value);
  const answer = await fetch(on.action, { method: "POST", body: said, headers: { Accept: "application/json" } });
  if (!answer.ok) {
    await unsubscribe();
    throw new Error("refused");
  }
  location.assign("/me/notices");
}

if (able && on) {
  on.hidden = false;
  place.querySelector("[data-push-none]").hidden = true;
  on.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (on.asking) return;
    on.asking = true;
    turnOn().catch(() => toast(place.dataset.failed, { stays: true })).finally(() => { on.asking = false; });
  }, true);
}

// Kept at once: the button at the foot belongs to the other form.
chosen?.addEventListener("change", async ({ target }) => {
  const answer = await fetch(chosen.action, { method: "POST", body: new FormData(chosen) }).catch(() => null);
  if (!answer?.ok) target.checked = !target.checked;
  toast(answer?.ok ? place.dataset.saved : place.dataset.failed);
});

if (able && off) off.addEventListener("submit", () => { unsubscribe().catch(() => {}); });
