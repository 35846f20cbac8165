// The entry of every page with talk on it: the list, and the open conversation if there is one.
import { closeSheet } from "../sheet.js";
import { data } from "./data.js";
import * as kept from "./kept.js";
import * as list from "./list.js";
import * as pages from "./pages.js";
import * as sending from "./send.js";
import * as state from "./state.js";
import * as wire from "./wire.js";

state.start();
pages.start();
list.start();
if (data.conversation) {
  const [stream, composer, menu, voice] = await Promise.all([import("./stream.js"), import("./composer.js"), import("./menu.js"), import("./voice.js")]);
  stream.start();
  composer.start();
  menu.start();
  voice.start();
  document.addEventListener("talk:sent", async () => (await stream.pull(), stream.newest()));
  stream.side(document.getElementById("side")?.dataset.src);
  // An act done in a sheet over this page: the sheet goes once the form is free again, the entries come.
  document.addEventListener("guanxi:done", (event) => {
    if (!("muted" in (event.detail || {}))) return;
    document.getElementById("muted").hidden = !event.detail.muted;
    document.dispatchEvent(new CustomEvent("talk:read", { detail: event.detail }));
  });
  document.addEventListener("guanxi:done", () => setTimeout(async () => {
    document.querySelectorAll("dialog[open]").forEach((one) => closeSheet(one));
    await stream.newest();
    await stream.pull();
    stream.changed();
  }, 60));
}
kept.wipeOthers();
wire.on("open", () => (document.documentElement.dataset.talk = "open"));
wire.on("lost", () => (document.documentElement.dataset.talk = "closed"));
document.documentElement.dataset.talk = "closed"; // what was typed before the scripts came is still in the field
await sending.resume();
wire.start();
