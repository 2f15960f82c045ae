"""What somebody gains by arranging rounds, and that the rules end it.

Each attack is played twice: with the rules it is refused; with them switched off, here in the test
and nowhere else, it gives away a mark that nobody was to know. So the rule is what ends it.
Marks are units for two courts; the attacker knows public sums, and what is said at each attack.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from courts.ballots.protocol.tally import open_part as part_of
from courts.ballots.protocol.tally import read_part, sums_of
from courts.ballots.selectors.rounds import opening_obstacle
from courts.ballots.selectors.second_rounds import EarlierRound, earlier_rounds, second_obstacle
from courts.ballots.services import keys as ballot_keys
from courts.ballots.services import opening
from courts.ballots.services import rounds as ballot_rounds
from courts.ballots.services.held_rounds import BallotError, manifest_of
from courts.ballots.services.keys import ask_keys
from courts.ballots.services.opening import confirm, sealed_sums
from courts.ballots.services.paper import confirm_paper, drop_paper, enter_paper
from courts.ballots.services.rounds import BallotTargetEntry, change_draft, void
from courts.ballots.services.second_rounds import agree, give_reason
from courts.models import (
    BallotRound,
    Event,
    PaperTally,
    QualityYear,
    Scrutineer,
    SealedBallot,
    SecondRound,
)
from scoring.facts import Month
from tests.courts.ballot_fixtures import Vote, people, without_trigger
from tests.pages import account, year
from tests.untied import untied

__all__ = ["year"]

pytestmark = pytest.mark.django_db

State = BallotRound.State
MARKS = ((3, 0), (1, 2), (0, 3), (2, 1), (1, 1))


def refused(code: str) -> pytest.RaisesExc:
    return pytest.raises(BallotError, check=lambda error: error.code == code)


@contextmanager
def without_rules(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The product as it was before there were these rules, triggers of the database included."""
    with monkeypatch.context() as patch, ExitStack() as stack:
        for module in (ballot_keys, ballot_rounds):
            patch.setattr(module, "check_second", lambda row: None)
        for module in (ballot_rounds, opening):
            patch.setattr(module, "participants_obstacle", lambda row, earlier: "")
        for name in ("ballot_round_few", "ballot_round_part"):
            stack.enter_context(without_trigger(name))
        yield


def played(vote: Vote, month: int, voters: Sequence[int]) -> list[int]:
    """The public sums of a round in which these of the leading group vote; `[]` if it is void."""
    vote.draft(month=Month(2019, month)).ask().give().open()
    for leader in voters:
        vote.cast(leader, MARKS[leader])
    vote.closed()
    if vote.row.state == State.VOID:
        return []
    sums = vote.confirmed().tallied().row.sums
    assert sums is not None
    return list(sums)


def done(vote: Vote, month: int) -> None:
    """A round on the same targets, tallied, without playing it."""
    vote.draft(month=Month(2019, month))
    BallotRound.objects.filter(pk=vote.row.pk).update(
        state=State.TALLIED, manifest="m", sums=[6, 5], counted=3
    )


def minus(left: Sequence[int], right: Sequence[int]) -> tuple[int, ...]:
    return tuple(one - other for one, other in zip(left, right, strict=True))


# --- A second round --------------------------------------------------------------------------


def test_rolls_that_differ_by_one(year: QualityYear, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody on a roll votes in both rounds; the second roll lacks one."""
    vote = people(year)
    first = played(vote, 6, (0, 1, 2, 3))
    left_out = vote.leaders.pop()
    vote.draft(month=Month(2019, 7))
    vote.again()
    with refused("state"):
        ask_keys(user=vote.office, ballot_round=vote.row)
    void(user=vote.office, ballot_round=vote.row, reason="名册不同")
    with without_rules(monkeypatch):
        second = played(vote, 7, (0, 1, 2))
    assert minus(first, second) == MARKS[3]
    # One in exchange for another is refused as well: the roll is the same, name by name.
    vote.leaders.append(account("newcomer", "yanbian", "leader"))
    vote.draft(month=Month(2019, 8))
    assert left_out not in vote.leaders
    assert "相差2人" in second_obstacle(vote.row, earlier_rounds(vote.row)[:1])


def test_participants_that_differ_by_one(
    year: QualityYear, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The roll is the same, but one is kept from voting the second time."""
    vote = people(year)
    first = played(vote, 6, (0, 1, 2, 3))
    assert played(vote, 7, (0, 1, 2)) == []
    assert "只相差1人" in vote.row.void_reason
    assert set(SealedBallot.objects.filter(round=vote.row).values_list("body", flat=True)) == {""}
    assert not vote.row.scrutineers.filter(partial__isnull=False).exists()
    with without_rules(monkeypatch):
        second = played(vote, 8, (0, 1, 2))
    assert minus(first, second) == MARKS[3]


@pytest.mark.parametrize(
    ("own", "is_apart"),
    [
        ({1, 2, 3, 4}, True),
        ({1, 2, 3}, False),
        ({1, 2, 3, 5}, False),
        ({1, 2, 5, 6}, True),
        ({1, 5}, True),
    ],
)
def test_how_far_apart_participants_are(
    year: QualityYear, monkeypatch: pytest.MonkeyPatch, own: set[int], is_apart: bool
) -> None:
    """None, one, two, four (two go and two come), and four of five names differ."""
    from courts.ballots.selectors import second_rounds as rules

    first = EarlierRound(
        "a", "上半年", "tallied", False, frozenset({0}), frozenset(), frozenset({1, 2, 3, 4})
    )
    monkeypatch.setattr(rules, "_people", lambda rounds: ({}, {7: own}))
    assert (rules.participants_obstacle(BallotRound(pk=7), [first]) == "") == is_apart


@pytest.mark.database
def test_a_third_round(year: QualityYear, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any two of three rounds differ by three or four, and yet together they single one out."""
    votes = ((0, 1, 2), (2, 3, 4), (0, 1, 3, 4))
    vote = people(year, leaders=5)
    first, second = (played(vote, 6 + n, one) for n, one in enumerate(votes[:2]))
    vote.draft(month=Month(2019, 8))
    vote.again()
    with refused("state"):
        ask_keys(user=vote.office, ballot_round=vote.row)
    BallotRound.objects.filter(pk=vote.row.pk).update(state=State.KEYS)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE courts_ballotround SET state = 'open', manifest = 'm', fingerprint = 'f', "
            "opens_at = closes_at WHERE id = %s",
            [vote.row.pk],
        )
    void(user=vote.office, ballot_round=vote.fresh().row, reason="第三轮")
    with without_rules(monkeypatch):
        third = played(vote, 9, votes[2])
    twice = [a + b - c for a, b, c in zip(first, second, third, strict=True)]
    assert tuple(one / 2 for one in twice) == MARKS[2]


def test_a_second_round_needs_a_reason_by_two(year: QualityYear) -> None:
    vote = people(year)
    done(vote, 6)
    vote.draft()
    with refused("state"):
        ask_keys(user=vote.office, ballot_round=vote.row)
    with refused("state"):
        agree(user=vote.office, ballot_round=vote.row)
    with refused("wrong"):
        give_reason(user=vote.office, ballot_round=vote.row, reason=" ")
    give_reason(user=vote.office, ballot_round=vote.row, reason="上半年多人出差")
    with pytest.raises(PermissionDenied):
        agree(user=vote.office, ballot_round=vote.row)
    with refused("state"):
        ask_keys(user=vote.office, ballot_round=vote.row)
    for nobody in (vote.leaders[0], vote.holders[0]):
        with pytest.raises(PermissionDenied):
            agree(user=nobody, ballot_round=vote.row)
    second = account("office2", "yanbian", "office")
    agree(user=second, ballot_round=vote.row)
    # Whoever changes the reason, or the draft, asks for agreement anew.
    give_reason(user=second, ballot_round=vote.row, reason="换一个理由")
    with refused("state"):
        ask_keys(user=vote.office, ballot_round=vote.row)
    change_draft(user=vote.office, ballot_round=vote.row, entry=vote.entry())
    assert not SecondRound.objects.exists()
    vote.ask()
    said = Event.objects.filter(action__startswith="ballot_second").order_by("pk")
    assert [one.action for one in said] == [
        "ballot_second", "ballot_second_agree", "ballot_second", "ballot_second",
        "ballot_second_agree",
    ]  # fmt: skip
    assert [one.data.get("old") for one in said][2] == "上半年多人出差"


def test_other_targets_are_no_second_round(year: QualityYear) -> None:
    vote = people(year)
    done(vote, 6)
    vote.draft(month=Month(2019, 7), targets=[BallotTargetEntry(court="antu")])
    assert earlier_rounds(vote.row) == ()
    with refused("state"):
        vote.again()
    vote.draft(
        month=Month(2019, 8),
        targets=[BallotTargetEntry(court="antu"), BallotTargetEntry(court="yanji")],
    )
    (found,) = earlier_rounds(vote.row)
    assert (found.targets, len(found.voters)) == (frozenset({1}), 4)


@pytest.mark.database
def test_rounds_go_one_after_the_other(year: QualityYear) -> None:
    """Two rounds prepared side by side: the second waits until the first is tallied or void."""
    vote = people(year)
    early = vote.draft(month=Month(2019, 6)).ask().give().row
    late = vote.draft(month=Month(2019, 7)).ask().give().row
    vote.row = early
    vote.open()
    vote.row = late
    with refused("state"):
        vote.open()
    with pytest.raises(DatabaseError), transaction.atomic():
        BallotRound.objects.filter(pk=late.pk).update(state=State.OPEN, opens_at=late.created_at)
    void(user=vote.office, ballot_round=early, reason="改期")
    assert vote.open().row.state == State.OPEN


# --- Once a part is given ----------------------------------------------------------------------


def peeked(vote: Vote) -> tuple[int, ...]:
    """The sums, as the last scrutineer sees them with the first one's part from the server."""
    manifest = manifest_of(vote.row)
    sealed, ballots = sealed_sums(vote.row, manifest)
    given = vote.row.scrutineers.get(position=0).partial
    last = part_of(
        vote.keys[vote.holders[1].pk], 1, sealed, manifest, bytes.fromhex(vote.row.close_hash)
    )
    return sums_of(sealed, [read_part(given, manifest), last], manifest, ballots)


@pytest.mark.database
def test_void_after_a_part_and_a_new_round(
    year: QualityYear, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last scrutineer sees the sums and gives no part; the office voids the round, and the next
    one, without one voter, gives that voter's marks away."""
    vote = people(year)
    vote.draft(month=Month(2019, 6)).ask().give().open()
    for leader in range(4):
        vote.cast(leader, MARKS[leader])
    vote.closed().confirmed()
    vote.part(0)
    assert vote.fresh().row.state == State.INCOMPLETE
    seen = peeked(vote)
    with refused("state"):
        void(user=vote.office, ballot_round=vote.row, reason="重来")
    for change in ("state = 'void'", "state = 'closed'", f"close_hash = '{'0' * 64}'"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE courts_ballotround SET {change}")
    for change in ("partial = NULL", "public_key = NULL"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE courts_scrutineer SET {change} WHERE partial IS NOT NULL")
    incomplete, keys = vote.row, vote.keys
    vote.draft(month=Month(2019, 7))
    vote.again()
    with refused("state"):
        ask_keys(user=vote.office, ballot_round=vote.row)
    void(user=vote.office, ballot_round=vote.row, reason="不能再投")
    with without_rules(monkeypatch), transaction.atomic():
        BallotRound.objects.filter(pk=incomplete.pk).update(state=State.VOID)
        second = played(vote, 8, (0, 1, 2))
        assert minus(seen, second) == MARKS[3]
        transaction.set_rollback(True)
    # The same closing hash and keys finish it.
    vote.row, vote.keys = incomplete, keys
    vote.fresh().part(1)
    assert tuple(vote.fresh().row.sums or ()) == seen


def test_a_round_made_void_after_a_part_counts_for_ever(year: QualityYear) -> None:
    """Before there was this rule a round could end so; its sums may have been seen."""
    vote = people(year).draft(month=Month(2019, 6)).ask().give().open()
    void(user=vote.office, ballot_round=vote.row, reason="改期")
    row = vote.draft(month=Month(2019, 7)).row
    assert second_obstacle(row, earlier_rounds(row)) == ""
    Event.objects.create(
        action="ballot_part",
        quality_year=year,
        data={"round": BallotRound.objects.get(state="void").code},
    )
    (found,) = earlier_rounds(row)
    assert found.is_incomplete
    assert "纸质投票" in second_obstacle(row, [found])


def test_paper_is_left_for_an_incomplete_round(year: QualityYear) -> None:
    """In the same month; while it stands the incomplete round is not resumed."""
    vote = people(year).opened().cast_all(*MARKS[:3]).closed().confirmed()
    vote.part(0)
    incomplete = vote.fresh().row
    vote.draft()
    with refused("state"):
        vote.row, paper = incomplete, vote.row
        vote.part(1)
    vote.row = paper
    enter_paper(
        user=vote.office,
        ballot_round=paper,
        counted=3,
        points={0: Decimal(12), 1: Decimal(8)},
        scan=b"%PDF-1.4 scan",
        scan_name="计票表.pdf",
    )
    # Void takes what was typed in along, and the round goes on.
    void(user=vote.office, ballot_round=paper, reason="监票人回来了")
    assert not PaperTally.objects.exists()
    vote.row = incomplete
    vote.part(1)
    assert vote.fresh().row.state == State.TALLIED


# --- Confirmations ---------------------------------------------------------------------------


@pytest.mark.database
def test_absentees_do_not_stand_in_for_voters(
    year: QualityYear, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that swaps a ballot needs its voter not to look: an absentee's word is no look."""
    vote = people(year).opened().cast_all(*MARKS[:3]).closed()
    for leader in (vote.leaders[0], vote.leaders[1], vote.leaders[3]):
        confirm(user=leader, ballot_round=vote.row)
    BallotRound.objects.filter(pk=vote.row.pk).update(check_until=vote.row.opens_at)
    with refused("checking"):
        vote.part(0)
    with transaction.atomic(), monkeypatch.context() as patch:
        everybody = frozenset(vote.row.voters.values_list("slot", flat=True))
        patch.setattr(
            opening,
            "opening_obstacle",
            lambda row, v, cast, now: opening_obstacle(row, v, everybody, now),
        )
        assert vote.part(0) is False
        transaction.set_rollback(True)
    confirm(user=vote.leaders[2], ballot_round=vote.row)
    assert vote.part(0) is False


# --- Paper -----------------------------------------------------------------------------------


def test_a_dropped_tally_of_paper_leaves_no_sums(year: QualityYear) -> None:
    """Sums of all and of all but one, typed in one after the other, would give that one away."""
    vote = people(year).draft()
    for points in ((44, 20), (36, 20)):
        enter_paper(
            user=vote.office,
            ballot_round=vote.row,
            counted=4,
            points={0: Decimal(points[0]), 1: Decimal(points[1])},
            scan=b"%PDF-1.4 scan",
            scan_name="计票表.pdf",
        )
        if points == (44, 20):
            drop_paper(user=vote.office, ballot_round=vote.row)
    scan = PaperTally.objects.get().scan_sha256
    for event in Event.objects.filter(action__in=["ballot_paper", "ballot_paper_drop"]):
        assert event.data == {"round": vote.row.code, "ballots": 4, "scan_sha256": scan}
    confirm_paper(user=account("office2", "yanbian", "office"), ballot_round=vote.row)
    assert Event.objects.get(action="ballot_paper_confirm").data["sums"] == [9, 5]


# --- What was there before these rules ---------------------------------------------------------


@pytest.mark.database
def test_the_migration_forgets_sums_and_knows_incomplete_rounds(year: QualityYear) -> None:
    """Earlier versions wrote sums of paper into the record and left a void round's tally."""
    migration = import_module("courts.migrations.0020_ballot_rounds")
    vote = people(year).draft(month=Month(2019, 6))
    enter_paper(
        user=vote.office,
        ballot_round=vote.row,
        counted=4,
        points={0: Decimal(44), 1: Decimal(20)},
        scan=b"%PDF-1.4 scan",
        scan_name="计票表.pdf",
    )
    written = Event.objects.get(action="ballot_paper")
    scan = written.data["scan_sha256"]
    # As it was before acts were held.
    with untied(is_kept=True):
        Event.objects.filter(pk=written.pk).update(
            data={"round": vote.row.code, "ballots": 4, "sums": [11, 5]}
        )
        BallotRound.objects.filter(pk=vote.row.pk).update(state=State.VOID)
        migration.forget_sums(apps, None)
    written.refresh_from_db()
    assert written.data == {"round": vote.row.code, "ballots": 4}
    dropped = Event.objects.get(action="ballot_paper_drop")
    assert dropped.data == {"round": vote.row.code, "ballots": 4, "scan_sha256": scan}
    assert not PaperTally.objects.exists()
    closed = vote.opened().cast_all(*MARKS[:3]).closed().confirmed()
    migration.know_incomplete(apps, None)
    assert closed.fresh().row.state == State.CLOSED
    Scrutineer.objects.filter(round=vote.row, position=0).update(partial=[["1", "1", "1"]])
    migration.know_incomplete(apps, None)
    assert closed.fresh().row.state == State.INCOMPLETE
