// Signing out leaves nothing private on the device: unsent words of everybody who used this browser go (design.md section 8).
// A form waits for that, half a second at most.
const gone = (name) => new Promise((resolve) => {
  const asked = indexedDB.deleteDatabase(name);
  asked.onsuccess = asked.onerror = asked.onblocked = resolve;
});

async function wipe() {
  const found = (await indexedDB.databases?.().catch(() => [])) || [];
  await Promise.all(found.filter((one) => one.name?.startsWith("guanxi-")).map((one) => gone(one.name)));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches('form[action="/signout"]') || form.wiped) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  form.wiped = true;
  Promise.race([wipe().catch(() => {}), new Promise((resolve) => setTimeout(resolve, 500))]).then(() => HTMLFormElement.prototype.submit.call(form));
}, true);
