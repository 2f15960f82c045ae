"""Owns the trigger that notes when an account's password was set, whoever sets it and however.

It is put up after every `migrate`, because SQLite loses a table's triggers when a migration makes
the table anew. Who set it is said by the services that know (`CredentialChange.made_by`); a line
that nobody claims was set by somebody at the server.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connections

from courts.frame.triggers import is_up

NAME = "credential_password"

_FUNCTION = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO {changes} (user_id, kind, at) VALUES (NEW.id, 'password', clock_timestamp());
    RETURN NULL;
END $$
"""
_POSTGRESQL = """
CREATE TRIGGER {name} AFTER UPDATE OF password ON {users} FOR EACH ROW
WHEN (OLD.password IS DISTINCT FROM NEW.password) EXECUTE FUNCTION {name}()
"""
_SQLITE = """
CREATE TRIGGER {name} AFTER UPDATE OF password ON {users}
WHEN OLD.password IS NOT NEW.password BEGIN
    INSERT INTO {changes} (user_id, kind, at)
    VALUES (NEW.id, 'password', strftime('%Y-%m-%d %H:%M:%f', 'now'));
END
"""


def put_up(using: str = "default", **_signal: Any) -> None:
    """Create the trigger unless it is there; called after every migration and flush."""
    connection = connections[using]
    names = {
        "name": NAME,
        "users": apps.get_model("courts", "User")._meta.db_table,
        "changes": apps.get_model("courts", "CredentialChange")._meta.db_table,
    }
    if names["changes"] not in connection.introspection.table_names():
        return
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if is_up(cursor, connection.vendor, NAME):
            return
        if not is_sqlite:
            cursor.execute(_FUNCTION.format(**names))
        # Without parameters, so that a percent sign is one.
        cursor.execute((_SQLITE if is_sqlite else _POSTGRESQL).format(**names))
