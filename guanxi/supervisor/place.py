"""Where this instance lives and listens, read from the environment without Django (guanxi/settings.py reads the same names)."""

import errno
import os
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from guanxi.base.doctor.safety import YES
from guanxi.supervisor.trouble import Trouble

CHECKOUT = Path(__file__).resolve().parents[2]
BACKLOG = 1024
LEAVING = 2.5  # seconds; after kill -9 of a supervisor its children need about one to let go of the ports


@dataclass(frozen=True)
class Place:
    data: Path
    host: str
    port: int
    gateway_port: int
    web: int
    gateways: int
    demo: bool
    database: str  # "" means the embedded one
    public_url: str

    @property
    def near(self) -> str:
        """A host name by which this machine reaches itself."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(self.host, self.host)  # noqa: S104


def place(environ: Mapping[str, str] = os.environ) -> Place:
    """Raises Trouble for a number that is none."""
    port = _number(environ, "PORT", 8000)
    host = environ.get("HOST") or "127.0.0.1"
    return Place(
        data=Path(environ.get("DATA_DIR") or CHECKOUT / "var").absolute(),
        host=host,
        port=port,
        gateway_port=_number(environ, "GATEWAY_PORT", port + 1),
        web=_number(environ, "WEB_PROCESSES", 1),
        gateways=_number(environ, "GATEWAY_PROCESSES", 1),
        demo=environ.get("DEMO", "").strip().lower() in YES,
        database=environ.get("DATABASE_URL", ""),
        public_url=(environ.get("PUBLIC_URL") or f"http://127.0.0.1:{port}").rstrip("/"),
    )


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise Trouble(f"{name} is {text!r}.", remedy=f"Set {name} to a whole number such as {default}.")
    return int(text)


def listen(here: Place) -> socket.socket:
    """The socket all web processes share. It stays open while they are replaced, so that no caller is turned away."""
    return _bound(here.host, here.port, "PORT", backlog=BACKLOG)


def check_gateway_port(here: Place) -> None:
    """The gateways open their port themselves; a taken one is said now and not by a child that dies again and again."""
    _bound(here.host, here.gateway_port, "GATEWAY_PORT", backlog=1).close()


def _bound(host: str, port: int, name: str, *, backlog: int) -> socket.socket:
    until = time.monotonic() + LEAVING
    while True:
        try:
            return _bind(host, port, backlog=backlog)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > until:
                remedy = f"Stop what listens there, or set {name} to a free port."
                raise Trouble(f"{name} {port} on {host} cannot be opened: {error.strerror or error}.", remedy=remedy) from None
        time.sleep(0.1)


def _bind(host: str, port: int, *, backlog: int) -> socket.socket:
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    opened = socket.socket(family, kind)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
        opened.listen(backlog)
    except OSError:
        opened.close()
        raise
    return opened
