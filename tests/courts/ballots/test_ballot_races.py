"""Casts at the same time, against the closing and through a crash: the chain stays whole."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courts.ballots.protocol.ballot import Ballot
from courts.ballots.protocol.board import BEGINNING, check_chain, next_event
from courts.ballots.services import casting, held_rounds
from courts.ballots.services.casting import cast, checked, store
from courts.ballots.services.held_rounds import BallotError, link_of, manifest_of
from courts.ballots.services.rounds import advance, close, open_round, void
from courts.models import BallotRound, BoardEvent, SealedBallot
from courts.setup.services.ballot_samples import sealed_for
from scoring.facts import Month
from tests.at_once import Act, at_once, without_row_locks
from tests.courts.ballot_fixtures import Vote, people
from tests.pages import the_year

pytestmark = pytest.mark.django_db(transaction=True)

CASTS = 10


@pytest.fixture
def vote(transactional_db: None) -> Vote:
    year = the_year()
    return people(year).opened()


def together(tasks: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do all of it on as many threads, which begin together: for what may be told no at once."""
    start = threading.Barrier(len(tasks))

    def work(task: Callable[[], Any]) -> Any:
        start.wait(timeout=60)
        try:
            return task()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(work, tasks))


def outcome(do: Callable[[], Any]) -> str:
    try:
        do()
    except BallotError as error:
        return error.code
    return "done"


def ballots_of(vote: Vote, leader: int, number: int) -> list[Ballot]:
    """Checked ballots of one voter, ready to be stored."""
    voter = vote.row.voters.get(user=vote.leaders[leader])
    bodies = [
        sealed_for(vote.leaders[leader], vote.row, (place % 4, place % 3))
        for place in range(number)
    ]
    return [checked(vote.row, voter, body) for body in bodies]


def check_whole(vote: Vote) -> list[BoardEvent]:
    """The chain has no gap and no fork, and says which ballots count."""
    events = list(BoardEvent.objects.filter(round=vote.row).order_by("seq"))
    assert [event.seq for event in events] == list(range(len(events)))
    before = BEGINNING
    for event in events:
        assert event.prev == before
        before = event.hash
    return events


def test_ten_casts_of_one_voter(vote: Vote) -> None:
    """One of them counts, all are on the chain, and it is the last of the chain that counts."""
    tasks = [
        partial(outcome, partial(store, ballot_round=vote.row, ballot=ballot))
        for ballot in ballots_of(vote, 0, CASTS)
    ]
    assert Counter(at_once(tasks)) == {"done": CASTS}
    events = check_whole(vote)
    assert len(events) == 1 + CASTS
    current = SealedBallot.objects.get(current=True)
    assert current.tracker in events[-1].payload
    assert SealedBallot.objects.filter(current=False, body="").count() == CASTS - 1


def test_ten_requests_of_one_voter(vote: Vote) -> None:
    """Whoever comes while one is checked is told to wait; what got through is whole."""
    bodies = [sealed_for(vote.leaders[0], vote.row, (place % 4, 0)) for place in range(CASTS)]
    tasks = [
        partial(outcome, partial(cast, user=vote.leaders[0], ballot_round=vote.row, body=body))
        for body in bodies
    ]
    found = Counter(together(tasks))
    assert set(found) <= {"done", "busy"}
    assert found["done"] >= 1
    assert len(check_whole(vote)) == 1 + found["done"]
    assert SealedBallot.objects.filter(current=True).count() == 1


def test_the_same_bytes_ten_times(vote: Vote) -> None:
    (ballot,) = ballots_of(vote, 0, 1)
    task = partial(outcome, partial(store, ballot_round=vote.row, ballot=ballot))
    assert Counter(at_once([task] * CASTS)) == {"done": CASTS}
    assert len(check_whole(vote)) == 2


def test_all_voters_at_once(vote: Vote) -> None:
    tasks = [partial(outcome, partial(vote.cast, n, (n % 4, 1))) for n in range(4)]
    assert Counter(at_once(tasks)) == {"done": 4}
    assert len(check_whole(vote)) == 5


def test_casts_against_the_closing(vote: Vote) -> None:
    """Each cast is on the chain before the closing, or refused; none slips in behind it."""
    vote.cast_all((3, 0), (1, 1), (2, 2), (0, 1))
    others = [ballot for leader in range(4) for ballot in ballots_of(vote, leader, 3)]
    tasks = [
        partial(outcome, partial(store, ballot_round=vote.row, ballot=ballot)) for ballot in others
    ]
    end = partial(outcome, partial(close, user=vote.office, ballot_round=vote.row))
    found = Counter(at_once([*tasks[:4], end, *tasks[4:]]))
    assert set(found) <= {"done", "state"}
    events = check_whole(vote)
    assert events[-1].kind == "close"
    assert [event.kind for event in events].count("close") == 1
    chain = check_chain([link_of(event) for event in events], manifest_of(vote.fresh().row))
    current = SealedBallot.objects.filter(current=True).values_list("slot", "tracker")
    assert dict(current) == chain.current
    assert len(events) == 1 + 4 + (found["done"] - 1) + 1


def test_closing_at_once_by_everybody(vote: Vote) -> None:
    vote.cast_all((3, 0), (1, 1), (2, 2), (0, 1))
    users = [vote.office, *vote.holders]
    tasks = [partial(outcome, partial(close, user=user, ballot_round=vote.row)) for user in users]
    tasks.append(partial(outcome, partial(advance, vote.row, timezone.now())))
    assert Counter(at_once(tasks)) == {"done": 2, "state": 2}
    assert BoardEvent.objects.filter(kind="close").count() == 1


def test_both_scrutineers_open_at_once(vote: Vote) -> None:
    vote.cast_all((3, 0), (1, 1), (2, 2)).closed().confirmed()
    results = at_once([partial(vote.part, 0), partial(vote.part, 1)])
    assert sorted(results) == [False, True]
    assert vote.fresh().row.sums == [6, 3]


def test_two_rounds_on_the_same_targets_open_at_once(vote: Vote) -> None:
    """One opens, and the other sees it: both wait for the year."""
    void(user=vote.office, ballot_round=vote.row, reason="改期")
    rows = []
    for month in (6, 7):
        vote.draft(month=Month(2019, month)).ask().give()
        rows.append(vote.row)
    tasks = [
        partial(outcome, partial(open_round, user=vote.office, ballot_round=row, secure=True))
        for row in rows
    ]
    assert Counter(at_once(tasks)) == {"done": 1, "state": 1}
    assert BallotRound.objects.filter(state="open").count() == 1


def test_voiding_against_the_first_part(vote: Vote) -> None:
    """Whichever comes first; never a part of a void round, nor a void round with a part."""
    vote.cast_all((3, 0), (1, 1), (2, 2)).closed().confirmed()
    end = partial(void, user=vote.office, ballot_round=vote.row, reason="重来")
    found = at_once([partial(outcome, partial(vote.part, 0)), partial(outcome, end)])
    state = vote.fresh().row.state
    has_part = vote.row.scrutineers.filter(partial__isnull=False).exists()
    assert sorted(found) == ["done", "state"]
    assert (state, has_part) in {("incomplete", True), ("void", False)}


def test_a_crash_between_ballot_and_event_leaves_neither(
    vote: Vote, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = vote.cast(0, (3, 0))
    (ballot,) = ballots_of(vote, 0, 1)

    def crash(*args: object) -> None:
        assert SealedBallot.objects.get(current=True).tracker == ballot.tracker
        raise SystemExit

    monkeypatch.setattr(casting, "append", crash)
    with pytest.raises(SystemExit):
        store(ballot_round=vote.row, ballot=ballot)
    assert SealedBallot.objects.get().tracker == first.tracker
    assert SealedBallot.objects.get().current
    monkeypatch.undo()
    assert store(ballot_round=vote.row, ballot=ballot).again is False
    assert len(check_whole(vote)) == 3


def waits_for_the_holder(vote: Vote) -> bool:
    """Whether a cast waits while somebody holds the round; it is done in any case."""
    (ballot,) = ballots_of(vote, 0, 1)
    with transaction.atomic():
        held_rounds.held(vote.row)
        act = Act(partial(store, ballot_round=vote.row, ballot=ballot))
        waited = act.waits()
    assert act.answer().tracker == ballot.tracker
    return waited


def test_a_cast_waits_while_the_round_is_held(vote: Vote, monkeypatch: pytest.MonkeyPatch) -> None:
    """The round's row is what everything waits for: closing cannot overtake a cast, nor it that.

    Without the lock in `ballots.held` the cast does not wait; SQLite has one writer at a time.
    """
    assert waits_for_the_holder(vote)
    with without_row_locks(monkeypatch):
        assert waits_for_the_holder(vote) is (connection.vendor == "sqlite")


def test_the_round_is_locked_by_its_row(vote: Vote) -> None:
    """SQLite lets one writer in from BEGIN on; PostgreSQL needs the row to be asked for."""
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        held_rounds.held(vote.row)
    asked = " ".join(query["sql"] for query in queries.captured_queries)
    assert ("FOR UPDATE" in asked) == (connection.vendor == "postgresql")


def test_without_the_row_lock_the_chain_would_fork(
    vote: Vote, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the lock is for: taken away, casts fail on each other in PostgreSQL."""
    voters = range(4)
    tasks = [
        partial(attempted, partial(store, ballot_round=vote.row, ballot=ballot))
        for leader in voters
        for ballot in ballots_of(vote, leader, 1)
    ]
    forks = connection.vendor == "postgresql"
    if forks:
        # All have found the same end of the chain before anybody adds to it.
        read = threading.Barrier(len(voters))

        def after_all(*args: Any) -> Any:
            read.wait(timeout=60)
            return next_event(*args)

        monkeypatch.setattr(held_rounds, "next_event", after_all)
    with without_row_locks(monkeypatch):
        found = Counter(at_once(tasks))
    assert found["done"] == (1 if forks else len(voters))
    assert len(check_whole(vote)) == 1 + found["done"]
    assert BallotRound.objects.get().state == "open"


def attempted(do: Callable[[], Any]) -> str:
    try:
        do()
    except Exception as error:  # noqa: BLE001  whatever the database says
        return type(error).__name__
    return "done"
