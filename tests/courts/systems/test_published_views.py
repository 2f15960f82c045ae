"""The views for reporting tools: what they tell, who reads them, and that nothing else is read."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from courts.models import QualityYear, User
from courts.scores.selectors.scores import month_scores
from courts.systems.services.published_views import SCHEMA, VIEWS
from courts.years.closed_months import restating
from scoring.facts import Month
from scoring.schema import Side
from tests import documents
from tests.courts.conftest import COURTS
from tests.courts.published import publish
from tests.pages import account, elsewhere, give

pytestmark = [pytest.mark.django_db, pytest.mark.database]
on_postgresql = pytest.mark.skipif("not __import__('os').environ.get('DATABASE_URL')")


@pytest.fixture
def leader(year: QualityYear) -> User:
    return account("leader", "yanbian", "leader")


@pytest.fixture
def reader(db: None) -> str:
    """A role that reads nothing yet."""
    run("CREATE ROLE bi_reader")
    return "bi_reader"


def run(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def put_up(*arguments: str) -> str:
    out = io.StringIO()
    call_command("publish_views", *arguments, stdout=out)
    return out.getvalue()


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    """The database's session as another role, as a reporting tool has it."""
    run(f"SET ROLE {role}")
    try:
        yield
    finally:
        run("RESET ROLE")


def test_they_are_documented_column_by_column() -> None:
    text = documents.read("reporting.md")
    for view in VIEWS:
        assert f"`{SCHEMA}.{view.name}`" in text, view.name
        for name, _about in view.columns:
            assert f"`{name}`" in text, (view.name, name)


def test_no_migration_and_no_other_database_has_them(year: QualityYear) -> None:
    if connection.vendor == "postgresql":
        assert run("SELECT 1 FROM pg_namespace WHERE nspname = %s", SCHEMA) == []
    else:
        with pytest.raises(CommandError, match="PostgreSQL"):
            put_up("--reader", "anybody")


@on_postgresql
def test_they_tell_published_months_alone(
    made_year: QualityYear, leader: User, reader: str
) -> None:
    put_up("--reader", reader)
    with acting_as(reader):
        assert run(f"SELECT * FROM {SCHEMA}.months") == []
        assert [code for (code,) in run(f"SELECT court FROM {SCHEMA}.courts ORDER BY place")] == [
            *COURTS
        ]
    waiting = publish(made_year, leader, month=6, is_published=False)
    first = publish(made_year, leader)
    cards = month_scores(made_year, Month(2019, 12)).scoreboard.scorecards
    with acting_as(reader):
        told = run(
            f"SELECT year, month, side, snapshot, restated FROM {SCHEMA}.months ORDER BY side"
        )
        assert told == [
            ("yanbian-2019", "2019-12", side, first.sha256, False)
            for side in ("enforcement", "litigation")
        ]
        assert waiting.sha256 not in str(told)
        totals = dict(run(f"SELECT court, total FROM {SCHEMA}.totals"))
        assert totals == {card.court: Decimal(f"{card.total:.2f}") for card in cards}
        items = run(f"SELECT court, item, points FROM {SCHEMA}.items")
        assert {(court, item): points for court, item, points in items} == {
            (card.court, one.item.code): one.points for card in cards for one in card.items
        }
        assert run(
            f"SELECT value FROM {SCHEMA}.figures WHERE court = 'yanji'"
            " AND metric = 'appeals_filed' AND period = 'current'"
        ) == [(958,)]
        sides = run(
            f"SELECT points FROM {SCHEMA}.sides WHERE court = 'yanji' AND side = 'litigation'"
        )
        yanji = next(card for card in cards if card.court == "yanji")
        assert sides == [(yanji.half(Side.LITIGATION),)]
    with restating(made_year, [12]):
        give(made_year, ("yanji", "2019-12", "appeals_filed", 900))
    second = publish(made_year, leader, restates=first, reason="重复计数")
    with acting_as(reader):
        told = run(f"SELECT DISTINCT snapshot, restated FROM {SCHEMA}.months")
        assert told == [(second.sha256, True)]


@on_postgresql
def test_a_side_alone_has_no_total(made_year: QualityYear, leader: User, reader: str) -> None:
    publish(made_year, leader, sides=["litigation"])
    put_up("--reader", reader)
    with acting_as(reader):
        assert run(f"SELECT * FROM {SCHEMA}.totals") == []
        assert len(run(f"SELECT * FROM {SCHEMA}.sides")) == len(COURTS)
        assert {row[0] for row in run(f"SELECT DISTINCT side FROM {SCHEMA}.items")} == {
            "litigation"
        }


@on_postgresql
def test_the_role_reads_the_views_and_nothing_else(
    made_year: QualityYear, leader: User, reader: str
) -> None:
    publish(made_year, leader)
    put_up("--reader", reader)
    tables = [name for (name,) in run(
        "SELECT schemaname || '.' || tablename FROM pg_tables"
        " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
    )]  # fmt: skip
    assert "public.courts_snapshot" in tables
    assert "public.courts_sealedballot" in tables
    with acting_as(reader):
        for view in VIEWS:
            run(f"SELECT * FROM {SCHEMA}.{view.name} LIMIT 1")
            with pytest.raises(DatabaseError), transaction.atomic():
                run(f"DELETE FROM {SCHEMA}.{view.name}")
        for table in tables:
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                run(f"SELECT * FROM {table} LIMIT 1")
        with pytest.raises(DatabaseError), transaction.atomic():
            run(f"CREATE TABLE {SCHEMA}.mine (a integer)")
    # A function of the reader's own is not run on rows that the view leaves out.
    (plan,) = run(
        "SELECT string_agg(reloptions::text, ' ') FROM pg_class c JOIN pg_namespace n"
        " ON n.oid = c.relnamespace WHERE n.nspname = %s AND c.relkind = 'v'",
        SCHEMA,
    )
    assert plan[0].count("security_barrier=true") == len(VIEWS)


@on_postgresql
def test_a_role_that_reads_more_is_refused_and_nothing_changes(
    year: QualityYear, reader: str
) -> None:
    put_up("--reader", reader)
    run("CREATE ROLE other")
    for grant, back in (
        ("GRANT SELECT ON courts_figure TO other", "REVOKE ALL ON courts_figure FROM other"),
        ("GRANT SELECT (code) ON courts_court TO other", "REVOKE ALL ON courts_court FROM other"),
        ("GRANT bi_reader TO other", "REVOKE bi_reader FROM other"),
        ("ALTER ROLE other SUPERUSER", "ALTER ROLE other NOSUPERUSER"),
    ):
        run(grant)
        with pytest.raises(CommandError, match="other"):
            put_up("--reader", "other")
        run(back)
    with pytest.raises(CommandError, match="nobody_there"):
        put_up("--reader", "nobody_there")
    with acting_as(reader):
        run(f"SELECT * FROM {SCHEMA}.months")
    assert put_up("--reader", "other").split() == [f"{SCHEMA}.{view.name}" for view in VIEWS]
    # The views are made anew: who is not named any more reads nothing.
    with acting_as(reader), pytest.raises(DatabaseError), transaction.atomic():
        run(f"SELECT * FROM {SCHEMA}.months")


@on_postgresql
def test_what_somebody_else_made_is_left_alone(year: QualityYear, reader: str) -> None:
    put_up("--reader", reader)
    run(f"CREATE VIEW theirs AS SELECT month FROM {SCHEMA}.months")
    with pytest.raises(CommandError, match="theirs"):
        put_up("--drop")
    run("DROP VIEW theirs")
    put_up("--drop")
    assert run("SELECT 1 FROM pg_namespace WHERE nspname = %s", SCHEMA) == []
    run(f"CREATE SCHEMA {SCHEMA}")
    with pytest.raises(CommandError):
        put_up("--reader", reader)


@on_postgresql
def test_another_prefecture_is_not_told(made_year: QualityYear, leader: User, reader: str) -> None:
    publish(made_year, leader)
    elsewhere(made_year)
    with pytest.raises(CommandError, match="tonghua"):
        put_up("--reader", reader)
    put_up("--reader", reader, "--court", "tonghua")
    with acting_as(reader):
        assert run(f"SELECT * FROM {SCHEMA}.months") == []
        assert run(f"SELECT court FROM {SCHEMA}.courts ORDER BY place") == [
            ("tonghua",),
            ("meihekou",),
        ]
