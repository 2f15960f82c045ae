"""Two prefectures in one database, each in a schema of its own: neither meets the other.

As docs/large.md has it for Citus, whose statements alone move such a schema to another machine.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import IntegrityError, connection, connections
from django.utils import timezone

from courts.frame import stamping
from courts.frame.refusals import BackupError, ReturnError
from courts.frame.services.record import SEALER, seal
from courts.models import Court, DataStamp, Figure, User
from courts.systems.services.published_views import put_up_views, take_down_views
from courts.upkeep.selectors.fingerprints import differences, fingerprint
from courts.upkeep.services import copies
from courts.upkeep.services.backups import back_up, restore
from tests.hold.databases import looking_into
from tests.pages import account, give, stored_year

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="of PostgreSQL"),
]

OURS, THEIRS = "yanbian", "tonghua"
# By schema: what hangs on tables, and what it does.
OBJECTS = {
    "tables": "SELECT count(*) FROM pg_tables WHERE schemaname = %s",
    "triggers": "SELECT count(*) FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
    " WHERE NOT tgisinternal AND relnamespace = %s::regnamespace",
    "functions": "SELECT count(*) FROM pg_proc WHERE pronamespace = %s::regnamespace",
}


@pytest.fixture
def database(transactional_db: None) -> Iterator[str]:
    """An empty database with two schemas, neither of which is the one that all have."""
    name = f"qy_schemas_{os.getpid()}"
    copies.in_maintenance([f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"])
    try:
        with looking_into({"NAME": name}), connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {OURS}; CREATE SCHEMA {THEIRS}")
        yield name
    finally:
        copies.in_maintenance([f"DROP DATABASE {name} WITH (FORCE)"])
        ContentType.objects.clear_cache()


def of(database: str, schema: str) -> AbstractContextManager[None]:
    """Be the installation whose address names this schema."""
    ContentType.objects.clear_cache()
    options = {**connection.settings_dict["OPTIONS"], "options": f"-c search_path={schema}"}
    return looking_into({"NAME": database, "OPTIONS": options})


def objects(schema: str) -> dict[str, int]:
    found = {}
    with connection.cursor() as cursor:
        for kind, statement in OBJECTS.items():
            cursor.execute(statement, [schema])
            found[kind] = cursor.fetchone()[0]
    return found


def in_both(database: str, what: Callable[[], Any]) -> list[Any]:
    """What this tells in the one and in the other."""
    found = []
    for schema in (OURS, THEIRS):
        with of(database, schema):
            found.append(what())
    return found


def made_year() -> None:
    call_command("setup_year", "yanbian-2019", stdout=StringIO(), stderr=StringIO())
    give(stored_year(), ("yanji", "2019-05", "appeals_filed", 452))


def words() -> set[str]:
    return set(DataStamp.objects.values_list("value", flat=True))


def refused() -> bool:
    """Whether history refuses to be deleted, by the trigger of this schema."""
    assert Figure.history.exists()
    try:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM courts_historicalfigure")
    except IntegrityError:
        return True
    return False


def test_neither_meets_the_other(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_both(database, lambda: call_command("migrate", verbosity=0))
    in_both(database, made_year)
    in_both(database, lambda: account("admin", None))
    _rows_and_what_hangs_on_them(database)
    _sealing(database)
    _views(database)
    _a_backup(database, tmp_path, monkeypatch)


def _rows_and_what_hangs_on_them(database: str) -> None:
    with of(database, OURS):
        ours, theirs, common = (objects(one) for one in (OURS, THEIRS, "public"))
    assert ours == theirs
    assert min(ours.values()) > 100
    assert set(common.values()) == {0}

    with of(database, OURS):
        User.objects.filter(username="admin").update(name="延边的")
        Court.objects.filter(code="yanji").update(short_name="延吉新院")
    admin = User.objects.filter(username="admin").values_list("name", flat=True)
    assert in_both(database, admin.get) == ["延边的", ""]
    court = Court.objects.filter(code="yanji").values_list("short_name", flat=True)
    assert in_both(database, court.get) == ["延吉新院", "延吉法院"]

    # What one writes leaves what the other's pages are made from.
    before = in_both(database, words)
    with of(database, THEIRS):
        Court.objects.filter(code="yanji").update(short_name="延吉三院")
    after = in_both(database, words)
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False]
    assert in_both(database, refused) == [True, True]

    # A migration of the one takes its own triggers down, and puts its own up again.
    with of(database, OURS):
        stamping.take_down(plan=[object()])
        assert objects(OURS)["triggers"] < ours["triggers"]
        assert objects(THEIRS) == theirs
        stamping.put_up()
        assert objects(OURS) == ours


def _sealing(database: str) -> None:
    """One seals its record while the other does."""
    later = timezone.now() + timedelta(hours=1)
    with of(database, OURS):
        other: Any = connections.create_connection("default")
        other.ensure_connection()
    with closing(other), other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [SEALER, OURS])
        assert in_both(database, lambda: seal(later) > 0) == [False, True]


def _views(database: str) -> None:
    """What is published of one is not taken from it by the other."""
    root = Court.objects.filter(parent=None)

    def put_up() -> str:
        try:
            put_up_views(root=root.get(), readers=[])
        except ReturnError as error:
            return str(error)
        return "put up"

    first, second = in_both(database, put_up)
    assert (first, "published" in second) == ("put up", True)
    with of(database, OURS):
        assert put_up() == "put up"
        assert take_down_views()


def _a_backup(database: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with of(database, OURS):
        before = fingerprint()
        made = back_up(folder=folder)
    in_both(database, lambda: account("later", None))
    later = User.objects.filter(username="later")

    def fails(*_given: Any) -> None:
        raise BackupError("full")

    with of(database, OURS):
        with monkeypatch.context() as patch:
            patch.setattr(copies, "_bring_in", fails)
            with pytest.raises(BackupError, match="full"):
                copies.put_in_place(made / "database.dump", "1")
        assert later.exists()
        old = restore(backup=made, is_replacing=True)
        assert differences(before, fingerprint()) == []
    assert in_both(database, later.exists) == [False, True]
    # What was there before stays beside it.
    with of(database, old):
        assert later.exists()
