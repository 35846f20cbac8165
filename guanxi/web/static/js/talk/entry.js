// Photos, files and notices drawn from a frame: only text nodes and addresses of our own.
import { icon, make, w } from "../words.js";

const PLAIN = /^(took-over|nudge|group-[a-z-]+)$/;
const wordsOf = (body) => (PLAIN.test(body.code) ? w(`notice-${body.code}`, body) : w("talkUnknown"));
const UPLOAD = /^[0-9a-f-]{32,36}$/;

export function file(frame) {
  const { body } = frame;
  const address = UPLOAD.test(body.upload || "") ? `/files/${body.upload}` : "#";
  if (frame.kind === "image") {
    const picture = make("img", { src: `${address}/thumb`, width: body.width || 640, height: body.height || 480, loading: "lazy", alt: w("talkPhotoFrom", { name: frame.by.name }) });
    return make("a", { class: "photo", href: address, "data-viewer": "" }, picture);
  }
  if (frame.kind !== "file") return make("p", { class: "bubble" }, w("talkUnknown"));
  const words = make("span", { class: "file-words" }, make("span", { dir: "auto" }, body.name), make("span", { class: "meta" }, size(body.size)));
  return make("a", { class: "bubble file", href: address, download: "" }, icon("file", "small"), words);
}

export function notice(frame) {
  const day = new Date(new Date(frame.at).getTime() + 8 * 3600e3).toISOString().slice(0, 10);
  return make("p", { class: "notice", id: `e${frame.seq}`, "data-seq": frame.seq, "data-day": day }, wordsOf(frame.body));
}

const size = (octets) => (octets < 1e6 ? `${octets ? Math.max(1, Math.round(octets / 1000)) : 0} kB` : `${(octets / 1e6).toFixed(1)} MB`);
