"""How Django finds a database's connection: a module called `base` with a DatabaseWrapper."""

from typing import Any

from django.db.backends.postgresql import base

REMEMBERED = 400  # a page or act has up to 25 statements; what is more than this is forgotten, oldest first


class DatabaseWrapper(base.DatabaseWrapper):
    """Keeps more prepared statements a connection than psycopg's 100: to plan one of ours costs more than to run it."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.prepared_max = REMEMBERED
        return connection
