// What the server told this page about the talk: who looks, where the socket is, which conversation is open.
import { make } from "../words.js";

export const data = JSON.parse(document.querySelector('meta[name="talk"]').content);
export const here = (conversation) => Boolean(data.conversation) && data.conversation === conversation;
export const at = (tail = "") => `/c/${data.conversation}${tail}`;

const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";

// A POST as the person for the company this page was drawn for; `X-Stay`: answer with what was made, not with a page.
export function post(address, fields, { files = {} } = {}) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ as: data.as || "", ...fields })) form.append(name, value);
  for (const [name, file] of Object.entries(files)) form.append(name, file, file.name);
  return fetch(address, { method: "POST", body: form, headers: { "X-CSRFToken": token(), "X-Stay": "1", Accept: "application/json" } });
}

export const csrf = token;

// A part of a page as elements; null when it is gone or the server cannot be reached.
export async function part(address) {
  try {
    const answer = await fetch(address, { headers: { "HX-Request": "true", "X-Part": "1" } });
    if (!answer.ok || answer.redirected) return null;
    const box = make("div");
    box.innerHTML = await answer.text();
    return { nodes: [...box.children], more: answer.headers.get("X-More") === "1", head: Number(answer.headers.get("X-Head") || 0) };
  } catch {
    return null;
  }
}
