"""Who works for a company: nobody gives or takes above himself, and what somebody answered for stays with the company."""

from datetime import timedelta
from uuid import uuid4

import pytest

from guanxi.base import clock
from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.people import tokens
from guanxi.people.memberships import acts
from guanxi.people.table import Company, Membership
from guanxi.talk import hints
from guanxi.talk.call import by_viewer
from guanxi.talk.open import pair_conversation
from guanxi.talk.table import Party
from tests.make import company, member, person, viewer

pytestmark = pytest.mark.django_db
ROLES = ("admin", "sales", "purchaser", "finance", "viewer")


class Firm:
    """A company with somebody in every role."""

    def __init__(self):
        self.company = company("Minggu")
        self.by_role = {role: member(self.company, person(role.title()), role) for role in ("owner", *ROLES)}

    def call(self, role: str):
        who = self.by_role[role].person
        return by_viewer(viewer(who, self.company, role))

    def roles(self) -> dict[str, str]:
        rows = Membership.objects.filter(company=self.company, ended_at=None).select_related("person")
        return {row.person.name: row.role for row in rows}

    def version(self) -> int:
        return Company.objects.get(pk=self.company.pk).people_version


@pytest.fixture
def firm():
    return Firm()


@pytest.fixture
def heard(monkeypatch):
    told = []
    monkeypatch.setattr(hints, "people_changed", lambda companies: told.append(("people", list(companies))))
    monkeypatch.setattr(hints, "devices_changed", lambda devices: told.append(("devices", list(devices))))
    return told


@pytest.mark.parametrize("actor", ["sales", "purchaser", "finance", "viewer"])
def test_only_owner_and_admins_change_people(firm, actor):
    before = (firm.roles(), firm.version())
    for act in (lambda c: acts.set_role(c, membership=firm.by_role["viewer"].id, role="sales"), lambda c: acts.remove(c, membership=firm.by_role["viewer"].id)):
        with pytest.raises(Refused):
            act(firm.call(actor))
    assert (firm.roles(), firm.version()) == before


def test_an_admin_gives_every_role_up_to_his_own_but_never_ownership(firm):
    for role in ROLES:
        acts.set_role(firm.call("admin"), membership=firm.by_role["sales"].id, role=role)
        assert firm.roles()["Sales"] == role
    with pytest.raises(Invalid):
        acts.set_role(firm.call("admin"), membership=firm.by_role["sales"].id, role="owner")
    with pytest.raises(Refused):
        acts.hand_over(firm.call("admin"), membership=firm.by_role["admin"].id)


@pytest.mark.parametrize("role", ["", "owner ", "root", "Owner", "admin\x00", None, 7, "sales'--"])
def test_unknown_roles_are_told(firm, role):
    with pytest.raises(Invalid):
        acts.set_role(firm.call("owner"), membership=firm.by_role["sales"].id, role=role)


def test_nobody_changes_or_removes_the_owner(firm):
    admin, owner = firm.call("admin"), firm.by_role["owner"].id
    with pytest.raises(Refused):
        acts.set_role(admin, membership=owner, role="viewer")
    with pytest.raises(Refused):
        acts.remove(admin, membership=owner)
    assert firm.roles()["Owner"] == "owner"


def test_a_role_that_was_taken_a_moment_ago_gives_nothing_any_more(firm):
    old = firm.call("admin")
    acts.set_role(firm.call("owner"), membership=firm.by_role["admin"].id, role="viewer")
    with pytest.raises(Refused):
        acts.set_role(old, membership=firm.by_role["admin"].id, role="admin")


def test_a_stranger_and_a_member_of_another_company_find_nothing(firm):
    other = Firm()
    with pytest.raises(NotFound):
        acts.remove(by_viewer(viewer(person("Cy"), firm.company, "owner")), membership=firm.by_role["sales"].id)
    with pytest.raises(NotFound):
        acts.remove(firm.call("owner"), membership=other.by_role["sales"].id)
    with pytest.raises(NotFound):
        acts.remove(firm.call("owner"), membership=uuid4())


def test_removing_ends_tokens_and_hands_conversations_to_the_remover(firm, heard, django_capture_on_commit_callbacks):
    seller = firm.by_role["sales"].person
    talk = pair_conversation(firm.company.id, company("Haichuan").id, now=clock.now(), responsible=seller.id)
    plain = tokens.issue(seller.id, firm.company.id, label="", scopes=["read"], days=7, now=clock.now())
    version = firm.version()
    with django_capture_on_commit_callbacks(execute=True):
        acts.remove(firm.call("admin"), membership=firm.by_role["sales"].id)
    assert "Sales" not in firm.roles()
    assert firm.version() == version + 1
    assert ("people", [firm.company.pk]) in heard
    assert tokens.find(plain, now=clock.now()) is None
    assert Party.objects.get(conversation_id=talk, company_id=firm.company.id).responsible_id == firm.by_role["admin"].person_id


def test_the_owner_hands_over_then_leaves(firm):
    with pytest.raises(Refused):
        acts.leave(firm.call("owner"))
    acts.hand_over(firm.call("owner"), membership=firm.by_role["finance"].id)
    assert firm.roles()["Finance"] == "owner"
    assert firm.roles()["Owner"] == "admin"
    acts.leave(firm.call("owner"))
    assert "Owner" not in firm.roles()


def test_one_leaves_but_does_not_remove_himself(firm):
    with pytest.raises(Refused):
        acts.remove(firm.call("admin"), membership=firm.by_role["admin"].id)
    acts.leave(firm.call("viewer"))
    assert "Viewer" not in firm.roles()


def test_after_removal_one_can_be_invited_again_as_a_new_member(firm):
    acts.remove(firm.call("owner"), membership=firm.by_role["sales"].id)
    acts.join(firm.company, firm.by_role["sales"].person_id, "viewer", now=clock.now() + timedelta(seconds=1))
    assert firm.roles()["Sales"] == "viewer"
    assert Membership.objects.filter(person=firm.by_role["sales"].person_id).count() == 2


def test_a_refused_change_announces_nothing(firm, heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(Refused):
        acts.leave(firm.call("owner"))
    assert heard == []
