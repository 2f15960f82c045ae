"""Owns what every test stands on: what set-up makes, and a database many threads can write in."""

import fcntl
import gc
import hashlib
import os
import shutil
from collections.abc import Callable, Hashable, Iterator
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import gmpy2  # type: ignore[import-untyped]
import pytest
from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from django.utils.safestring import SafeString
from pytest_django.plugin import DjangoDbBlocker

from courts import database_clock
from courts.ballots.protocol import group
from courts.frame import remembered
from courts.frame.views import parts
from courts.models.prepared import PreparedByKey
from courts.outlooks.charts.bundle import write_bundle
from courts.wording import catalogues
from qualityyear import sessions
from scoring.outlook import DRAWS, year_ends
from scoring.rank_uncertainty import rank_ranges
from tests import restoring
from tests.grounds import ground_of, standing

DRAWING = (year_ends, rank_ranges)
AS_KEPT = parts.Drawn.__call__
# Whose fixtures every test may ask for by name.
pytest_plugins = [
    "tests.pages",
    "tests.courts.admin_fixtures",
    "tests.courts.closing_fixtures",
    "tests.courts.issue_fixtures",
    "tests.courts.returns_fixtures",
]


def pytest_configure(config: pytest.Config) -> None:
    """Compile what changed, once a run: the processes of a run would meet in the same files."""
    if hasattr(config, "workerinput"):
        return
    for folder in settings.LOCALE_PATHS:
        catalogues.compile_all(folder)
    write_bundle(settings.BASE_DIR / "static" / "courts" / "outlooks")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what is marked `nightly` to `make nightly`, which asks for nothing else.

    On PostgreSQL run, with every change, what a database does itself: tests that commit and those
    marked `database`. By night run there whatever touches a database.
    """
    by_night = bool(os.environ.get("QY_NIGHTLY"))
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        kept = [
            item
            for item in items
            if _touches_a_database(item)
            and not item.get_closest_marker("browser")
            and (by_night or _is_of_the_database(item))
        ]
    else:
        kept = [item for item in items if bool(item.get_closest_marker("nightly")) is by_night]
    if len(kept) < len(items):
        left = set(kept)
        config.hook.pytest_deselected(items=[item for item in items if item not in left])
        items[:] = kept


def pytest_collection_finish() -> None:
    """Spare what stays until the end, which is the most there is, from being searched for waste."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _is_of_the_database(item: pytest.Item) -> bool:
    """Whether the outcome hangs on which database it is, as far as one can tell beforehand."""
    if item.get_closest_marker("nightly"):
        return False
    return _commits(item) or item.get_closest_marker("database") is not None


def _commits(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("django_db")
    used = set(getattr(item, "fixturenames", ()))
    return bool(
        used & {"transactional_db", "live_server"} or (mark and mark.kwargs.get("transaction"))
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Put the ground of the test into the database, if it is not there from the one before.

    A page leaves the language of its reader behind in the thread; no test finds another's.
    """
    translation.deactivate()
    if _touches_a_database(item):
        standing.move_to(ground_of(item))


def _touches_a_database(item: pytest.Item) -> bool:
    used = set(getattr(item, "fixturenames", ()))
    return bool(
        used & {"db", "transactional_db", "live_server"} or item.get_closest_marker("django_db")
    )


@pytest.fixture(autouse=True, scope="session")
def the_clock_of_the_process_counts() -> Iterator[None]:
    """Travel in time by the clock of this process: no test can set a database's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database_clock._Clock, "ahead", lambda _self, _on: database_clock.NONE)
        yield


@pytest.fixture(autouse=True, scope="session")
def powers_worked_out_once() -> Iterator[None]:
    """Work out each power of the ballots once: boards of the tests differ in a few numbers."""
    known = lru_cache(maxsize=50_000)(gmpy2.powmod)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(group, "gmpy2", SimpleNamespace(mpz=gmpy2.mpz, powmod=known))
        yield


@pytest.fixture(autouse=True, scope="session")
def last_moments_written_seldom() -> Iterator[None]:
    """Of a slow test some pages would ask more: a session writes once a minute when it was seen."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sessions, "SECONDS_BETWEEN_WRITES", 3600)
        yield


@pytest.fixture(autouse=True, scope="session")
def keys_that_name_all() -> Iterator[None]:
    """Have every query that is known by a key compared with the one that was made under the key.

    A key that leaves out what the query is written from answers somebody with another's rows.
    """
    queries = remembered._queries

    def made(key: Hashable, write: Callable[[], Any]) -> Any:
        found = PreparedByKey._made(queries, key, write)
        query = write().query
        if found is not None and query is found.rows.query:
            return found
        try:
            sql, parts = query.get_compiler(using="default").as_sql()
        except EmptyResultSet:
            assert found is None, f"{key} found something before"
        else:
            assert found is not None, f"{key} found nothing before"
            # What PostgreSQL takes for JSON is told from another by what is in it.
            was, is_now = (
                [getattr(one, "adapted", one) for one in p] for p in (found.parts, parts)
            )
            assert (found.sql, was) == (sql, is_now), f"{key} is of another"
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queries, "_made", made)
        yield


@pytest.fixture(autouse=True, scope="session")
def keys_that_name_all_that_is_drawn() -> Iterator[None]:
    """Have whatever is shown as it was drawn before compared with what would be drawn now."""

    def drawn(self: parts.Drawn, key: Hashable, draw: Callable[[], SafeString]) -> SafeString:
        is_new = False

        def draw_new() -> SafeString:
            nonlocal is_new
            is_new = True
            found = draw()
            assert "csrfmiddlewaretoken" not in found, f"{key} keeps a secret of somebody's forms"
            return found

        found = AS_KEPT(self, key, draw_new)
        assert is_new or found == draw(), f"{key} does not name all that is drawn"
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts.Drawn, "__call__", drawn)
        yield


@pytest.fixture(autouse=True, scope="session")
def a_tenth_of_the_draws() -> Iterator[None]:
    """Draw fewer year-ends and rankings where a test does not say how many: 20 instead of 200.

    A page says the same about either, and most walks over pages come by one; what many draws tell
    is for `tests/scoring`, `make calibrate` and `all_draws`.
    """
    with pytest.MonkeyPatch.context() as patch:
        for drawing in DRAWING:
            assert drawing.__defaults__ is not None
            fewer = [DRAWS // 10 if one == DRAWS else one for one in drawing.__defaults__]
            patch.setattr(drawing, "__defaults__", tuple(fewer))
        yield


@pytest.fixture
def all_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw as often as a user's server does."""
    for drawing in DRAWING:
        assert drawing.__defaults__ is not None
        all_of_them = [DRAWS if one == DRAWS // 10 else one for one in drawing.__defaults__]
        monkeypatch.setattr(drawing, "__defaults__", tuple(all_of_them))


@pytest.fixture(autouse=True)
def remembering(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pages of a walk keep what they computed, as they do outside a test's transaction.

    On SQLite every statement that changes figures draws a new stamp, inside a transaction too.
    """
    if request.node.get_closest_marker("walk") and connection.vendor == "sqlite":
        monkeypatch.setattr(remembered, "_is_inside", lambda: False)


@pytest.fixture
def nothing_remembered(remembering: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every page compute what it shows: for a walk that counts the queries of cold pages."""
    monkeypatch.setattr(remembered, "_is_inside", lambda: True)


@pytest.fixture(scope="session")
def migrated_file() -> Path | None:
    """Where a migrated SQLite database is kept between runs; None on another database.

    Its name is made of everything a migration reads, so a changed one is made anew. What is kept
    is what the migrations made: a run without it gives the same tests the same database.
    """
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3":
        return None
    base = Path(settings.BASE_DIR)
    sources = [
        *sorted((base / "courts").rglob("*.py")),
        *sorted((base / "qualityyear").glob("*.py")),
        base / "requirements" / "dev.txt",
    ]
    made_of = hashlib.sha256()
    for source in sources:
        if source.parent.name in {"migrations", "models", "requirements", "courts", "qualityyear"}:
            made_of.update(source.read_bytes())
    folder = base / ".pytest_cache" / "database"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{made_of.hexdigest()[:16]}.sqlite3"


@pytest.fixture(scope="session")
def alone(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Callable[[], None]]:
    """Keep the other processes of a run waiting until what is yielded is called.

    One of them migrates; the others find a migrated database to copy.
    """
    folder = tmp_path_factory.getbasetemp()
    folder = folder if worker_id == "master" else folder.parent
    with (folder / "migrating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lambda: fcntl.flock(lock, fcntl.LOCK_UN)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory,
    django_db_modify_db_settings_parallel_suffix: None,
    migrated_file: Path | None,
    alone: Callable[[], None],
    django_db_blocker: DjangoDbBlocker,
) -> None:
    """Begin with a migrated database, if there is one; keep SQLite's in a file, as a user's is.

    In memory all connections share one cache, where a reader is refused while somebody writes.
    """
    database = settings.DATABASES["default"]
    if migrated_file is None:
        # PostgreSQL copies it; of a throw-away cluster nothing is left for another run.
        with django_db_blocker.unblock():
            database.setdefault("TEST", {})["TEMPLATE"] = restoring.template()
        return
    file = tmp_path_factory.mktemp("database") / "test.sqlite3"
    if migrated_file.exists():
        shutil.copyfile(migrated_file, file)
    database.setdefault("TEST", {})["NAME"] = str(file)
    # Lost with the run anyway, so nothing waits for the disk.
    database["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"


@pytest.fixture(scope="session")
def django_db_keepdb(migrated_file: Path | None) -> bool:
    """Let the copy of a migrated database stand; it lies in the folder of this run."""
    return migrated_file is not None and migrated_file.exists()


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_keepdb: bool,
    django_db_setup: None,
    migrated_file: Path | None,
    django_db_blocker: DjangoDbBlocker,
    alone: Callable[[], None],
) -> Iterator[None]:
    """Put a database away as soon as it is migrated, whole or not at all."""
    if migrated_file is not None and not django_db_keepdb:
        with TemporaryDirectory(dir=migrated_file.parent) as folder:
            copy = Path(folder) / "copy.sqlite3"
            with django_db_blocker.unblock(), connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(copy)])
            for outdated in migrated_file.parent.glob("*.sqlite3"):
                outdated.unlink(missing_ok=True)
            copy.replace(migrated_file)
    with django_db_blocker.unblock():
        if migrated_file is None:
            restoring.keep_template()
        alone()
        restore = restoring.prepared()
    standing.blocker = django_db_blocker
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: restore())
        yield
    standing.move_to(None)
    standing.blocker = None


@pytest.fixture
def migrated_copy(django_db_setup: None, migrated_file: Path | None) -> Callable[[Path], None]:
    """Return what makes a migrated SQLite database at a path."""
    assert migrated_file is not None

    def copy(path: Path) -> None:
        shutil.copyfile(migrated_file, path)

    return copy
