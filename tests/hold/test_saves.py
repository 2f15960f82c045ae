"""Saves by many at once, under kills and on a full disk: what was acknowledged is there.

On SQLite and on PostgreSQL, against gunicorn as it is shipped. Each protection has its control:
without versions saves vanish unseen; where answers come before the commit a kill loses what was
acknowledged, and so does a PostgreSQL that commits later than it says (`synchronous_commit=off`).
A full disk is a limit on the size of files (RLIMIT_FSIZE), which needs no rights.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from courts.models import QualityYear
from tests.hold.databases import Cluster, cluster, looking_into, own_url
from tests.hold.running import NONE, serving
from tests.hold.savers import Saving, make_savers, save_all, whole
from tests.hold.scale import SCALE, SEED, chance, many
from tests.pages import the_year

pytestmark = pytest.mark.django_db(transaction=True)

SAVERS, TIMES = many(200, 12), many(5, 2)
WORKER_KILLS, DATABASE_KILLS, KILLS_OF_ALL = many(50, 2), many(10, 1), many(8, 1)
FULL = many(5, 1)
# So many saves between two kills: the first of a fresh server have come through.
BETWEEN = 5
is_sqlite = connection.vendor == "sqlite"
of_postgresql = pytest.mark.skipif(is_sqlite, reason="kills a PostgreSQL")
# With every change on one database; `make hold` asks both.
once = pytest.mark.skipif(not is_sqlite and not SCALE, reason="on SQLite, and in `make hold`")

Tell = Callable[[str], None]


@pytest.fixture
def tell(record_property: Any) -> Tell:
    """Note a line for the end of the run."""

    def note(line: str) -> None:
        record_property("hold", f"{connection.vendor}, seed {SEED}: {line}")

    return note


@pytest.fixture
def year(transactional_db: None) -> QualityYear:
    return the_year()


def check(saving: Any, note: Tell, what: str) -> None:
    """Nothing is lost, unseen or torn; what did not work was said in words."""
    tally = saving.tally if isinstance(saving, Saving) else saving
    assert tally.faults == []
    assert tally.lost() == []
    assert tally.unseen() == []
    assert whole() == []
    saved, cut = len(tally.acknowledged), tally.cut_off
    note(
        f"{what}: {saved} saves acknowledged, 0 lost, 0 over what nobody had seen "
        f"({cut} answers cut off, {len(tally.refused)} refused in words)"
    )


@once
def test_savers_and_kills_of_workers(year: QualityYear, tmp_path: Path, tell: Tell) -> None:
    savers = make_savers(year, SAVERS)
    draw = chance("kills of workers")
    with serving(own_url(), tmp_path) as server:
        tally = save_all(savers, server.port, TIMES, together=True)
        assert len(tally.acknowledged) == SAVERS * TIMES
        # Nobody was killed yet, and everybody was answered.
        assert tally.cut_off == 0
        check(tally, tell, f"{SAVERS} savers × {TIMES}")
        with Saving(savers[:12], server.port) as saving:
            kills = 0
            while kills < WORKER_KILLS:
                saving.wait_for(BETWEEN)
                kills += server.kill_worker(draw.randrange(100))
            saving.wait_for(BETWEEN)
    check(saving, tell, f"{kills} kills of workers")


@once
def test_without_versions_saves_vanish_unseen(
    year: QualityYear, tmp_path: Path, tell: Tell
) -> None:
    """The control: the first saves go over version 0, which all had read."""
    savers = make_savers(year, SAVERS)
    with serving(own_url(), tmp_path, fault="no-versions") as server:
        tally = save_all(savers, server.port, 1, together=True)
    assert (len(tally.acknowledged), tally.cut_off) == (SAVERS, 0)
    cells = {(one.court, one.metric) for one in tally.acknowledged}
    assert len(tally.unseen()) == SAVERS - len(cells) > 0
    tell(f"control, no versions: {len(tally.unseen())} of {SAVERS} saves over what nobody had seen")


@once
def test_answers_before_the_commit_are_lost_with_the_server(
    year: QualityYear, tmp_path: Path, tell: Tell
) -> None:
    """The control of all kills: fewer saves than one transaction holds, then the kill."""
    savers = make_savers(year, 3)
    with serving(own_url(), tmp_path, fault="late") as server:
        tally = save_all(savers, server.port, 3)
        assert len(tally.acknowledged) == 9
        server.kill()
    assert len(tally.lost()) == 9
    tell("control, answers before the commit: 9 of 9 acknowledged saves lost with a kill")


@pytest.mark.skipif(not is_sqlite, reason="of a file")
def test_kills_of_everything_and_a_full_disk_on_sqlite(
    year: QualityYear, tmp_path: Path, tell: Tell
) -> None:
    savers = make_savers(year, 12)
    file = Path(str(connection.settings_dict["NAME"]))
    with serving(own_url(), tmp_path) as server:
        with Saving(savers, server.port) as saving:
            for _kill in range(KILLS_OF_ALL):
                saving.wait_for(BETWEEN)
                server.kill()
                server.start()
            saving.wait_for(BETWEEN)
        assert sound(file)
        check(saving, tell, f"{KILLS_OF_ALL} kills of everything")

        with Saving(savers, server.port) as saving:
            for _full in range(FULL):
                saving.wait_for(BETWEEN)
                # Not one page more than there is.
                log = file.with_name(f"{file.name}-wal")
                server.limit_files(min(log.stat().st_size, file.stat().st_size))
                saving.wait_for(BETWEEN, lambda: len(saving.tally.refused))
                server.limit_files(NONE)
            saving.wait_for(BETWEEN)
    assert sound(file)
    check(saving, tell, f"{FULL} full disks (RLIMIT_FSIZE)")


def sound(file: Path) -> bool:
    """Whether SQLite finds nothing wrong with a file."""
    with sqlite3.connect(file) as opened:
        return opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@of_postgresql
def test_kills_of_the_database_and_a_full_disk(
    year: QualityYear, tmp_path: Path, tell: Tell
) -> None:
    savers = make_savers(year, 12)
    with cluster() as database, serving(database.url, tmp_path) as server:
        with Saving(savers, server.port) as saving:
            for _kill in range(DATABASE_KILLS):
                saving.wait_for(BETWEEN)
                database.kill()
                saving.wait_for(1, lambda: saving.tally.cut_off + len(saving.tally.refused))
                database.start()
            for _kill in range(KILLS_OF_ALL):
                saving.wait_for(BETWEEN)
                database.kill()
                server.kill()
                database.start()
                server.start()
            for _full in range(FULL):
                saving.wait_for(BETWEEN)
                fill_disk(database, saving)
                database.start()
            saving.wait_for(BETWEEN)
        with looking_into(database.known):
            check(
                saving,
                tell,
                f"{DATABASE_KILLS} kills of the database, {KILLS_OF_ALL} of everything, "
                f"{FULL} full disks (RLIMIT_FSIZE)",
            )


def fill_disk(database: Cluster, saving: Saving) -> None:
    """Let the log find no more room: PostgreSQL ends itself rather than say what is not so."""
    saving.tally.is_full = True
    database.limit_files(0)
    saving.wait_for(BETWEEN, lambda: saving.tally.cut_off + len(saving.tally.refused))
    database.kill()


@of_postgresql
def test_a_database_that_commits_later_than_it_says_loses_saves(
    year: QualityYear, tmp_path: Path, tell: Tell
) -> None:
    """The control: a kill takes what PostgreSQL has answered and not yet written."""
    savers = make_savers(year, 3)
    with cluster(commit="off") as database, serving(database.url, tmp_path) as server:
        tally = save_all(savers, server.port, 3)
        database.kill()
        server.stop()
        database.start()
        with looking_into(database.known):
            lost = len(tally.lost())
    assert len(tally.acknowledged) == 9
    assert lost > 0
    tell(f"control, synchronous_commit=off: {lost} of 9 acknowledged saves lost with a kill")


def test_no_more_than_asked_for() -> None:
    """The sample is a sample: `QY_HOLD_SCALE=1` asks for all of it."""
    if not os.environ.get("QY_HOLD_SCALE"):
        assert (SAVERS, TIMES, WORKER_KILLS) == (12, 2, 2)
