// The entry of every page: behaviours find their elements by data-attributes, so parts swapped in later work too.
import "./clock.js";
import "./command.js";
import "./copy.js";
import "./draft.js";
import "./forms.js";
import "./keys.js";
import "./net.js";
import "./once.js";
import "./rows.js";
import "./sheet.js";
import "./stepper.js";
import "./theme.js";
import "./talk/signout.js";
import "./viewer.js";
import "./wechat.js";

if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {});
