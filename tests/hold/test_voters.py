"""Voters who cast at once, served by 2, 4 and 8 workers, one of them killed: no ballot is lost.

A ballot is *acknowledged* when its receipt came; it is *lost* when it is not on the chain and not
counted. The control answers before it commits: a kill then takes acknowledged ballots along.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from courts.ballots.protocol.ballot import Ballot, seal
from courts.ballots.protocol.board import check_chain
from courts.ballots.services.held_rounds import link_of, manifest_of
from courts.ballots.services.rounds import BallotTargetEntry
from courts.models import BoardEvent, SealedBallot
from scoring.facts import Month
from tests.courts.ballot_fixtures import Vote, people
from tests.hold.databases import own_url
from tests.hold.running import LOST, NEVER, Browser, Server, serving, session_of
from tests.hold.savers import AGAIN
from tests.hold.scale import SCALE, SEED, chance, many
from tests.pages import the_year

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # With every change on one database; `make hold` asks both.
    pytest.mark.skipif(
        connection.vendor == "postgresql" and not SCALE, reason="on SQLite, and in `make hold`"
    ),
]

VOTERS = many(200, 12)
WORKERS = (2, 4, 8) if SCALE else (2,)


@dataclass
class Casts:
    """What came of the ballots of a round."""

    receipts: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    cut_off: int = 0


@pytest.fixture
def vote(transactional_db: None) -> Vote:
    return people(the_year(), leaders=VOTERS)


def opened(vote: Vote, month: int) -> Vote:
    """A round of this month, on a department that had none before."""
    target = [BallotTargetEntry(department=f"部门{month}")]
    entry = {"month": Month(2019, month), "targets": target, "unit": Decimal(4)}
    return vote.draft(**entry).ask().give().open()


def sealed(vote: Vote, scores: Sequence[int]) -> list[Ballot]:
    manifest = manifest_of(vote.row)
    slots = dict(vote.row.voters.values_list("user_id", "slot"))
    return [
        seal(manifest, slots[leader.pk], [score])
        for leader, score in zip(vote.leaders, scores, strict=True)
    ]


def cast_all(vote: Vote, server: Server, ballots: Sequence[Ballot], *, kill: bool) -> Casts:
    """Everybody casts at once; with `kill` a worker is killed when some have their receipt."""
    casts = Casts()
    address = reverse("courts:ballot_cast", args=[vote.year.code, vote.row.code])
    sessions = [session_of(leader) for leader in vote.leaders]
    begin = threading.Barrier(len(ballots))

    def work(place: int) -> None:
        browser, ballot = Browser(server.port, sessions[place]), ballots[place]
        begin.wait(NEVER)
        while not casts.faults:
            try:
                status, answer = browser.ask("POST", address, ballot.body)
            except LOST:
                casts.cut_off += 1
            else:
                if status == 200:
                    assert answer["tracker"] == ballot.tracker
                    casts.receipts[ballot.tracker] = answer
                    return
                # Another cast of this voter was cut off and is looked at as still going on.
                if status not in {429, 503}:
                    casts.faults.append(f"{status} {str(answer)[:300]}")
            time.sleep(AGAIN)

    def kill_one() -> None:
        while len(casts.receipts) < len(ballots) // 3 and not casts.faults:
            time.sleep(AGAIN / 10)
        server.kill_worker(0)

    killer = threading.Thread(target=kill_one)
    if kill:
        killer.start()
    with ThreadPoolExecutor(len(ballots)) as voters:
        list(voters.map(work, range(len(ballots))))
    if kill:
        killer.join()
    return casts


def lost(vote: Vote, casts: Casts) -> list[str]:
    """Acknowledged ballots that are not counted, or not on the chain."""
    rows = SealedBallot.objects.filter(round=vote.row, current=True)
    counted = set(rows.values_list("tracker", flat=True))
    chain = "".join(
        BoardEvent.objects.filter(round=vote.row, kind="ballot").values_list("payload", flat=True)
    )
    return [one for one in casts.receipts if one not in counted or one not in chain]


def test_voters_at_once(vote: Vote, tmp_path: Path, record_property: Any) -> None:
    for month, workers in enumerate(WORKERS, start=1):
        opened(vote, month)
        draw = chance(f"voters {workers}")
        scores = [draw.randrange(vote.row.unit_max + 1) for _leader in vote.leaders]
        ballots = sealed(vote, scores)
        with serving(own_url(), tmp_path, workers=workers) as server:
            casts = cast_all(vote, server, ballots, kill=True)
        assert casts.faults == []
        assert len(casts.receipts) == VOTERS
        assert lost(vote, casts) == []
        vote.closed()
        events = list(BoardEvent.objects.filter(round=vote.row).order_by("seq"))
        assert len(events) == 1 + VOTERS + 1
        chain = check_chain([link_of(event) for event in events], manifest_of(vote.row))
        assert set(chain.current.values()) == set(casts.receipts)
        vote.confirmed().tallied()
        assert vote.row.sums == [sum(scores)]
        told = f"{VOTERS} voters, {workers} workers, one killed: all counted, 0 lost"
        record_property("hold", f"{connection.vendor}, seed {SEED}: {told}")


def test_receipts_before_the_commit_are_lost_with_the_server(
    vote: Vote, tmp_path: Path, record_property: Any
) -> None:
    """The control: all have their receipts, and a kill takes the ballots along."""
    opened(vote, 1)
    vote.leaders = vote.leaders[:5]
    with serving(own_url(), tmp_path, fault="late") as server:
        casts = cast_all(vote, server, sealed(vote, [1, 2, 3, 0, 1]), kill=False)
        server.kill()
    assert len(casts.receipts) == 5
    assert len(lost(vote, casts)) == 5
    told = "control, receipts before the commit: 5 of 5 ballots lost with a kill"
    record_property("hold", f"{connection.vendor}, seed {SEED}: {told}")
