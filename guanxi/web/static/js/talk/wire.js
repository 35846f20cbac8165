// The live line: a socket while it can be had, polling while it cannot, and saying so. Listeners get frames by `op`.
import { wipe } from "../wipe.js";
import { data } from "./data.js";

const listeners = new Map();
const POLL = 4000;
let socket = null;
let open = false;
let tries = 0;
let cursor = data.cursor;
let polling = 0;
let closed = false;
let beat = 0;
let heard = 0;

export const on = (op, run) => listeners.set(op, [...(listeners.get(op) || []), run]);
export const emit = (frame) => (listeners.get(frame.op) || []).forEach((run) => run(frame));
export const isOpen = () => open;

export function send(frame) {
  if (!open) return false;
  socket.send(JSON.stringify(frame));
  return true;
}

function connect() {
  if (closed || (socket && socket.readyState < 2)) return;
  try {
    socket = new WebSocket(data.socket);
  } catch {
    return again(0);
  }
  const mine = socket;
  const slow = setTimeout(() => mine.readyState === 0 && mine.close(), 8000);
  mine.addEventListener("message", (event) => {
    heard = Date.now();
    hear(JSON.parse(event.data));
  });
  mine.addEventListener("close", (event) => {
    clearTimeout(slow);
    if (mine === socket) lost(event.code);
  });
}

function hear(frame) {
  if (frame.op === "hello") {
    open = true;
    tries = 0;
    stopPolling();
    send({ op: "sync", cursor });
    emit({ op: "open", limits: frame.limits });
    clearInterval(beat);
    beat = setInterval(pulse, 20000);
  } else if (frame.op === "heads") heads(frame);
  else emit(frame);
}

function heads(frame) {
  cursor = frame.cursor;
  emit(frame);
  if (frame.more) send({ op: "sync", cursor });
}

// A line that swallows everything in silence is closed by us: phones change networks without telling anybody.
function pulse() {
  if (Date.now() - heard > 45000) socket.close();
  else send({ op: "ping" });
}

function lost(code) {
  const was = open;
  open = false;
  clearInterval(beat);
  if (was) emit({ op: "lost" });
  if (code === 4401) return leave();
  again(code);
}

// Signed out from elsewhere: nothing stays here (the sign-in page wipes too, should this take too long).
function leave() {
  closed = true;
  return Promise.race([wipe(), new Promise((resolve) => setTimeout(resolve, 500))]).then(() => location.assign("/signin"));
}

function again(code) {
  if (closed) return;
  startPolling();
  tries += 1;
  const base = code === 1012 ? 200 : Math.min(30000, 500 * 2 ** Math.min(tries, 6));
  setTimeout(connect, base / 2 + Math.random() * base);
}

function startPolling() {
  if (polling || closed) return;
  polling = setTimeout(poll, 600);
}

function stopPolling() {
  clearTimeout(polling);
  polling = 0;
  emit({ op: "polling", on: false });
}

async function poll() {
  if (open || closed) return;
  try {
    const answer = await fetch(`/m/sync?cursor=${encodeURIComponent(cursor)}`, { headers: { Accept: "application/json" } });
    if (answer.redirected || answer.status === 401) return leave();
    if (answer.ok && !open) {
      const frame = await answer.json();
      cursor = frame.cursor;
      emit({ op: "polling", on: true });
      emit(frame);
    }
  } catch {
    emit({ op: "offline" });
  }
  if (!open && !closed) polling = setTimeout(poll, document.hidden ? POLL * 4 : POLL);
}

export function start() {
  addEventListener("online", () => (tries = 0) || connect());
  addEventListener("pagehide", () => {
    closed = true;
    socket?.close();
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    closed = false;
    connect();
  });
  document.addEventListener("visibilitychange", () => !document.hidden && !open && connect());
  connect();
}
