// Signing out leaves nothing private on the device. A form waits for that, half a second at most.
import { wipe } from "../wipe.js";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches('form[action="/signout"]') || form.wiped) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  form.wiped = true;
  Promise.race([wipe(), new Promise((resolve) => setTimeout(resolve, 500))]).then(() => HTMLFormElement.prototype.submit.call(form));
}, true);
