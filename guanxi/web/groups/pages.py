"""Groups: mine, a new one, answering an invitation, and looking after one."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanxi.base.errors import NotFound
from guanxi.base.nested import nest
from guanxi.people.middleware import signed_in
from guanxi.people.viewer import SignedIn
from guanxi.talk import read
from guanxi.talk.group import MOST_AT_ONCE, forms, reads
from guanxi.talk.read import Reach
from guanxi.talk.run import once
from guanxi.web import acts
from guanxi.web.contacts import lists
from guanxi.web.page import fragment, page


@require_safe
@signed_in
def groups(request: SignedIn) -> HttpResponse:
    """Invitations that wait for an answer, then the groups one is in."""
    context = {"invitations": reads.invitations(request.viewer.person), "groups": reads.mine(request.viewer.person)}
    return page(request, "web/groups/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: SignedIn) -> HttpResponse:
    """A name and whom to ask."""
    if request.method == "POST":
        call = acts.company_call(request)
        made = once(forms.CREATE.act, call, **forms.CREATE.read(nest(request.POST), call))
        return acts.done(request, made, default=f"/c/{made['conversation']}")
    return page(request, "web/groups/new.html", {"people": lists.people(request.viewer), "most": MOST_AT_ONCE})


@require_POST
@signed_in
def answer(request: SignedIn, conversation: UUID) -> HttpResponse:
    """Come in, or stay out. The invited has no reach yet: the act looks for his invitation."""
    call = acts.call_of(request, conversation=conversation)
    if request.POST.get("answer") == "yes":
        once(forms.ACCEPT.act, call)
        return acts.done(request, {}, default=f"/c/{conversation}")
    once(forms.DECLINE.act, call)
    return acts.done(request, {}, default="/groups")


@require_safe
@signed_in
def invite(request: SignedIn, conversation: UUID) -> HttpResponse:
    """Whom to ask: people one knows who are neither in nor asked."""
    place = group(request, conversation)
    picture = reads.picture(conversation, request.viewer.person)
    there = {one.person for one in picture.people} | {person for person, _name in picture.asked}
    people = [one for one in lists.people(request.viewer) if one.id not in there]
    return page(request, "web/groups/invite.html", {"place": place, "people": people, "most": MOST_AT_ONCE})


@require_safe
@signed_in
def settings(request: SignedIn, conversation: UUID) -> HttpResponse:
    """Name, announcement, history."""
    place = group(request, conversation)
    picture = reads.picture(conversation, request.viewer.person)
    if not picture.looks_after:
        raise NotFound
    return page(request, "web/groups/settings.html", {"place": place, "picture": picture})


@require_safe
@signed_in
def people(request: SignedIn, conversation: UUID) -> HttpResponse:
    """Whom to call by @: a sheet over the talk."""
    place = group(request, conversation)
    picture = reads.picture(conversation, request.viewer.person)
    others = [one for one in picture.people if one.person != request.viewer.person]
    return fragment(request, "web/groups/at_sheet.html", {"place": place, "people": others, "everyone": picture.looks_after})


@require_safe
@signed_in
def person(request: SignedIn, conversation: UUID, person: UUID) -> HttpResponse:
    """Somebody of the group and what one may do about him."""
    place = group(request, conversation)
    picture = reads.picture(conversation, request.viewer.person)
    them = next((one for one in picture.people if one.person == person), None)
    if them is None:
        raise NotFound
    context = {"place": place, "picture": picture, "them": them, "may": picture.looks_after and picture.above(them)}
    return (fragment if request.headers.get("X-Part") else page)(
        request, "web/groups/person_sheet.html" if request.headers.get("X-Part") else "web/groups/person.html", context
    )


def group(request: SignedIn, conversation: UUID) -> Reach:
    """A group in reach. Raises NotFound for any other conversation."""
    place = read.reach(request.viewer, conversation)
    if not place.is_group:
        raise NotFound
    return place
