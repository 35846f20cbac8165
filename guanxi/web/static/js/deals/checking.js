// A payment that is not decided yet: look again every two seconds; the first time the provider's page is known, go on there.
const state = () => document.querySelector("[data-checking]").dataset.checking;
const open = () => ["starting", "pending"].includes(state());

async function look() {
  try {
    const answer = await fetch(location.href);
    if (!answer.ok || answer.redirected) return;
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ["payment", "payment-acts"]) document.getElementById(id).replaceWith(next.getElementById(id));
  } catch {
    // the next round asks again
  }
}

// Who just pressed Pay goes on to the provider's page once; who comes back from there, or looks at a colleague's payment, stays.
function goOn() {
  const there = document.querySelector("#payment-acts a.is-primary[data-provider]");
  const key = `went:${location.pathname}`;
  if (!there || !/\/pay(\?|$)/.test(document.referrer) || sessionStorage.getItem(key)) return;
  sessionStorage.setItem(key, "1");
  location.assign(there.href);
}

async function again() {
  if (!document.hidden) await look();
  goOn();
  if (open()) setTimeout(again, 2000);
}

if (open()) {
  goOn();
  setTimeout(again, 1000);
}
