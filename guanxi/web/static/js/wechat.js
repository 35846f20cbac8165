// WeChat's browser saves no files and installs nothing: a file link is copied instead, and it says where to open it.
import { toast } from "./toast.js";
import { w } from "./words.js";
import { put } from "./copy.js";

if (/MicroMessenger/i.test(navigator.userAgent)) {
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[download], a.doc");
    if (!link || !link.pathname.startsWith("/files/")) return;
    event.preventDefault();
    await put(link.href);
    toast(w("openInBrowser"), { stays: true, act: w("close"), run: () => {} });
  });
}
