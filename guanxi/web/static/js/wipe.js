// Nothing private stays on a device nobody is signed in on: unsent words and kept pages go (design.md section 8).
const gone = (name) => new Promise((resolve) => {
  const asked = indexedDB.deleteDatabase(name);
  asked.onsuccess = asked.onerror = asked.onblocked = resolve;
});

export const PAGES = "talks-";

async function databases() {
  const found = (await globalThis.indexedDB?.databases?.().catch(() => [])) || [];
  await Promise.all(found.filter((one) => one.name?.startsWith("guanxi")).map((one) => gone(one.name)));
}

// Kept pages of everybody, or of everybody but one.
export async function wipePages(but = "") {
  if (!("caches" in globalThis)) return;
  const found = await caches.keys();
  await Promise.all(found.filter((name) => name.startsWith(PAGES) && name !== but).map((name) => caches.delete(name)));
}

export const wipe = () => Promise.all([databases(), wipePages()]).catch(() => {});
