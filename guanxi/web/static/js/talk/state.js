// How live this page is, in one banner: polling, or no network at all.
import { icon, make, w } from "../words.js";
import * as wire from "./wire.js";

const place = () => document.getElementById("list-banner")?.checkVisibility?.() ? document.getElementById("list-banner") : document.getElementById("banner");

function say(key) {
  const old = document.getElementById("live-state");
  if (old?.dataset.key === key) return;
  old?.remove();
  if (!key) return;
  const name = key === "talkPolling" ? "retry" : "offline";
  place()?.prepend(make("p", { class: "banner", role: "status", id: "live-state", "data-key": key }, icon(name), make("span", { class: "grow" }, w(key))));
}

export function start() {
  wire.on("polling", (frame) => say(frame.on ? "talkPolling" : ""));
  wire.on("offline", () => say("talkOffline"));
  wire.on("open", () => say(""));
}
