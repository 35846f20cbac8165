
// Pushes: shown unless the talk is before the person's eyes; a tap opens it in a window that is there, else in a new one.
addEventListener("push", (event) => {
  let said = {};
  try {
    said = event.data?.json() || {};
  } catch {
    return;
  }
  const to = new URL(said.to || "/m", location.origin);
  if (to.origin !== location.origin) return;
  const shown = self.clients.matchAll({ type: "window" }).then((windows) => {
    if (windows.some((one) => one.focused && new URL(one.url).pathname === to.pathname)) return undefined;
    return self.registration.showNotification(said.title || "Guanxi", { body: said.text || "", tag: said.tag, renotify: Boolean(said.tag), data: to.href, icon: "ICON" });
  });
  event.waitUntil(shown);
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  const to = event.notification.data || "/m";
  const opened = self.clients.matchAll({ type: "window" }).then(async (windows) => {
    const there = windows.find((one) => new URL(one.url).pathname === new URL(to).pathname) || windows[0];
    if (!there) return self.clients.openWindow(to);
    await there.focus();
    return there.url === to ? there : there.navigate(to);
  });
  event.waitUntil(opened);
});
