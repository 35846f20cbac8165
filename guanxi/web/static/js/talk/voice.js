// Voice: recorded where the browser can, sent as one act, played by decoding (no media address, so no ranges and no embedding).
import { closeSheet } from "../sheet.js";
import { newKey, w } from "../words.js";
import { toast } from "../toast.js";
import { at, post } from "./data.js";

const MOST = 60;
const TYPES = ["audio/mp4", "audio/webm;codecs=opus", "audio/webm", "audio/ogg"];
const bar = document.getElementById("recording");
const type = () => window.MediaRecorder && navigator.mediaDevices?.getUserMedia && TYPES.find((one) => MediaRecorder.isTypeSupported(one));
let recorder = null;
let began = 0;
let clock = 0;
let playing = null;

async function record() {
  const mime = type();
  if (!mime || recorder) return;
  let line;
  try {
    line = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    return toast(w("talkNoMicrophone"));
  }
  const parts = [];
  recorder = new MediaRecorder(line, { mimeType: mime, audioBitsPerSecond: 32000 });
  recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
  recorder.addEventListener("stop", () => {
    line.getTracks().forEach((one) => one.stop());
    const seconds = Math.min(MOST, Math.max(1, Math.round((Date.now() - began) / 1000)));
    if (recorder.wanted) send(new File(parts, `voice.${mime.includes("mp4") ? "m4a" : mime.includes("ogg") ? "ogg" : "webm"}`, { type: mime }), seconds);
    recorder = null;
  });
  began = Date.now();
  recorder.start();
  bar.hidden = false;
  clock = setInterval(tick, 500);
  tick();
}

function tick() {
  const seconds = Math.round((Date.now() - began) / 1000);
  bar.querySelector("[role=status]").textContent = w("talkRecording", { seconds, most: MOST });
  if (seconds >= MOST) stop(true);
}

function stop(wanted) {
  clearInterval(clock);
  bar.hidden = true;
  if (!recorder || recorder.state === "inactive") return;
  recorder.wanted = wanted;
  recorder.stop();
}

async function send(file, seconds) {
  const answer = await post(at("/voice/speak"), { seconds, key: newKey() }, { files: { file } }).catch(() => null);
  if (answer?.ok) return document.dispatchEvent(new CustomEvent("talk:sent"));
  const said = await answer?.json().catch(() => null);
  return toast(said?.detail || w("talkUploadFailed", { name: w("talkVoice") }));
}

async function play(link) {
  const same = playing?.link === link;
  playing?.source.stop();
  playing = null;
  if (same) return;
  try {
    const sound = new AudioContext();
    const source = sound.createBufferSource();
    const answer = await fetch(link.href);
    source.buffer = await sound.decodeAudioData(await answer.arrayBuffer());
    source.connect(sound.destination);
    link.classList.add("is-playing");
    source.addEventListener("ended", () => link.classList.remove("is-playing") || sound.close());
    source.start();
    playing = { link, source };
  } catch {
    toast(w("talkNoSound"));
  }
}

export function start() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-voice]");
    if (!link) return;
    event.preventDefault();
    play(link);
  });
  const button = document.querySelector("[data-record]");
  if (!button || !bar || !type()) return; // where nothing records, nothing is drawn
  button.closest("li").hidden = false;
  button.addEventListener("click", () => {
    closeSheet(button.closest("dialog"));
    setTimeout(record, 60);
  });
  bar.addEventListener("click", (event) => {
    if (event.target.closest("[data-voice-off]")) stop(false);
    if (event.target.closest("[data-voice-send]")) stop(true);
  });
}
