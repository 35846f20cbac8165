"""`guanxi erase PERSON`: personal data of somebody goes; the trade records of the companies he worked for stay, under a pseudonym.

Goes: the account (name, phone, e-mail, password, second factors), devices with their addresses, tokens, sessions, codes, invitations sent to
him, his read marks, and his name beside what he said. Stays: what he said and agreed for a company, which the other side relies on and the
law asks companies to keep; contracts and evidence keep the name they were signed with; notes of operators keep their reasons.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection, transaction

from guanxi.base import clock
from guanxi.base.errors import Invalid
from guanxi.base.ids import find_id
from guanxi.people import address as addresses
from guanxi.people.account import acts as account
from guanxi.people.exports import acts as exports
from guanxi.people.exports.table import CompanyExport
from guanxi.people.table import Invitation, Membership, Person, SignInCode
from guanxi.supervisor.trouble import Trouble

log = structlog.get_logger(__name__)
AT_ONCE = 200  # conversations in one transaction

# Rows that are only his. (table, column that names the person)
OWN = (
    ("people_device", "person_id"), ("people_token", "person_id"), ("people_authenticator", "person_id"), ("people_passkey", "person_id"),
    ("people_recoverycode", "person_id"), ("people_companyexport", "by_person"), ("talk_position", "person_id"), ("notify_told", "person_id"),
    ("notify_choice", "person_id"), ("notify_push", "person_id"), ("notify_subscription", "person_id"),
)  # fmt: skip
# Where a name stands beside an id. (table, person's column, name's column)
NAMED = (
    ("talk_entry", "by_person", "by_name"), ("deals_quote", "by_person", "by_name"), ("deals_payment", "payer_id", "payer_name"),
    ("deals_proposal", "by_person", "by_name"), ("deals_quotedraft", "by_person", "by_name"), ("talk_groupinvitation", "by_person", "by_name"),
    ("deals_change", "by_person", "by_name"), ("deals_bankoffer", "by_person", "by_name"), ("deals_banktransfer", "by_person", "by_name"),
    ("deals_banktransfer", "first_by", "first_name"), ("deals_banktransfer", "received_by", "received_name"),
)  # fmt: skip
RECEIVERS = """body = jsonb_set(body, '{by}', (
    SELECT jsonb_agg(CASE WHEN one = ANY(%(old)s) THEN %(new)s::text ELSE one END) FROM jsonb_array_elements_text(body -> 'by') one))"""
# Where it stands in words, or outside conversations: (table, what is set, which rows). `old` are the names he went by.
WORDED = (
    ("deals_bankaccount", "proposed_name = %(new)s", "proposed_by = %(person)s AND proposed_name <> %(new)s"),
    ("deals_bankaccount", "confirmed_name = %(new)s", "confirmed_by = %(person)s AND confirmed_name <> %(new)s"),
    ("deals_bankaccount", "closed_name = %(new)s", "closed_by = %(person)s AND closed_name <> %(new)s"),
    ("talk_group", "announced_by = %(new)s", "conversation_id = ANY(%(here)s) AND announced_by = ANY(%(old)s)"),
    ("talk_entry", "body = jsonb_set(body, '{name}', to_jsonb(%(new)s::text))",
     "conversation_id = ANY(%(here)s) AND kind = 'notice' AND by_person = %(person)s AND body ->> 'name' = ANY(%(old)s)"),
    ("talk_entry", "body = jsonb_set(body, '{person}', to_jsonb(%(new)s::text))",
     "conversation_id = ANY(%(here)s) AND kind = 'notice' AND body ->> 'person' = ANY(%(old)s)"),
    ("talk_entry", RECEIVERS,
     "conversation_id = ANY(%(here)s) AND kind = 'bank.received' AND jsonb_typeof(body -> 'by') = 'array' AND body -> 'by' ?| %(old)s::text[]"),
    ("base_outbox", "body = jsonb_set(body, '{name}', to_jsonb(%(new)s::text))",
     "body ->> 'person' = %(person)s::text AND body ->> 'name' = ANY(%(old)s)"),
)  # fmt: skip
# Kept whole: evidence. (table, person's column)
KEPT = (("people_operatoract", "person_id"), ("people_measure", "person_id"), ("talk_upload", "person_id"))

CONVERSATIONS = """
    SELECT DISTINCT p.conversation_id FROM talk_party p WHERE p.person_id = %(person)s
        OR p.company_id IN (SELECT company_id FROM people_membership WHERE person_id = %(person)s)
"""


@dataclass
class Plan:
    """What goes and what stays, in rows."""

    person: UUID
    pseudonym: str
    goes: dict[str, int] = field(default_factory=dict)
    renamed: dict[str, int] = field(default_factory=dict)
    stays: dict[str, int] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """For a person."""
        told = [f"goes: {name} {count}" for name, count in self.goes.items()]
        told += [f"under the name {self.pseudonym!r}: {name} {count}" for name, count in self.renamed.items()]
        return told + [f"stays: {name} {count}" for name, count in self.stays.items()]


def find(word: str) -> UUID:
    """A person by phone, e-mail or id. Raises Trouble when there is none."""
    own = find_id(word)
    if own is None:
        try:
            kept = addresses.read(word)
        except Invalid as error:
            raise Trouble(f"{word!r}: {error}", remedy="Name a phone, an e-mail address or an id.") from None
        own = Person.objects.filter(**{addresses.column(kept): kept}).values_list("id", flat=True).first()
    if own is None or not Person.objects.filter(pk=own).exists():
        raise Trouble(f"Nobody here has {word!r}.", remedy="Look at the spelling; an erased person is known by his id only.")
    return own


def erase(person: UUID, *, dry: bool = False, now: datetime | None = None) -> Plan:
    """Do it, or with `dry` only count. May run again at any time. Raises Refused for the owner of a company where others work."""
    now = now or clock.now()
    row = Person.objects.get(pk=person)
    known = [one for one in (row.phone, row.email) if one]
    plan = Plan(person, pseudonym(person))
    old = names(row, plan.pseudonym)
    count(plan, row, known, old)
    if dry:
        return plan
    if row.closed_at is None:
        account.close(person, now=now)
    forget_addresses(known)
    forget_files(person)
    forget_rows(person)
    rename(person, plan.pseudonym, old)
    Person.objects.filter(pk=person).update(name=plan.pseudonym, operator_since=None)
    note(plan, now)
    return plan


def pseudonym(person: UUID) -> str:
    """Always the same for one person, and nothing to guess him by."""
    return f"Former {person.hex[-5:].upper()}"


def names(row: Person, new: str) -> list[str]:
    """What he is called now and was called when he said things: his account may have lost its name already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT by_name FROM talk_entry WHERE conversation_id = ANY(%s) AND by_person = %s", [conversations(row.pk), row.pk])
        said = {found for (found,) in cursor.fetchall()}
    return sorted((said | {row.name}) - {"", new})


def count(plan: Plan, row: Person, known: list[str], old: list[str]) -> None:
    """Rows of every kind, before anything changes."""
    plan.goes["account"] = int(bool(row.name != plan.pseudonym))
    for table, column in present(OWN):
        plan.goes[table] = rows(table, column, plan.person)
    plan.goes["people_signincode"] = SignInCode.objects.filter(address__in=known).count()
    plan.goes["people_invitation"] = Invitation.objects.filter(address__in=known).count()
    here = conversations(plan.person)
    for table, column, name in NAMED:
        with connection.cursor() as cursor:
            query = f"SELECT count(*) FROM {table} WHERE conversation_id = ANY(%s) AND {column} = %s AND {name} <> %s"  # noqa: S608 names of this file
            cursor.execute(query, [here, plan.person, plan.pseudonym])
            plan.renamed[table] = plan.renamed.get(table, 0) + cursor.fetchone()[0]
    given: dict[str, Any] = {"new": plan.pseudonym, "old": old, "person": plan.person, "here": here}
    for table, _change, which in WORDED:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {which}", given)  # noqa: S608 names of this file
            plan.renamed[f"words of {table}"] = plan.renamed.get(f"words of {table}", 0) + cursor.fetchone()[0]
    for table, column in present(KEPT):
        plan.stays[table] = rows(table, column, plan.person)
    plan.stays["people_membership"] = Membership.objects.filter(person=plan.person).count()


def present(wanted: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Those of the tables that this version has."""
    known = set(connection.introspection.table_names())
    return (pair for pair in wanted if pair[0] in known)


def rows(table: str, column: str, person: UUID) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} = %s", [person])  # noqa: S608 names of this file
        return int(cursor.fetchone()[0])


def conversations(person: UUID) -> list[UUID]:
    """Where he can have said something: his own, and those of the companies he ever worked for."""
    with connection.cursor() as cursor:
        cursor.execute(CONVERSATIONS, {"person": person})
        return sorted(row[0] for row in cursor.fetchall())


def forget_addresses(known: list[str]) -> None:
    """What is kept by phone or e-mail rather than by person."""
    SignInCode.objects.filter(address__in=known).delete()
    Invitation.objects.filter(address__in=known).update(address="")
    with connection.cursor() as cursor:
        for one in known:
            cursor.execute("DELETE FROM base_limit WHERE right(scope, %s) = %s", [len(one) + 1, f":{one}"])


def forget_rows(person: UUID) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for table, column in present(OWN):
            cursor.execute(f"DELETE FROM {table} WHERE {column} = %s", [person])  # noqa: S608 names of this file


def forget_files(person: UUID) -> None:
    """Exports he had made: their rows go, and so do the files."""
    for company, export in CompanyExport.objects.filter(by_person=person).values_list("company_id", "id"):
        exports.place(company, export).unlink(missing_ok=True)


def rename(person: UUID, name: str, old: list[str]) -> None:
    """The pseudonym beside everything he said, some conversations at a time so that nobody waits long. The log's trigger lets names, and only names, go."""
    here = conversations(person)
    for n in range(0, len(here), AT_ONCE):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('guanxi.erasing', 'on', true)")
            for table, column, shown in NAMED:
                cursor.execute(f"UPDATE {table} SET {shown} = %s WHERE conversation_id = ANY(%s) AND {column} = %s", [name, here[n : n + AT_ONCE], person])  # noqa: S608 names of this file
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('guanxi.erasing', 'on', true)")
        for table, change, which in WORDED:
            cursor.execute(f"UPDATE {table} SET {change} WHERE {which}", {"new": name, "old": old, "person": person, "here": here})  # noqa: S608 names of this file


def note(plan: Plan, now: datetime) -> None:
    """In the log, and in a file that outlives a restore: an older backup brings erased people back, and `--again` erases them anew."""
    told: dict[str, Any] = {"at": now.isoformat(), "person": str(plan.person), "rows": sum(plan.goes.values()) + sum(plan.renamed.values())}
    log.info("operate.erase", **told)
    file = log_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as out:
        out.write(json.dumps(told) + "\n")


def log_file() -> Path:
    """Ids of erased people, one a line; nothing else about them."""
    return Path(settings.DATA_DIR) / "log" / "erasures.jsonl"


def again(file: Path, *, dry: bool = False) -> list[Plan]:
    """Everybody named in a log of erasures who is here. Raises Trouble for a file that is none."""
    try:
        named = {UUID(json.loads(line)["person"]) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Trouble(f"{file} does not read as a log of erasures ({type(error).__name__}).", remedy="Name DATA_DIR/log/erasures.jsonl of before.") from None
    return [erase(one, dry=dry) for one in Person.objects.filter(pk__in=named).values_list("id", flat=True)]
