"""A pooler in transaction mode before PostgreSQL: more people at once than it has connections.

PgBouncer by the file that is shipped, with two connections; the limits are the role's, by the
statements of docs/large.md. The controls ask for what such a pooler does not keep, options of a
connection and a cursor beyond its transaction, and find what it keeps of somebody else.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2  # type: ignore[import-untyped]
import pytest
from django.conf import settings
from django.db import DatabaseError, OperationalError, connection
from django.utils import timezone

from courts.frame.selectors.record import check
from courts.frame.services.housekeeping import keep_house
from courts.models import Event, Figure, QualityYear, RecordEntry
from qualityyear.waits import COMMAND_LOCK_SECONDS
from tests import documents
from tests.courts.ballot_fixtures import Vote
from tests.courts.ballot_fixtures import people as ballot_people
from tests.courts.returns_fixtures import CLEAN_LITIGATION
from tests.courts.upkeep.test_waits import held
from tests.hold.databases import looking_into
from tests.hold.fronts import Pooler, pooler
from tests.hold.running import NEVER, Server, serving
from tests.hold.savers import make_savers, save_all, whole
from tests.hold.test_two_servers import Pair, a_preview
from tests.hold.test_voters import cast_all, lost, opened, sealed
from tests.pages import account, give, the_year

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="of PostgreSQL"),
]

# Connections that the pooler has, and people who save at once.
SIZE, SAVERS, VOTERS = 2, 12, 6
LOOKS = 6
# What Django hands on of a cursor that is not there.
GONE = (DatabaseError, psycopg2.Error)
PASSWORD = "not-a-secret"
APRIL = "/yanbian-2019/2019-04/yanji/"
# Seconds. On a busy machine the trials wait longer for a connection; who is told that there is none
# is told after one, and after one of a lock, instead of six and eight.
PATIENT, SOON = 60, 1
LIMITS = (
    "SELECT string_agg(setting, ' ' ORDER BY name) FROM pg_settings WHERE name IN "
    "('lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout')"
)


@dataclass(frozen=True)
class Pooled:
    """The pooler, and as whom the product asks it."""

    front: Pooler
    role: str

    @property
    def port(self) -> int:
        return self.front.port

    @property
    def url(self) -> str:
        name = connection.settings_dict["NAME"]
        return f"postgres://{self.role}:{PASSWORD}@127.0.0.1:{self.port}/{name}"

    def known(self, *, is_pooled: bool = True, **options: Any) -> dict[str, Any]:
        """What `looking_into` takes, with `DATABASE_POOLER` or as if nobody had set it."""
        return {
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "USER": self.role,
            "PASSWORD": PASSWORD,
            "OPTIONS": options,
            "DISABLE_SERVER_SIDE_CURSORS": is_pooled,
        }

    @contextmanager
    def used_up(self) -> Iterator[None]:
        """Others hold all connections of the pooler, each in a transaction."""
        others = [psycopg2.connect(self.url) for _place in range(SIZE)]
        try:
            for one in others:
                one.cursor().execute("SELECT 1")
            yield
        finally:
            for one in others:
                one.close()


@pytest.fixture
def year(transactional_db: None) -> QualityYear:
    return the_year()


@pytest.fixture
def pooled(year: QualityYear) -> Iterator[Pooled]:
    """A pooler, and a role without a superuser's powers that may what the owner may."""
    known = connection.settings_dict
    role = f"pooled_{known['NAME']}"
    statements = "".join(
        one for one in documents.blocks(documents.read("large.md"), "sql") if "lock_timeout" in one
    )
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {role} LOGIN IN ROLE {known['USER']}")
        cursor.execute(statements.replace("qualityyear", role))
    try:
        changes = {
            "default_pool_size = 20": f"default_pool_size = {SIZE}",
            "query_wait_timeout = 4": f"query_wait_timeout = {PATIENT}",
        }
        host = str(known["OPTIONS"]["host"])
        with pooler(str(known["NAME"]), host, role, PASSWORD, changes) as front:
            yield Pooled(front, role)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP ROLE {role}")


def test_more_people_than_connections(year: QualityYear, pooled: Pooled, tmp_path: Path) -> None:
    vote = ballot_people(year, leaders=VOTERS)
    opened(vote, 12)
    account("desk", "yanji", "litigation", name="填报")
    given = {"DATABASE_POOLER": "1"}
    with serving(pooled.url, tmp_path, settings_given=given) as server:
        _saves(year, pooled, server)
        a_preview(Pair(server, server), month=3)
        _what_is_copied_in_is_on_the_page_at_once(year, pooled, server)
        _commands(pooled)
        _ballots(vote, server)
        _what_is_held(pooled, server)


def _saves(year: QualityYear, pooled: Pooled, server: Server) -> None:
    savers = make_savers(year, SAVERS)
    tally = save_all(savers, server.port, 2, together=True)
    assert (tally.faults, tally.refused, tally.cut_off) == ([], [], 0)
    assert len(tally.acknowledged) == SAVERS * 2
    assert (tally.lost(), tally.unseen(), whole()) == ([], [], [])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE usename = %s", [pooled.role])
        assert cursor.fetchone()[0] == SIZE


def _what_is_copied_in_is_on_the_page_at_once(
    year: QualityYear, pooled: Pooled, server: Server
) -> None:
    leader = Pair(server, server).person()
    account("reader", "yanbian", "leader", name="院领导")
    leader.sign_in(0, "reader")
    # Each worker has the month in its memory by then.
    before = ["452" in leader.get(0, APRIL).text for _look in range(LOOKS)]
    rows = [("yanji", "2019-04", metric, value) for metric, value in CLEAN_LITIGATION.items()]
    with looking_into(pooled.known()):
        give(year, *rows)
    after = ["452" in leader.get(0, APRIL).text for _look in range(LOOKS)]
    assert (before, after) == ([False] * LOOKS, [True] * LOOKS)
    copied = Figure.objects.filter(monthly_return__month=4, monthly_return__court__code="yanji")
    assert dict(copied.values_list("metric", "value")) == CLEAN_LITIGATION


def _commands(pooled: Pooled) -> None:
    """Housekeeping seals under a lock of its own; a list is read in pieces while others ask."""
    events = Event.objects.count()
    with looking_into(pooled.known()):
        keep_house(now=timezone.now() + timedelta(hours=1))
        assert len(_in_pieces(pooled)) == events
        assert check().faults == ()
    assert RecordEntry.objects.filter(stream="event").count() == events


def _in_pieces(pooled: Pooled) -> list[int]:
    """The keys of all events, one by one, while somebody else takes the connection in between."""
    rows = Event.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=1)
    first = next(rows)
    with closing(psycopg2.connect(pooled.url)) as other:
        other.cursor().execute("SELECT 1")
        return [first, *rows]


def _ballots(vote: Vote, server: Server) -> None:
    casts = cast_all(vote, server, sealed(vote, [0, 1, 2, 3, 2, 1]), kill=False)
    assert casts.faults == []
    assert len(casts.receipts) == VOTERS
    assert lost(vote, casts) == []


def _what_is_held(pooled: Pooled, server: Server) -> None:
    """Every connection, and then a table: told in words, and all is well afterwards."""
    pooled.front.change(f"query_wait_timeout = {PATIENT}", f"query_wait_timeout = {SOON}")
    with connection.cursor() as cursor:
        # For the connections that the pooler makes when those that others held are gone.
        cursor.execute(f"ALTER ROLE {pooled.role} SET lock_timeout = '{SOON}s'")
    desk, machine = (Pair(server, server).person() for _browser in range(2))
    desk.sign_in(0, "desk")
    cases = ((pooled.used_up(), "unavailable: silent"), (held("django_session"), "ok"))
    for holding, health in cases:
        assert machine.get(0, "/healthz").text == "ok"
        with holding:
            began = time.monotonic()
            answer = desk.get(0, "/sessions/")
            waited = time.monotonic() - began
            assert (answer.status_code, "数据库暂时不能读写" in answer.text) == (503, True)
            # The pooler's limit twice, or the role's; on a busy machine more.
            assert SOON <= waited < NEVER
            assert machine.get(0, "/healthz").text == health
        assert desk.get(0, "/sessions/").status_code == 200


def test_a_command_goes_past_the_pooler_without_the_limits_of_pages(pooled: Pooled) -> None:
    """The role's limits are for pages; a command takes the direct way and has its own."""
    with looking_into(pooled.known()), connection.cursor() as cursor:
        cursor.execute(LIMITS)
        # Milliseconds: idle in a transaction, for a lock, for a statement.
        assert cursor.fetchone()[0] == "45000 6000 30000"
    name, host = connection.settings_dict["NAME"], connection.settings_dict["OPTIONS"]["host"]
    ways = {
        "DATABASE_URL": pooled.url,
        "DATABASE_POOLER": "1",
        "DIRECT_URL": f"postgres://{pooled.role}@/{name}?host={quote(str(host))}",
    }
    asked = (
        "from django.db import connection; cursor = connection.cursor();"
        f"cursor.execute({LIMITS!r}); print(cursor.fetchone()[0])"
    )
    said = subprocess.check_output(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", asked],
        env=os.environ | ways,
        cwd=settings.BASE_DIR,
        text=True,
    )
    assert said == f"0 {COMMAND_LOCK_SECONDS * 1000} 0\n"


def test_what_such_a_pooler_does_not_keep(pooled: Pooled) -> None:
    """The controls: it refuses options of a connection, a cursor is gone after its query, and what
    one sets outside of a transaction another finds.
    """
    Event.objects.bulk_create([Event(action="login") for _event in range(5)])
    options = looking_into(pooled.known(options="-c lock_timeout=6000"))
    with options, pytest.raises(OperationalError, match="unsupported startup parameter"):
        connection.ensure_connection()
    with looking_into(pooled.known(is_pooled=False)), pytest.raises(GONE, match="cursor"):
        _in_pieces(pooled)
    # As pg_dump says it, for its own connection: the next one has it.
    with closing(psycopg2.connect(pooled.url)) as dump:
        dump.autocommit = True
        dump.cursor().execute("SELECT set_config('search_path', '', false)")
    with looking_into(pooled.known()), pytest.raises(DatabaseError, match="does not exist"):
        Event.objects.count()
