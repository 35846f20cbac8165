"""The few words scripts need, translated by the server and handed over in one `meta` element."""

import json

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Words
from guanxi.web.conversation.words import TALK

GROUPS: dict[str, dict[str, Words]] = {
    "ui": {
        "sending": _("Submitting"),
        "copied": _("Copied"),
        "notCopied": _("Could not copy. Hold the text to copy it."),
        "openInBrowser": _("WeChat cannot save files. The link is copied: open it in your browser."),
        "offline": _("No network. What you wrote is kept; try again when you are back online."),
        "offlineAct": _("No network. What moves money or makes a promise waits until you are back; messages are kept and sent."),
        "retry": _("Retry"),
        "failed": _("The server did not answer. What you wrote is kept."),
        "leave": _("What you entered is not sent yet."),
        "slow": _("Slow network, still fetching"),
        "draftSaved": _("Draft saved {time}"),
        "draftKept": _("Draft not saved yet"),
        "removed": _("Removed"),
        "undo": _("Undo"),
        "close": _("Close"),
        "roundedUp": _("Rounded up to full packs: {figure}"),
        "theme": _("Theme"),
        "daysLeft": _("{days} days left"),
        "dayLeft": _("1 day left"),
        "daysHoursLeft": _("{days} d {hours} h left"),
        "hoursLeft": _("{hours} h left"),
        "minutesLeft": _("{minutes} min left"),
        "daysLate": _("{days} days late"),
        "dayLate": _("1 day late"),
        "hoursLate": _("{hours} h late"),
        "minutesLate": _("{minutes} min late"),
    },
    "talk": TALK,
    "goods": {"goodsMissing": _("{num} more to the minimum"), "goodsPicked": _("{num} chosen")},
    "deals": {
        "aboveTheirs": _("{sum} ({percent}%) above theirs"),
        "belowTheirs": _("{sum} ({percent}%) below theirs"),
        "aboveOurs": _("{sum} ({percent}%) above our last offer"),
        "belowOurs": _("{sum} ({percent}%) below our last offer"),
        "comma": _("; "),
        "listComma": _(", "),
        "sendNobody": _("Send"),
        "sendLink": _("Open by link"),
        "linkOnly": _("Nobody is asked directly: whoever has the link or QR code can quote."),
        "sendOne": _("Send to {num} company"),
        "sendMany": _("Send to {num} companies"),
        "chooseSupplier": _("Choose at least one supplier."),
        "uploading": _("Uploading {name}"),
        "remove": _("Remove"),
        "listTakenOne": _("{num} item taken over"),
        "listTaken": _("{num} items taken over"),
        "listSome": _("{num} items taken over, {wrong} of them need mending"),
    },
}


def script_words(*groups: str) -> SafeString:
    """JSON for `<meta name="words" content='...'>`: the words of these groups in the page's language."""
    words = {key: str(text) for group in groups for key, text in GROUPS[group].items()}
    text = json.dumps(words, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.replace("&", "&amp;").replace("'", "&#39;").replace("<", "&lt;"))  # noqa: S308 escaped for a single-quoted attribute
