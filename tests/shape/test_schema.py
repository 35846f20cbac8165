"""The schema rules R1-R5 of the design, so that spreading it over machines stays configuration (docs/adr)."""

from django.apps import apps
from django.db import models

OURS = ("base", "people", "talk", "pay", "deals", "notify")
HOMES = ("conversation", "person", "company", "reference", "node")
ITSELF = {"talk.Conversation"}  # its id is the conversation
SCOPED = {"talk.Done"}  # `scope` is the conversation, or the company of an act outside one
OUTBOX = {"base.Outbox"}


def tables() -> list[type[models.Model]]:
    return [model for label in OURS for model in apps.get_app_config(label).get_models()]


def of(home: str) -> list[type[models.Model]]:
    return [model for model in tables() if model.home == home]


def columns(model: type[models.Model]) -> set[str]:
    return {name for field in model._meta.concrete_fields for name in (field.name, field.attname)}


def test_every_table_names_its_home():
    assert [model._meta.label for model in tables() if getattr(model, "home", None) not in HOMES] == []


def test_tables_of_a_conversation_carry_its_id():
    assert [m._meta.label for m in of("conversation") if m._meta.label not in ITSELF | SCOPED and "conversation_id" not in columns(m)] == []


def test_what_is_unique_in_a_conversation_contains_its_id():
    wrong = []
    for model in of("conversation"):
        if model._meta.label in ITSELF | SCOPED:
            continue
        for rule in model._meta.constraints:
            if isinstance(rule, models.UniqueConstraint) and not {"conversation", "conversation_id"} & set(rule.fields):
                wrong.append(rule.name)
        wrong += [f"{model._meta.label}.{field.name}" for field in model._meta.concrete_fields if field.unique and not field.primary_key]
    assert wrong == []


def test_no_foreign_key_leaves_its_home():
    wrong = []
    for model in tables():
        for field in model._meta.concrete_fields:
            target = field.related_model
            if target is not None and field.db_constraint and target.home != model.home and target.home != "reference":
                wrong.append(f"{model._meta.label}.{field.name} -> {target._meta.label}")
    assert wrong == []


def test_ids_are_made_by_the_application():
    wrong = []
    for model in tables():
        key = model._meta.pk
        if isinstance(key, models.AutoField | models.BigAutoField):
            wrong.append(model._meta.label)
    assert wrong == []
