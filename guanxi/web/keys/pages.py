"""The list of keyboard shortcuts, as a sheet."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guanxi.web.page import fragment, page


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """A part for `?`, a page for who opens the address."""
    rows = [
        ("Ctrl K", _("Go to a talk, deal, company, goods, page or act")),
        ("/", _("Search")),
        ("J K", _("Next or previous row")),
        ("E", _("Mark the row as read")),
        ("R", _("Reply")),
        ("A", _("To the act that waits for you")),
        ("G M", _("Messages")),
        ("G C", _("Contacts")),
        ("G D", _("Discover")),
        ("G R", _("RFQs")),
        ("G W", _("Workbench")),
        ("F6", _("Next pane")),
        ("↑", _("In an empty field: the entries above; Enter says what can be done")),
        ("← →", _("Within a row of choices")),
        ("Enter", _("Send; Shift and Enter starts a new line")),
        ("Esc", _("Close what is on top")),
    ]
    if request.headers.get("HX-Request"):
        return fragment(request, "web/keys/sheet.html", {"rows": rows})
    return page(request, "web/keys/page.html", {"rows": rows})
