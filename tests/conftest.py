"""Owns what every test stands on: compiled catalogues, and a database many threads can write in."""

import pytest
from django.conf import settings

from courts import catalogues


def pytest_configure(config: pytest.Config) -> None:
    """Compile what changed, once a run: the processes of a run would meet in the same files."""
    if hasattr(config, "workerinput"):
        return
    for folder in settings.LOCALE_PATHS:
        catalogues.compile_all(folder)


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
