// A deal's page follows its conversation: when something new stands there, the page's parts are drawn again.
const place = document.querySelector("[data-live]");
const conversation = place.dataset.live;
let busy = false;

async function refresh() {
  if (busy || document.hidden || document.querySelector("dialog[open]")) return;
  busy = true;
  try {
    const answer = await fetch(location.href, { headers: { "X-Live": "1" } });
    if (!answer.ok || answer.redirected) return;
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = next.querySelector("[data-live]");
    const now = document.querySelector("[data-live]");
    if (!fresh || fresh.dataset.liveSeq === now.dataset.liveSeq) return;
    const folded = [...document.querySelectorAll("details[open]")].length;
    now.replaceWith(fresh);
    if (folded) fresh.querySelectorAll("details").forEach((e) => (e.open = true));
    for (const id of ["deal-acts", "deal-others"]) {
      const there = next.getElementById(id);
      if (there) document.getElementById(id)?.replaceWith(there);
    }
    window.htmx?.process(document.body);
  } catch {
    // the next round asks again; the offline banner is net.js's
  } finally {
    busy = false;
  }
}

document.addEventListener("guanxi:head", (event) => event.detail?.conversation === conversation && refresh());
document.addEventListener("visibilitychange", refresh);
setInterval(refresh, 5000);
