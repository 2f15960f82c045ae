"""Owns what every test stands on: what set-up makes, and a database many threads can write in."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from courts import catalogues
from courts.chart_bundle import write_bundle


def pytest_configure(config: pytest.Config) -> None:
    """Compile what changed, once a run: the processes of a run would meet in the same files."""
    if hasattr(config, "workerinput"):
        return
    for folder in settings.LOCALE_PATHS:
        catalogues.compile_all(folder)
    write_bundle(settings.BASE_DIR / "static" / "courts")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory,
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """Keep SQLite's tests in a file, as a user's figures are.

    In memory all connections share one cache, where a reader is refused while somebody writes.
    """
    database = settings.DATABASES["default"]
    if database["ENGINE"] != "django.db.backends.sqlite3":
        return
    file = tmp_path_factory.mktemp("database") / "test.sqlite3"
    database.setdefault("TEST", {})["NAME"] = str(file)
    # Lost with the run anyway, so nothing waits for the disk.
    database["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"


@pytest.fixture(scope="session", autouse=True)
def flush_past_triggers() -> Iterator[None]:
    """Let the tests empty what triggers protect; PostgreSQL truncates, which fires none."""
    operations: Any = type(connection.ops)
    flush = operations.sql_flush

    def around(self: Any, style: Any, tables: Any, **options: Any) -> list[str]:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
        drop = [f'DROP TRIGGER "{name}"' for name, _sql in triggers]
        return [*drop, *flush(self, style, tables, **options), *(sql for _name, sql in triggers)]

    with pytest.MonkeyPatch.context() as patch:
        if connection.vendor == "sqlite":
            patch.setattr(operations, "sql_flush", around)
        yield
