// What was written and is not acknowledged yet: per person in IndexedDB, under the key it is sent with (quality.md T14).
import { data } from "./data.js";

const NAME = `guanxi-${data.person}`;
const memory = new Map(); // where IndexedDB is missing (private windows of old browsers) a reload forgets, sending still works
let opening = null;

function open() {
  opening ||= new Promise((resolve) => {
    try {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("unsent", { keyPath: "key" });
      asked.onsuccess = () => {
        asked.result.onversionchange = () => asked.result.close() || (opening = Promise.resolve(null)); // wiped: nothing is written any more
        resolve(asked.result);
      };
      asked.onerror = () => resolve(null);
    } catch {
      resolve(null);
    }
  });
  return opening;
}

async function run(mode, work) {
  const database = await open();
  if (!database) return undefined;
  return new Promise((resolve) => {
    const change = database.transaction("unsent", mode);
    const asked = work(change.objectStore("unsent"));
    change.oncomplete = () => resolve(asked.result);
    change.onerror = change.onabort = () => resolve(undefined);
  });
}

export async function keep(item) {
  memory.set(item.key, item);
  await run("readwrite", (store) => store.put({ key: item.key, c: item.c, as: item.as, text: item.text, reply: item.reply || 0, quoted: item.quoted || null, named: item.named || [], at: item.at, failed: item.failed || "" }));
}

export async function drop(key) {
  memory.delete(key);
  await run("readwrite", (store) => store.delete(key));
}

export async function all() {
  const found = (await run("readonly", (store) => store.getAll())) || [...memory.values()];
  return found.sort((one, other) => one.at - other.at);
}

// Other people's unsent words never stay on a shared device (one's own go with signing out: signout.js).
export async function wipeOthers() {
  const found = (await indexedDB.databases?.().catch(() => [])) || [];
  for (const { name } of found) if (name?.startsWith("guanxi-") && name !== NAME) indexedDB.deleteDatabase(name);
}
