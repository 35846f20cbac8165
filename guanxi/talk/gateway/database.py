"""The gateway's own connections: past a pooler, with the time limits of a turn, nothing of the ORM."""

import os

import psycopg
from django.conf import settings

# As SET LOCAL in a turn (base.db), for connections that nobody else uses. A gateway waits less for locks: rows that a turn holds are
# skipped, so what it meets here is a migration or an emptied table, and below deadlock_timeout (1 s) it is the one that tries again.
LIMITS = "-c lock_timeout=700 -c statement_timeout=5000 -c idle_in_transaction_session_timeout=10000 -c TimeZone=UTC"

# Every statement here asks for a few rows by their keys. Plans are kept for the life of a connection, often made while the tables were
# small, and a batch's length is unknown to the planner: without this a text reads all keys ever used (measured: 20 ms at 60,000 of them).
BY_KEY = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off"


def connect(purpose: str, *, synchronous: bool = True) -> psycopg.Connection:
    """A connection in autocommit; `synchronous` commits wait for the disk whatever the server's default. Raises psycopg.Error."""
    name = f"{os.environ.get('GUANXI_PROCESS', 'gateway')}-{purpose}"
    options = f"{LIMITS} {BY_KEY} -c synchronous_commit={'on' if synchronous else 'off'}"
    return psycopg.connect(settings.DATABASE_DIRECT_URL, autocommit=True, application_name=name, options=options, connect_timeout=5)
