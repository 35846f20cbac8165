"""Every setting, from the environment, in one file.

What an operator sets: PORT, GATEWAY_PORT, HOST, PUBLIC_URL, DATABASE_URL, DATABASE_DIRECT_URL, SECRET_KEY, DATA_DIR, DEMO, TRUSTED_PROXIES,
SENDER, WEB_PROCESSES, GATEWAY_PROCESSES, SANDBOX_SECRET. `docs/operate/settings.md` explains each.
"""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("DATA_DIR") or BASE_DIR / "var")


def flag(name: str, default: bool = False) -> bool:
    """An environment variable read as yes or no; anything but the usual words is an error, never a silent no."""
    word = os.environ.get(name, "").strip().lower()
    if word in ("1", "true", "yes", "on"):
        return True
    if word in ("0", "false", "no", "off"):
        return False
    if word == "":
        return default
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {word!r}")


def number(name: str, default: int) -> int:
    """An environment variable read as a whole number."""
    try:
        return int(os.environ.get(name) or default)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {os.environ[name]!r}") from None


DEMO = flag("DEMO")
DEMO_PUBLIC = flag("DEMO_PUBLIC")  # demo sign-ins for everyone who can reach us, not only from this machine
DEBUG = False
HOST = os.environ.get("HOST", "127.0.0.1")
PORT = number("PORT", 8000)
GATEWAY_PORT = number("GATEWAY_PORT", PORT + 1)
WEB_PROCESSES = number("WEB_PROCESSES", 1)
GATEWAY_PROCESSES = number("GATEWAY_PROCESSES", 1)
PUBLIC_URL = (os.environ.get("PUBLIC_URL") or f"http://127.0.0.1:{PORT}").rstrip("/")

DEMO_SECRET = "demo-only-secret-never-for-a-public-server-0123456789"  # noqa: S105 accepted only with DEMO=1
SECRET_KEY = os.environ.get("SECRET_KEY") or DEMO_SECRET
SANDBOX_SECRET = os.environ.get("SANDBOX_SECRET") or SECRET_KEY
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")  # empty: /metrics answers loopback only

# Who may call us by which name. PUBLIC_URL's host, plus loopback where only this machine can reach us.
_public = urlsplit(PUBLIC_URL)
ALLOWED_HOSTS = sorted({_public.hostname or "127.0.0.1", "127.0.0.1", "localhost", "[::1]"} | set(os.environ.get("ALLOWED_HOSTS", "").split()))
SECURE = _public.scheme == "https"
TRUSTED_PROXIES = os.environ.get("TRUSTED_PROXIES", "").split()
ALLOWED_ORIGINS = sorted(
    {f"{_public.scheme}://{_public.netloc}", f"http://127.0.0.1:{PORT}", f"http://localhost:{PORT}"} | set(os.environ.get("ALLOWED_ORIGINS", "").split())
)
CSRF_TRUSTED_ORIGINS = ALLOWED_ORIGINS
CSRF_FAILURE_VIEW = "guanxi.web.errors.csrf_failed"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
# With __Host- a browser takes these from this very host over TLS only: no other name of the domain can plant one.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = ("__Host-sessionid", "__Host-csrftoken") if SECURE else ("sessionid", "csrftoken")
SESSION_COOKIE_AGE = 60 * 60 * 24 * 60
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE and TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if SECURE else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "procrastinate.contrib.django",
    "guanxi.base",
    "guanxi.people",
    "guanxi.talk",
    "guanxi.pay",
    "guanxi.catalog",
    "guanxi.deals",
    "guanxi.notify",
    "guanxi.web",
]

MIDDLEWARE = [
    "guanxi.base.http.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "guanxi.web.page.Compressed",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "guanxi.people.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "guanxi.people.middleware.Viewer",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "guanxi.web.errors.Errors",
]

ROOT_URLCONF = "guanxi.urls"
WSGI_APPLICATION = "guanxi.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "guanxi"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "guanxi.web.templates.environment", "extensions": ["jinja2.ext.i18n"], "trim_blocks": True, "lstrip_blocks": True},
    },
]


def database(url: str) -> dict[str, object]:
    """A Django database from postgresql://user:password@host:port/name?option=value; a socket folder may stand in `host`."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://")
    options: dict[str, object] = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    return {
        "ENGINE": "guanxi.base.postgres",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": os.environ.get("GUANXI_PROCESS", "guanxi"), **PLANS, **options},
        "TEST": {"NAME": "test_" + unquote(parts.path.lstrip("/"))},
    }


def embedded_url() -> str:
    """Where our own PostgreSQL listens; its supervisor leaves the address in this file (mode 0600)."""
    found = DATA_DIR / "postgres.url"
    return found.read_text().strip() if found.exists() else "postgresql://guanxi@localhost/guanxi"


DATABASE_URL = os.environ.get("DATABASE_URL") or embedded_url()
DATABASE_DIRECT_URL = os.environ.get("DATABASE_DIRECT_URL") or DATABASE_URL
# Statements are planned once a connection and remembered, but not behind a pooler, which hands a connection to many.
PLANS = {"server_side_binding": True, "prepare_threshold": 2 if DATABASE_DIRECT_URL == DATABASE_URL else None}
DATABASES = {"default": database(DATABASE_URL)}
DIRECT_DATABASE = database(DATABASE_DIRECT_URL)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/signin"
SESSION_ENGINE = "django.contrib.sessions.backends.db"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "guanxi" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "guanxi" / "web" / "static"]
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "guanxi.web.sheets.Hashed"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # an RFQ of 2,000 lines has six fields a line
UPLOAD_LIMIT = 20 * 1024 * 1024
NEW_PARTNERS_A_DAY = number("NEW_PARTNERS_A_DAY", 100)  # companies one company may write to for the first time

# Scripts and styles come from us alone; the socket's address is added per request (guanxi.web.templates).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "connect-src": ["'self'", *sorted({f"{'wss' if SECURE else 'ws'}://{h}:{GATEWAY_PORT}" for h in (_public.hostname, "127.0.0.1", "localhost")}),
                        *([f"wss://{_public.netloc}"] if SECURE else [])],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# Where codes and obligations leave: console in development, a module path an operator sets otherwise (guanxi.ports).
SENDER = os.environ.get("SENDER") or "console"
SMTP_URL = os.environ.get("SMTP_URL", "")  # for SENDER=mail: smtps://user:password@host:465, or smtp://…:587 with STARTTLS
MAIL_FROM = os.environ.get("MAIL_FROM", "")
PROVIDERS = (["sandbox"] if DEMO else []) + os.environ.get("PROVIDERS", "").split()
# A documented rate class: loopback callers signed in as the demo person `replay` are not slowed down (docs/api/limits.md).
REPLAY_CLASS = DEMO
# Lets webhooks go to this machine, to try them out; a demo only, since much listens on loopback that trusts it.
WEBHOOK_LOOPBACK = DEMO and flag("WEBHOOK_LOOPBACK")
# Web push by the operator's own keys; without the private one nothing of it is shown (`guanxi vapid` draws a pair).
VAPID_PRIVATE_KEY = os.environ.get("VAPID_PRIVATE_KEY", "").strip().rstrip("=")
VAPID_CONTACT = os.environ.get("VAPID_CONTACT", "").strip()  # mailto:… or https://… for the push services; PUBLIC_URL without it
# Frames a second one socket may send for long (three times as many at once; a person twice as many over all sockets).
TALK_RATE = number("TALK_RATE", 100)

# One JSON object a line on standard error (guanxi.base.logs); text for a person at a terminal.
LOGGING_CONFIG = "guanxi.base.logs.configure"
LOGGING = {"format": os.environ.get("LOG_FORMAT", ""), "level": os.environ.get("LOG_LEVEL") or "INFO"}
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008"]
