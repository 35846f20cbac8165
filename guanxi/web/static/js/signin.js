// The sign-in page: wipes what an earlier person left on this device, or who was signed out from elsewhere; counts the minute until the
// next code, checks the code's length.
import { wipe } from "./wipe.js";

function count(button) {
  const words = button.textContent;
  const end = Date.now() + Number(button.dataset.resend) * 1000;
  const tick = () => {
    const seconds = Math.ceil((end - Date.now()) / 1000);
    button.textContent = seconds > 0 ? button.dataset.resendWords.replace("{seconds}", seconds) : words;
    if (seconds > 0) {
      button.setAttribute("aria-disabled", "true");
      setTimeout(tick, 1000);
    } else button.removeAttribute("aria-disabled");
  };
  tick();
}

wipe();
document.querySelectorAll("[data-resend]").forEach((button) => Number(button.dataset.resend) > 0 && count(button));
document.querySelector("[data-code]")?.addEventListener("input", (event) => {
  const input = event.target;
  const digits = input.value.replace(/\s/g, "");
  if (/^\d{6}$/.test(digits)) input.removeAttribute("aria-invalid");
});
