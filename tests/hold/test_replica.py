"""A replica that streams: pages are read there while it keeps up, and nobody misses their own work.

A primary and a standby made by `pg_basebackup`, each a PostgreSQL of its own, and the product on
both. What the standby was asked stands in its output.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2  # type: ignore[import-untyped]
import pytest
from django.db import connection

from courts.models import QualityYear, User
from tests.courts.returns_fixtures import bring_to, slot_of
from tests.hold.databases import Cluster, cluster, standby
from tests.hold.running import LOOK_AGAIN, NEVER, Server, serving
from tests.hold.test_two_servers import Person
from tests.pages import account, the_year

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="replicates a PostgreSQL"),
]

# Seconds that the replica may be behind.
LAG = 15
RANKING, SCORECARD = "/yanbian-2019/2019-05/", "/yanbian-2019/2019-05/yanji/"
TRIALS = f"{SCORECARD}scenarios/"
NOT_READ_THERE = ("/yanbian-2019/returns/yanji/", "/yanbian-2019/ballots/", "/sessions/")
# Who signs in, sessions, what is typed, and the ballot.
NEVER_READ = re.compile(
    r'FROM "(django_session|axes_\w+|courts_(draft|user|secondfactor|voter|sealedballot'
    r'|boardevent|scrutineer|historicaluser))"'
)
# The primary sends what it writes at once.
MORE = "-c wal_writer_delay=100ms"


def ask(one: Cluster, statement: str) -> object:
    """What one of the two databases answers."""
    asking = psycopg2.connect(host=str(one.folder), user="qy", dbname="postgres")
    asking.autocommit = True
    try:
        with asking.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        asking.close()


def until(holds: Callable[[], object]) -> None:
    for _look in range(round(NEVER / LOOK_AGAIN)):
        if holds():
            return
        time.sleep(LOOK_AGAIN)
    raise AssertionError("it never came to be")


class House:
    """A primary, its replica, and the product on both."""

    def __init__(self, primary: Cluster, replica: Cluster, server: Server) -> None:
        self.primary, self.replica, self.server = primary, replica, server
        self._seen = 0

    def person(self, user: str) -> Person:
        """A browser that is signed in, and does not know that it wrote for that."""
        found = Person((self.server, self.server))
        found.sign_in(0, user)
        found.session.cookies.pop("written")
        return found

    def asked(self) -> list[str]:
        """What pages asked the replica since this was called last."""
        text = self.replica.output.read_text(errors="replace")
        new, self._seen = text[self._seen :], len(text)
        return [one for one in re.findall(r"statement: (.*)", new) if "courts_" in one]

    def page(self, person: Person, address: str = RANKING) -> tuple[str, bool]:
        """The page, and whether it was read from the replica."""
        self.asked()
        answer = person.get(0, address)
        assert answer.status_code == 200
        return answer.text, bool(self.asked())

    def health(self, person: Person) -> str:
        """What the machine itself is told."""
        return person.get(0, "/healthz").text

    def wait_for_reading(self, person: Person) -> None:
        """Until pages are read from the replica, which just got everything."""
        ask(self.primary, "UPDATE courts_court SET code = code")
        until(lambda: self.page(person)[1])

    def hold(self, person: Person) -> None:
        """Let the replica stop following, with pages read from it."""
        self.wait_for_reading(person)
        ask(self.replica, "SELECT pg_wal_replay_pause()")

    def go_on(self) -> None:
        ask(self.replica, "SELECT pg_wal_replay_resume()")


@contextmanager
def running(folder: Path) -> Iterator[House]:
    with cluster(more=MORE) as primary, standby(primary) as replica:
        given = {"REPLICA_URL": replica.url, "REPLICA_LAG_SECONDS": str(LAG)}
        with serving(primary.url, folder, workers=1, settings_given=given) as server:
            yield House(primary, replica, server)


@pytest.fixture
def year(transactional_db: None) -> QualityYear:
    return the_year()


@pytest.fixture
def people(year: QualityYear) -> dict[str, User]:
    found = {
        "desk": account("desk", "yanji", "litigation", name="填报"),
        "office": account("office", "yanbian", "office", name="审管办甲"),
        "office2": account("office2", "yanbian", "office", name="审管办乙"),
        "leader": account("leader", "yanbian", "leader", name="院领导"),
    }
    bring_to("verified", slot_of(year), found)
    return found


def test_pages_are_read_from_a_replica_that_keeps_up(
    people: dict[str, User], tmp_path: Path
) -> None:
    with running(tmp_path) as house:
        _what_is_read_there(house)
        _own_work_is_seen_at_once(house)
        _memory_is_of_one_server(house)
        _without_it(house)


def _what_is_read_there(house: House) -> None:
    """Pages of points; never who signs in, sessions, what is typed, or the ballot."""
    leader, desk = house.person("leader"), house.person("desk")
    house.wait_for_reading(leader)
    house.asked()
    for address in (RANKING, SCORECARD, f"{SCORECARD}court/", TRIALS):
        leader.get(0, address)
    asked = house.asked()
    assert len(asked) > 10
    assert [one for one in asked if NEVER_READ.search(one)] == []
    assert not NEVER_READ.search('SELECT 1 FROM "courts_figure"')
    assert NEVER_READ.search('SELECT 1 FROM "courts_draft" WHERE 1')
    assert [house.page(desk, address)[1] for address in NOT_READ_THERE] == [False] * 3


def _own_work_is_seen_at_once(house: House) -> None:
    """Who saved a trial reads it at once; another browser when the replica has it, or is late."""
    leader, other = house.person("leader"), house.person("leader")
    house.hold(leader)
    page = leader.get(0, f"{TRIALS}new/?appeals_filed=400")
    leader.send(0, page, title="压降上诉", note="")
    text, is_there = house.page(leader, TRIALS)
    assert ("压降上诉" in text, is_there) == (True, False)
    text, is_there = house.page(other, TRIALS)
    assert ("压降上诉" in text, is_there) == (False, True)
    # Too far behind: nobody reads there any more.
    until(lambda: not house.page(other, TRIALS)[1])
    assert "压降上诉" in house.page(other, TRIALS)[0]
    house.go_on()
    house.wait_for_reading(leader)
    assert "压降上诉" in house.page(leader, TRIALS)[0]


def _memory_is_of_one_server(house: House) -> None:
    """What was computed from rows of the one is not shown for those of the other."""
    leader, other = house.person("leader"), house.person("leader")
    house.hold(other)
    ask(house.primary, "UPDATE courts_court SET short_name = '延吉新院' WHERE code = 'yanji'")
    page = leader.get(0, "/login/")
    leader.send(0, page, "/language/", language="zh-hans")
    for _turn in range(2):
        assert "延吉新院" not in house.page(other)[0]
        assert "延吉新院" in house.page(leader)[0]
    house.go_on()
    until(lambda: "延吉新院" in house.page(other)[0])


def _without_it(house: House) -> None:
    """It dies: what was to be read there is read from the primary, until it is back."""
    leader = house.person("leader")
    house.wait_for_reading(leader)
    assert house.health(leader).startswith("ok\nreplica: ")
    assert house.health(leader).endswith(" s behind")
    house.replica.kill()
    ask(house.primary, "UPDATE courts_court SET short_name = '延吉三院' WHERE code = 'yanji'")
    for _page in range(3):
        assert "延吉三院" in house.page(leader)[0]
    until(lambda: house.health(leader) == "ok\nreplica: not read")
    house.replica.start()
    house.wait_for_reading(leader)
