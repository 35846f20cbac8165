// Time left, counted from the server's clock, refreshed each minute in silence (the words stand in no live region).
import { w } from "./words.js";

const HOUR = 3600e3;
const ahead = Date.parse(document.querySelector('meta[name="now"]')?.content) - Date.now() || 0;

export const serverNow = () => Date.now() + ahead;

function late(over) {
  const days = Math.floor(over / (24 * HOUR));
  if (days) return days === 1 ? w("dayLate") : w("daysLate", { days });
  return over >= HOUR ? w("hoursLate", { hours: Math.floor(over / HOUR) }) : w("minutesLate", { minutes: Math.max(1, Math.floor(over / 60e3)) });
}

export function timeLeft(until) {
  const left = until - serverNow();
  if (left < 0) return late(-left);
  const days = Math.floor(left / (24 * HOUR));
  const hours = Math.floor(left / HOUR) % 24;
  if (days && hours && left < 48 * HOUR) return w("daysHoursLeft", { days, hours });
  if (days) return days === 1 ? w("dayLeft") : w("daysLeft", { days });
  return hours ? w("hoursLeft", { hours }) : w("minutesLeft", { minutes: Math.max(1, Math.floor(left / 60e3)) });
}

export function urgency(until) {
  const left = until - serverNow();
  return left < 0 ? "over" : left < 4 * HOUR ? "last" : left < 48 * HOUR ? "soon" : "";
}

export function refresh(root = document) {
  for (const clock of root.querySelectorAll("[data-until]")) {
    const until = Date.parse(clock.dataset.until);
    const words = clock.querySelector("[data-words]");
    const text = timeLeft(until);
    if (words && words.textContent !== text) words.textContent = text;
    if (urgency(until)) clock.dataset.left = urgency(until);
    else delete clock.dataset.left;
  }
}

setInterval(refresh, 60e3);
document.addEventListener("visibilitychange", () => document.hidden || refresh());
