"""A server that cannot be trusted does not start (quality.md A60, A61). Reads only the environment: every process asks before anything else."""

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

SHORTEST = 50  # characters, as Django's own deployment check asks
FEWEST_SIGNS = 10
DEMO_SECRET = "demo-only-secret-never-for-a-public-server-0123456789"  # noqa: S105 the one value everybody knows
YES = ("1", "true", "yes", "on")
MAKE_ONE = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"


@dataclass(frozen=True)
class Fault:
    what: str
    why: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what} {self.why}\n  {self.remedy}"


class Unsafe(SystemExit):
    """Ends the process with the words on standard error and exit code 1."""


def refuse_unsafe(environ: Mapping[str, str] = os.environ) -> None:
    """Raises Unsafe when these settings must not serve."""
    if found := faults(environ):
        raise Unsafe("Guanxi does not start.\n" + "\n".join(str(fault) for fault in found))


def faults(environ: Mapping[str, str]) -> list[Fault]:
    """Everything in these settings that forbids to serve."""
    demo = environ.get("DEMO", "").strip().lower() in YES
    private = _loopback(environ.get("HOST") or "127.0.0.1") and _loopback(urlsplit(environ.get("PUBLIC_URL") or "http://127.0.0.1").hostname or "")
    if demo and private:
        return []
    open_demo = [_DEMO_IN_PUBLIC] if demo and environ.get("DEMO_PUBLIC", "").strip().lower() not in YES else []
    return open_demo + _weak_secrets(environ) + ([] if demo else _no_sender(environ))


_DEMO_IN_PUBLIC = Fault(
    what="The demo would be open to others.",
    why="Its sign-ins are known to everybody, and HOST or PUBLIC_URL is not this machine alone.",
    remedy="Leave HOST at 127.0.0.1, set DEMO=0, or say DEMO_PUBLIC=1 when that is what you want.",
)


def _no_sender(environ: Mapping[str, str]) -> list[Fault]:
    """Codes that only stand on the screen of whoever started us reach nobody, and that screen may be kept as a log."""
    if environ.get("SENDER", "console").strip() not in ("", "console", "memory"):
        return []
    why = "Codes to sign in would be shown to whoever reads our output, and would reach nobody else."
    return [Fault("No sender is set.", why, "Set SENDER=mail with SMTP_URL and MAIL_FROM, or SENDER to a module of your own (docs/operate/settings.md).")]


def _weak_secrets(environ: Mapping[str, str]) -> list[Fault]:
    names = ["SECRET_KEY"] + [name for name in ("SANDBOX_SECRET",) if name in environ]
    return [_weak(name, flaw) for name in names if (flaw := _flaw(environ.get(name, "")))]


def _weak(name: str, flaw: str) -> Fault:
    remedy = f"Set {name} to a word of your own, made for instance by: {MAKE_ONE}"
    return Fault(what=f"{name} {flaw}.", why="Whoever guesses it can sign in as anybody.", remedy=remedy)


def _flaw(secret: str) -> str:
    if not secret.strip():
        return "is not set"
    if secret == DEMO_SECRET or secret.startswith("django-insecure-"):
        return "is a default that everybody knows"
    if len(secret) < SHORTEST:
        return f"has {len(secret)} characters, fewer than {SHORTEST}"
    return "repeats a few signs" if len(set(secret)) < FEWEST_SIGNS else ""


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
