"""What the child processes are. Each function runs in a fork of the zygote, never returns to it, and ends on SIGTERM."""

import logging
import os
import runpy
import signal
import socket
import sys
from types import FrameType

# What a proxy adds is judged by us (base.http: TRUSTED_PROXIES; base.health: a forwarded call is never local), so the server must not drop it.
AS_SENT = {"clear_untrusted_proxy_headers": False}


def web(listener: socket.socket) -> None:
    """waitress over the inherited socket; requests under way are finished when SIGTERM comes."""
    from django.conf import settings
    from waitress.server import create_server

    from guanxi.supervisor.crowd import Turned
    from guanxi.supervisor.threads import dispatcher
    from guanxi.wsgi import application

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a queue of one is no news
    server = create_server(
        Turned(application),
        sockets=[listener],
        _dispatcher=dispatcher(int(os.environ.get("WEB_THREADS") or 8)),
        connection_limit=1000,
        channel_timeout=60,
        max_request_body_size=settings.UPLOAD_LIMIT + 1024 * 1024,
        ident=None,
        **AS_SENT,
    )
    signal.signal(signal.SIGTERM, _leave)
    server.run()  # returns after SystemExit, with its threads finished


def gateway(_listener: socket.socket) -> None:
    """The websocket process, as `python -m guanxi.talk.gateway` runs it."""
    runpy.run_module("guanxi.talk.gateway", run_name="__main__", alter_sys=True)


def worker(_listener: socket.socket) -> None:
    """Moves the outbox and does the jobs."""
    from guanxi.base.outbox import worker as jobs

    jobs.run()


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


PARTS = {"web": web, "gateway": gateway, "worker": worker}
