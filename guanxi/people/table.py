"""People, companies, who works where, and the devices people are signed in on."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from guanxi.base.ids import new_id

ROLES = ("owner", "admin", "sales", "purchaser", "finance", "viewer")


class PersonManager(BaseUserManager["Person"]):
    """People are made by people.signin.acts; this is what Django itself asks for."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(id=username or "")


class Person(AbstractBaseUser):
    """One human. `phone` in E.164, `email` in lower case; one of the two at least until the account is closed."""

    home: ClassVar[str] = "person"

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=20, null=True, unique=True)
    email = models.CharField(max_length=254, null=True, unique=True)
    language = models.CharField(max_length=10, default="zh-hans")
    theme = models.CharField(max_length=5, default="")
    is_active = models.BooleanField(default=True)
    demo = models.BooleanField(default=False)
    operator_since = models.DateTimeField(null=True)  # runs this place; given by a command on the machine alone (quality.md A57)
    suspended_at = models.DateTimeField(null=True)
    muted_until = models.DateTimeField(null=True)
    consent_at = models.DateTimeField(null=True)
    consent_version = models.CharField(max_length=20, default="")
    closed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    objects = PersonManager()

    USERNAME_FIELD = "id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(phone__isnull=False) | Q(email__isnull=False) | Q(closed_at__isnull=False), name="person_reachable"),
        ]

    def __str__(self) -> str:
        return self.name


class Company(models.Model):
    """A firm. `people_version` grows with every change of its people, so that sockets know who may still listen."""

    home: ClassVar[str] = "company"

    id = models.UUIDField(primary_key=True, default=new_id)
    handle = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    name_key = models.CharField(max_length=100, db_index=True)
    credit_code = models.CharField(max_length=18, default="", blank=True)
    country = models.CharField(max_length=2, default="CN")
    registration = models.CharField(max_length=40, default="", blank=True)
    sector = models.CharField(max_length=20, default="", blank=True)
    region = models.CharField(max_length=6, default="", blank=True)
    intro = models.TextField(default="", blank=True)
    logo_id = models.UUIDField(null=True)
    door = models.CharField(max_length=10, default="public")  # what a stranger sees: public | name
    verified_at = models.DateTimeField(null=True)
    people_version = models.BigIntegerField(default=0)
    suspended_at = models.DateTimeField(null=True)
    muted_until = models.DateTimeField(null=True)
    demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["credit_code"], condition=Q(verified_at__isnull=False) & ~Q(credit_code=""), name="verified_code_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person works for a company, in one role, from then until then."""

    home: ClassVar[str] = "company"

    id = models.UUIDField(primary_key=True, default=new_id)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships", db_constraint=False)
    role = models.CharField(max_length=10)
    title = models.CharField(max_length=40, default="", blank=True)
    joined_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "person"], condition=Q(ended_at=None), name="member_once"),
            models.UniqueConstraint(fields=["company"], condition=Q(ended_at=None, role="owner"), name="one_owner"),
            models.CheckConstraint(condition=Q(role__in=ROLES), name="known_role"),
        ]
        indexes = [models.Index(fields=["person"], name="member_now", condition=Q(ended_at=None))]


class Device(models.Model):
    """A browser or phone a person is signed in on; ending it ends the session and its sockets."""

    home: ClassVar[str] = "person"

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="devices")
    session_key = models.CharField(max_length=40, unique=True)
    label = models.CharField(max_length=200, default="")
    address = models.GenericIPAddressField(null=True)
    signed_in_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    factor_at = models.DateTimeField(null=True)  # when a second factor was last shown here
    company_id = models.UUIDField(null=True)  # acted for here, once chosen
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-seen_at"], name="device_of")]


class SignInCode(models.Model):
    """A six-digit code on its way to an address; the digits are kept as a keyed hash."""

    home: ClassVar[str] = "reference"

    id = models.UUIDField(primary_key=True, default=new_id)
    address = models.CharField(max_length=254)
    digest = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["address", "-made_at"], name="code_of")]


class Invitation(models.Model):
    """A link that lets one person join a company in a role. Only the token's hash is kept."""

    home: ClassVar[str] = "company"

    id = models.UUIDField(primary_key=True, default=new_id)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10)
    address = models.CharField(max_length=254, default="", blank=True)
    digest = models.CharField(max_length=64, unique=True)
    made_by_id = models.UUIDField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_by_id = models.UUIDField(null=True)
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)


class Token(models.Model):
    """A Bearer token of a person for a company. Shown once, kept as a hash."""

    home: ClassVar[str] = "person"

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    company = models.ForeignKey(Company, on_delete=models.CASCADE, null=True, related_name="tokens", db_constraint=False)
    digest = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=60, default="")
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
