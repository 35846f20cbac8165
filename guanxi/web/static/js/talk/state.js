// How live this page is, in one banner: polling, no network at all, or a kept page with the time it was kept.
import { icon, make, w } from "../words.js";
import * as wire from "./wire.js";

const root = document.documentElement;
const place = () => document.getElementById("list-banner")?.checkVisibility?.() ? document.getElementById("list-banner") : document.getElementById("banner");
const time = (moment) => new Date(moment).toLocaleString(root.lang, { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });

function say(key) {
  const old = document.getElementById("live-state");
  if (old?.dataset.key === key) return;
  old?.remove();
  if (!key) return;
  const name = key === "talkPolling" ? "retry" : "offline";
  place()?.prepend(make("p", { class: "banner", role: "status", id: "live-state", "data-key": key }, icon(name), make("span", { class: "grow" }, w(key, { time: root.dataset.kept && time(root.dataset.kept) }))));
}

const offline = () => say(root.dataset.kept ? "talkKept" : "talkOffline");

export function start() {
  wire.on("polling", (frame) => say(frame.on ? "talkPolling" : ""));
  wire.on("offline", offline);
  addEventListener("offline", offline);
  if (!navigator.onLine || root.dataset.kept) offline();
  wire.on("open", () => {
    delete root.dataset.kept;
    say("");
  });
}
