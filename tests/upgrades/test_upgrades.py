"""A database of any day is upgraded to this version and scores what it scored then.

With every change one of the oldest days is upgraded on either database, by night one of each
migration and one with the demonstration's accounts and ballot. A new database is made at once, by
the migration that stands for the others: it is held beside one that went the long way.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from courts.frame.selectors.record import check
from courts.frame.services.record import seal
from courts.models import BallotRound, Figure, SealedBallot
from courts.upkeep.services import copies
from tests.upgrades import built, dumps

# The first that was stored by a version that could score.
OLDEST = "0004_monthly_returns"
DEMONSTRATION = "0018_two_people"

Elsewhere = Callable[..., Any]


@pytest.fixture
def elsewhere(transactional_db: None, tmp_path: Path) -> Iterator[Elsewhere]:
    """Give a database of its own, empty or a copy of another of them, for as long as asked."""
    database = connections.databases["default"]
    made: list[str] = []
    own = database["NAME"]

    def go_to(name: str) -> None:
        connection.close()
        database["NAME"] = connection.settings_dict["NAME"] = name
        ContentType.objects.clear_cache()

    @contextmanager
    def elsewhere(copy_of: str = "") -> Iterator[str]:
        before = database["NAME"]
        connection.close()
        if connection.vendor == "sqlite":
            name = str(tmp_path / f"{len(made)}.sqlite3")
            if copy_of:
                Path(name).write_bytes(Path(copy_of).read_bytes())
        else:
            name = f"qy_upgrade_{os.getpid()}_{len(made)}"
            copies.in_maintenance([f"CREATE DATABASE {name} TEMPLATE {copy_of or 'template1'}"])
        made.append(name)
        go_to(name)
        yield name
        go_to(before)
        if connection.vendor == "postgresql":
            copies.in_maintenance([f"DROP DATABASE {name} WITH (FORCE)"])

    yield elsewhere
    go_to(own)
    for name in made:
        if connection.vendor == "sqlite":
            Path(name).unlink(missing_ok=True)


def fits(dump: dumps.Dump) -> bool:
    """Whether the tables of a dump are those that the migrations so far make."""
    there = dumps.columns()
    told = {name: sorted(held["columns"]) for name, held in dump["tables"].items()}
    return all(there.get(name) == told[name] for name in told if name.startswith("courts_"))


def checked(dump: dumps.Dump) -> None:
    """As after the command `migrate`: the same scores, and a record that is whole."""
    call_command("migrate", verbosity=0)
    assert dumps.scored() == dump["scores"]
    seal(timezone.now())
    assert check().faults == ()


def test_every_migration_has_its_dump() -> None:
    missing = [name for name in dumps.names() if not dumps.file_of(name).exists()]
    assert not missing, "python -m tests.upgrades.dumps stores what is missing"
    assert len(list(dumps.STORED.glob("*.json.xz"))) == len(dumps.names())


def planned() -> list[str]:
    """The courts' migrations that the command `migrate` would apply to the present database."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [migration.name for migration, _backwards in plan if migration.app_label == "courts"]


@pytest.mark.database
def test_one_stands_for_all_or_for_none(elsewhere: Elsewhere) -> None:
    names = dumps.names()
    with elsewhere():
        at_once, *later = planned()
        assert dumps.SQUASHED in at_once
        together = names[: len(names) - len(later)]
        assert names == together + later
        recorder = MigrationRecorder(connection)
        recorder.ensure_schema()
        # A database of any day before has some behind it and takes the others one by one.
        for number, name in enumerate(together, start=1):
            recorder.record_applied("courts", name)
            if number in {1, 4, 20, len(together) - 1}:
                assert planned() == names[number:]
        assert planned() == later


@pytest.mark.database
def test_the_oldest_day_is_upgraded_and_scores_the_same(elsewhere: Elsewhere) -> None:
    dump = dumps.read(OLDEST)
    new, put_in = built.objects(), built.rows()
    with elsewhere():
        passed = []
        for name in dumps.steps():
            passed.append(name)
            if name == OLDEST:
                dumps.load(dump)
            # Who changes a migration that somebody's database has behind it is told here.
            assert fits(dumps.read(name)), name
        assert passed == dumps.names()
        checked(dump)
        # A new database has the same tables and triggers, and all rows that migrations put in.
        upgraded = built.objects()
        assert {key for key in new.keys() | upgraded if new.get(key) != upgraded.get(key)} == set()
        there = built.rows()
        for table in ("auth_group", "courts_housekeepingrun", "django_migrations"):
            assert put_in[table] == there[table]
        # Django itself writes what accounts may do, and leaves it under the names of that day.
        lost = {table for table in put_in if set(put_in[table]) - set(there[table])}
        assert lost <= {"auth_permission"}
        # What would be lost: one figure of nine hundred, and one that a migration changed.
        figures = Figure.objects.filter(metric="first_instance_closed").order_by("pk")
        figures.filter(pk=figures[0].pk).update(value=1)
        assert dumps.scored() != dump["scores"]
        assert check().faults


@pytest.mark.nightly
@pytest.mark.database
def test_a_new_database_has_the_rows_of_the_long_way(elsewhere: Elsewhere) -> None:
    new = built.rows()
    with elsewhere():
        for _name in dumps.steps():
            pass
        call_command("migrate", verbosity=0)
        assert built.rows() == new


@pytest.mark.nightly
@pytest.mark.database
@pytest.mark.parametrize("day", [*dumps.names(), f"demonstrations/{DEMONSTRATION}"])
def test_each_day_is_upgraded_and_scores_the_same(elsewhere: Elsewhere, day: str) -> None:
    dump = dumps.read(day)
    with elsewhere():
        for name in dumps.steps():
            if name == Path(day).name:
                dumps.load(dump)
        checked(dump)
        if day.startswith("demonstrations/"):
            assert SealedBallot.objects.count() == 2
            assert BallotRound.objects.get().state == BallotRound.State.OPEN
