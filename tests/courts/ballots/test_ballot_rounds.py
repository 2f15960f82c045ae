"""The life of a round: what is asked of each step, who may take it, and what it leaves behind."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from courts.ballots.protocol.board import read_board
from courts.ballots.protocol.canonical import canonical
from courts.ballots.protocol.keys import make_secret, prove_key
from courts.ballots.selectors.drafts import usual_min_ballots
from courts.ballots.selectors.rounds import board_of, round_page
from courts.ballots.services import casting
from courts.ballots.services.casting import cast
from courts.ballots.services.held_rounds import BallotError
from courts.ballots.services.keys import (
    ask_keys,
    ask_nonce,
    back_to_draft,
    drop_key,
    give_key,
    rehearse,
)
from courts.ballots.services.opening import confirm, object_to, withdraw_objection
from courts.ballots.services.paper import confirm_paper, drop_paper, enter_paper
from courts.ballots.services.rounds import (
    BallotTargetEntry,
    advance_rounds,
    change_draft,
    close,
    draft_round,
    extend,
    open_round,
    void,
)
from courts.figures.selectors.facts import facts_of_months
from courts.models import (
    BallotRound,
    BoardEvent,
    Event,
    QualityYear,
    SealedBallot,
    Voter,
)
from courts.setup.services.ballot_samples import give_keys, sealed_for
from scoring.facts import Ballots, Month
from tests.courts.ballot_fixtures import Vote, people
from tests.pages import account

pytestmark = pytest.mark.django_db

State = BallotRound.State


@pytest.fixture
def vote(year: QualityYear) -> Vote:
    return people(year)


def refused(code: str) -> pytest.RaisesExc:
    return pytest.raises(BallotError, check=lambda error: error.code == code)


# --- Drafting --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("roll", "least"), [(3, 3), (4, 4), (5, 5), (6, 5), (7, 5), (8, 6), (9, 6), (30, 20)]
)
def test_usual_min_ballots(roll: int, least: int) -> None:
    """The larger of 5 and two thirds of the roll, rounded up, where the roll has so many."""
    assert usual_min_ballots(roll) == least


def test_draft(vote: Vote) -> None:
    vote.draft(unit=Decimal("0.5"), min_ballots=None)
    assert (vote.row.state, vote.row.unit_max, vote.row.min_ballots) == ("draft", 24, 4)
    assert vote.row.code.startswith("yanbian-2019-12-")
    assert [one.name for one in vote.row.targets.all()] == ["延吉市人民法院", "图们市人民法院"]
    assert Event.objects.get(action="ballot_draft").data == {"round": vote.row.code}


def test_namesakes_and_departments(vote: Vote) -> None:
    vote.leaders.append(account("namesake", "yanbian", "leader", name="委员0"))
    vote.draft(targets=[BallotTargetEntry(court="yanbian"), BallotTargetEntry(department="民一庭")])
    assert sorted(vote.row.voters.values_list("name", flat=True))[:2] == ["委员0", "委员0（2）"]
    assert [one.court_id is None for one in vote.row.targets.all()] == [False, True]
    vote.ask().give()
    assert json.loads(vote.row.manifest)["targets"][1] == {"id": "department-1", "name": "民一庭"}


@pytest.mark.parametrize(
    "changes",
    [
        {"unit": Decimal("0.7")},
        {"unit": Decimal(0)},
        {"unit": Decimal("0.01")},
        {"min_ballots": 2},
        {"min_ballots": 5},
        {"title": "  "},
        {"targets": []},
        {"targets": [BallotTargetEntry(court="nowhere")]},
        {"targets": [BallotTargetEntry()]},
        {"targets": [BallotTargetEntry(court="yanji"), BallotTargetEntry(court="yanji")]},
        {"targets": [BallotTargetEntry(court="yanji", department="民一庭")]},
        {"month": Month(2020, 1)},
        {"closes_at": timezone.now() - timedelta(days=1)},
        {"voters": []},
    ],
)
def test_refused_drafts(vote: Vote, changes: dict[str, object]) -> None:
    with refused("wrong"):
        vote.draft(**changes)
    assert not BallotRound.objects.exists()


def test_who_may_stand_where(vote: Vote) -> None:
    """No scrutineer from the office or among administrators; no voter outside the group."""
    office2 = account("office2", "yanbian", "office")
    chief = account("chief", "yanbian", "leader", is_superuser=True)
    desk = account("desk", "yanji", "litigation")
    for wrong in (
        {"scrutineers": [vote.holders[0].pk, office2.pk]},
        {"scrutineers": [vote.holders[0].pk, vote.office.pk]},
        {"scrutineers": [vote.holders[0].pk, chief.pk]},
        {"scrutineers": [vote.holders[0].pk]},
        {"scrutineers": [one.pk for one in (*vote.holders, *vote.leaders[:2])]},
        {"scrutineers": [vote.holders[0].pk, vote.holders[0].pk]},
        {"voters": [*(one.pk for one in vote.leaders), desk.pk]},
        {"voters": [*(one.pk for one in vote.leaders), chief.pk]},
        {"voters": [*(one.pk for one in vote.leaders), 10**6]},
    ):
        with refused("wrong"):
            vote.draft(**wrong)


def test_one_round_a_month_until_it_is_void(vote: Vote) -> None:
    vote.draft()
    with refused("wrong"):
        draft_round(user=vote.office, year=vote.year, entry=vote.entry())
    void(user=vote.office, ballot_round=vote.row, reason="改期")
    assert vote.draft().row.state == State.DRAFT


def test_only_the_office_organizes(vote: Vote) -> None:
    vote.draft()
    for user in (*vote.leaders, *vote.holders):
        with pytest.raises(PermissionDenied):
            draft_round(user=user, year=vote.year, entry=vote.entry())
        with pytest.raises(PermissionDenied):
            change_draft(user=user, ballot_round=vote.row, entry=vote.entry())
        with pytest.raises(PermissionDenied):
            ask_keys(user=user, ballot_round=vote.row)
        with pytest.raises(PermissionDenied):
            void(user=user, ballot_round=vote.row, reason="x")


# --- Keys ------------------------------------------------------------------------------------


def test_the_last_key_freezes_the_manifest(vote: Vote) -> None:
    vote.draft().ask()
    secret = make_secret()
    key = prove_key(secret, vote.row.code, "监票人0")
    given = give_key(user=vote.holders[0], ballot_round=vote.row, body=canonical(key.wire))
    assert (given.index, given.fingerprint) == (0, "")
    with refused("state"):
        ask_nonce(user=vote.holders[0], ballot_round=vote.row)
    with refused("state"):
        vote.open()
    other = canonical(prove_key(make_secret(), vote.row.code, "监票人0").wire)
    with refused("state"):
        give_key(user=vote.holders[0], ballot_round=vote.row, body=other)
    stolen = canonical(prove_key(secret, vote.row.code, "监票人1").wire)
    with refused("invalid"):
        give_key(user=vote.holders[1], ballot_round=vote.row, body=stolen)
    last = canonical(prove_key(make_secret(), vote.row.code, "监票人1").wire)
    given = give_key(user=vote.holders[1], ballot_round=vote.row, body=last)
    assert given.index == 1
    assert given.fingerprint == vote.fresh().row.fingerprint
    slots = list(vote.row.voters.values_list("slot", flat=True))
    assert len(set(slots)) == 4
    assert json.loads(vote.row.manifest)["slots"] == sorted(slots)


def test_rehearsal_catches_a_wrong_card_and_an_old_answer(vote: Vote) -> None:
    vote.draft().ask()
    keys = {one.pk: make_secret() for one in vote.holders}
    for one in vote.holders:
        key = prove_key(keys[one.pk], vote.row.code, one.name)
        give_key(user=one, ballot_round=vote.row, body=canonical(key.wire))
    swapped = dict(zip(keys, reversed(keys.values()), strict=True))
    with refused("invalid"):
        give_keys_again(vote, swapped)
    asked = ask_nonce(user=vote.holders[0], ballot_round=vote.row)
    ask_nonce(user=vote.holders[0], ballot_round=vote.row)
    with refused("invalid"):
        rehearse(
            user=vote.holders[0],
            ballot_round=vote.row,
            body=canonical({"nonce": asked.nonce, "c": "1", "z": "1"}),
        )
    assert not vote.row.scrutineers.exclude(rehearsed_at=None).exists()
    with refused("state"):
        vote.fresh().open()
    give_keys_again(vote, keys)
    assert vote.fresh().open().row.state == State.OPEN


def give_keys_again(vote: Vote, keys: dict[int, int]) -> None:
    """Only the rehearsal of keys that are there."""
    from courts.ballots.protocol.canonical import number_text
    from courts.ballots.protocol.keys import prove_ready

    for holder in vote.holders:
        asked = ask_nonce(user=holder, ballot_round=vote.row)
        phi = bytes.fromhex(asked.fingerprint)
        proof = prove_ready(keys[holder.pk], phi, asked.nonce, asked.index)
        answer = {"nonce": asked.nonce, "c": number_text(proof.c), "z": number_text(proof.z)}
        rehearse(user=holder, ballot_round=vote.row, body=canonical(answer))


def test_a_dropped_key_undoes_every_rehearsal(vote: Vote) -> None:
    vote.draft().ask().give()
    before = vote.row.fingerprint
    holder = vote.row.scrutineers.get(position=0)
    drop_key(user=vote.office, ballot_round=vote.row, scrutineer=holder.pk, reason="卡片丢失")
    assert vote.fresh().row.fingerprint == ""
    assert not vote.row.scrutineers.exclude(rehearsed_at=None).exists()
    with refused("state"):
        vote.open()
    give_keys(vote.row, vote.keys | {vote.holders[0].pk: make_secret()})
    assert vote.fresh().row.fingerprint not in {"", before}


def test_back_to_the_draft(vote: Vote) -> None:
    vote.draft().ask().give()
    with refused("state"):
        change_draft(user=vote.office, ballot_round=vote.row, entry=vote.entry())
    back_to_draft(user=vote.office, ballot_round=vote.row, reason="漏列法院")
    changed = change_draft(user=vote.office, ballot_round=vote.row, entry=vote.entry(title="新"))
    assert (changed.title, changed.manifest, changed.state) == ("新", "", "draft")
    assert not vote.row.scrutineers.filter(public_key__isnull=False).exists()


def test_opening_needs_https_and_time(vote: Vote) -> None:
    vote.draft().ask().give()
    with refused("https"):
        open_round(user=vote.office, ballot_round=vote.row, secure=False)
    with refused("late"):
        vote.past().open()


# --- Voting ----------------------------------------------------------------------------------


def test_casting_again_replaces_and_the_same_bytes_change_nothing(vote: Vote) -> None:
    vote.opened()
    voter = vote.leaders[0]
    body = sealed_for(voter, vote.row, (3, 0))
    first = cast(user=voter, ballot_round=vote.row, body=body)
    again = cast(user=voter, ballot_round=vote.row, body=body)
    assert again.again
    assert (again.tracker, again.head, again.at) == (first.tracker, first.head, first.at)
    second = vote.cast(0, (1, 2))
    assert BoardEvent.objects.filter(kind="ballot").count() == 2
    assert SealedBallot.objects.get(current=True).tracker == second.tracker
    assert SealedBallot.objects.get(current=False).body == ""
    with refused("repeated"):
        cast(user=voter, ballot_round=vote.row, body=body)


def test_a_ballot_with_blanks_is_the_same_ballot(vote: Vote) -> None:
    vote.opened()
    body = sealed_for(vote.leaders[0], vote.row, (3, 0))
    spaced = json.dumps(json.loads(body), indent=1).encode()
    receipt = cast(user=vote.leaders[0], ballot_round=vote.row, body=spaced)
    assert SealedBallot.objects.get().body == body.decode()
    assert cast(user=vote.leaders[0], ballot_round=vote.row, body=body).head == receipt.head


def test_only_the_own_slot(vote: Vote) -> None:
    vote.opened()
    body = sealed_for(vote.leaders[0], vote.row, (3, 0))
    for user in (vote.leaders[1], vote.holders[0], vote.office):
        with pytest.raises(PermissionDenied):
            cast(user=user, ballot_round=vote.row, body=body)
    assert not SealedBallot.objects.exists()


def test_nothing_is_cast_before_or_after(vote: Vote) -> None:
    vote.draft().ask().give()
    body = sealed_for(vote.leaders[0], vote.row, (3, 0))
    with refused("state"):
        cast(user=vote.leaders[0], ballot_round=vote.row, body=body)
    vote.open().cast_all((3, 0), (1, 1), (2, 2))
    vote.past()
    late = sealed_for(vote.leaders[3], vote.row, (3, 0))
    with refused("late"):
        cast(user=vote.leaders[3], ballot_round=vote.row, body=late)
    assert SealedBallot.objects.count() == 3
    with refused("state"):
        cast(user=vote.leaders[3], ballot_round=vote.closed().row, body=late)


def test_one_cast_at_a_time(vote: Vote, monkeypatch: pytest.MonkeyPatch) -> None:
    vote.opened()
    body = sealed_for(vote.leaders[0], vote.row, (3, 0))
    inside = []

    def slow(row: BallotRound, voter: Voter, sent: bytes) -> object:
        with refused("busy"):
            cast(user=vote.leaders[0], ballot_round=vote.row, body=body)
        inside.append(voter)
        return checked(row, voter, sent)

    checked = casting.checked
    monkeypatch.setattr(casting, "checked", slow)
    cast(user=vote.leaders[0], ballot_round=vote.row, body=body)
    assert len(inside) == 1
    assert not Voter.objects.exclude(busy_until=None).exists()


def test_a_voter_is_free_again_after_a_refusal(vote: Vote) -> None:
    vote.opened()
    with refused("invalid"):
        cast(user=vote.leaders[0], ballot_round=vote.row, body=b"{}")
    with refused("too_large"):
        cast(user=vote.leaders[0], ballot_round=vote.row, body=b" " * 1_000_001)
    assert vote.cast(0, (0, 0)).again is False


def test_extending(vote: Vote) -> None:
    vote.opened()
    later = timezone.now() + timedelta(days=9)
    extend(user=vote.office, ballot_round=vote.row, closes_at=later, reason="多人出差")
    event = BoardEvent.objects.get(kind="extend")
    assert event.payload == f'["{later:%Y-%m-%dT%H:%M:%SZ}"]'
    with refused("wrong"):
        extend(user=vote.office, ballot_round=vote.row, closes_at=later, reason="x")
    vote.past()
    with refused("late"):
        extend(user=vote.office, ballot_round=vote.row, closes_at=later, reason="x")


# --- Closing ---------------------------------------------------------------------------------


def test_closing_waits_for_the_deadline_or_for_everybody(vote: Vote) -> None:
    vote.opened().cast_all((3, 0), (1, 1), (2, 2))
    with refused("state"):
        close(user=vote.office, ballot_round=vote.row)
    with pytest.raises(PermissionDenied):
        close(user=vote.leaders[0], ballot_round=vote.row)
    vote.cast(3, (0, 0))
    row = close(user=vote.holders[0], ballot_round=vote.row)
    assert row.state == State.CLOSED
    assert row.check_until is not None


def test_too_few_ballots_make_the_round_void_and_erase_them(vote: Vote) -> None:
    vote.opened().cast_all((3, 0), (1, 1)).past()
    assert advance_rounds() == 1
    assert vote.fresh().row.state == State.VOID
    assert "2票" in vote.row.void_reason
    assert set(SealedBallot.objects.values_list("body", flat=True)) == {""}
    assert not BoardEvent.objects.filter(kind="close").exists()


def test_time_closes_a_round(vote: Vote) -> None:
    vote.opened().cast_all((3, 0), (1, 1), (2, 2))
    assert advance_rounds() == 0
    vote.past()
    assert advance_rounds() == 1
    assert vote.fresh().row.state == State.CLOSED
    assert advance_rounds() == 0


# --- Checking and opening --------------------------------------------------------------------


def test_a_whole_round(vote: Vote) -> None:
    """3 + 1 + 2 and 0 + 1 + 2 units of four points; one voter changes 0, 3 into 2, 2."""
    vote.opened().cast_all((3, 0), (1, 1), (0, 3))
    vote.cast(2, (2, 2))
    vote.closed().confirmed()
    closed = board_of(vote.office, vote.row)
    assert read_board(closed, tallied=False).sums == ()
    assert vote.part(0) is False
    assert json.loads(board_of(vote.office, vote.row))["partials"] == []
    assert vote.part(1) is True
    assert (vote.fresh().row.state, vote.row.sums, vote.row.counted) == ("tallied", [6, 3], 3)
    found = read_board(board_of(vote.leaders[0], vote.row))
    assert found.sums == (6, 3)
    assert found.chain.participants == ("委员0", "委员1", "委员2")
    means = {one.court: one.mean_points for one in round_page(vote.office, vote.row).targets}
    assert means == {"yanji": "8.00", "tumen": "4.00"}


def test_the_result_is_l7_from_its_month_on(vote: Vote) -> None:
    def ballots(month: int) -> dict[str, Ballots | None]:
        found = facts_of_months(vote.year, [Month(2019, month)])[Month(2019, month)]
        return {one.court: one.ballots for one in found}

    vote.draft(month=Month(2019, 6)).ask().give().open().cast_all((3, 0), (1, 1), (2, 2))
    vote.closed().confirmed()
    assert set(ballots(12).values()) == {None}
    vote.tallied()
    assert set(ballots(5).values()) == {None}
    for month in (6, 12):
        found = ballots(month)
        assert found["yanji"] == Ballots(3, Fraction(24))
        assert found["tumen"] == Ballots(3, Fraction(12))
        assert found["antu"] is None


def test_opening_waits_for_the_check(vote: Vote) -> None:
    vote.opened().cast_all((3, 0), (1, 1), (2, 2)).closed()
    for leader in vote.leaders[:3]:
        with refused("checking"):
            vote.part(0)
        confirm(user=leader, ballot_round=vote.row)
    with refused("checking"):
        vote.part(0)
    BallotRound.objects.filter(pk=vote.row.pk).update(check_until=timezone.now())
    assert vote.part(0) is False


def test_the_check_is_over_when_the_whole_roll_has_confirmed(vote: Vote) -> None:
    vote.opened().cast_all((3, 0), (1, 1), (2, 2)).closed().confirmed()
    assert vote.part(0) is False


def test_an_objection_stops_the_opening_and_voids_the_round(vote: Vote) -> None:
    vote.opened().cast_all((3, 0), (1, 1), (2, 2)).closed().confirmed()
    absent = vote.leaders[3]
    object_to(user=absent, ballot_round=vote.row, text="名单里有我，我没有投票")
    with refused("checking"):
        vote.part(0)
    with refused("state"):
        confirm(user=absent, ballot_round=vote.row)
    withdraw_objection(user=absent, ballot_round=vote.row)
    object_to(user=absent, ballot_round=vote.row, text="还是不对")
    BallotRound.objects.filter(pk=vote.row.pk).update(check_until=timezone.now())
    assert advance_rounds() == 1
    assert vote.fresh().row.state == State.VOID
    assert set(SealedBallot.objects.values_list("body", flat=True)) == {""}


def test_one_opening_ever(vote: Vote) -> None:
    vote.opened().cast_all((3, 0), (1, 1), (2, 2)).closed().confirmed()
    vote.part(0)
    with refused("repeated"):
        vote.part(0)
    with refused("state"):
        object_to(user=vote.leaders[0], ballot_round=vote.row, text="太晚了")
    vote.part(1)
    with refused("state"):
        vote.part(1)
    with refused("state"):
        void(user=vote.office, ballot_round=vote.row, reason="x")


def test_a_wrong_key_and_a_tampered_board_open_nothing(vote: Vote) -> None:
    vote.opened().cast_all((3, 0), (1, 1), (2, 2)).closed().confirmed()
    first, second = vote.holders
    vote.keys[first.pk], right = vote.keys[second.pk], vote.keys[first.pk]
    with refused("invalid"):
        vote.part(0)
    vote.keys[first.pk] = right
    ballot = SealedBallot.objects.filter(current=True).first()
    assert ballot is not None
    kept = ballot.body
    SealedBallot.objects.filter(pk=ballot.pk).update(body=kept.replace('"c', '"d'))
    other = SealedBallot.objects.exclude(pk=ballot.pk).first()
    assert other is not None
    SealedBallot.objects.filter(pk=ballot.pk).update(body=other.body)
    with refused("invalid"):
        vote.part(0)
    SealedBallot.objects.filter(pk=ballot.pk).update(body=kept)
    assert vote.tallied().row.sums == [6, 3]


def test_fewer_keys_than_scrutineers_tally_nothing(vote: Vote) -> None:
    vote.opened().cast_all((3, 0), (1, 1), (2, 2)).closed().confirmed()
    vote.part(1)
    assert (vote.fresh().row.state, vote.row.sums) == ("incomplete", None)


def test_one_who_left_after_voting_is_counted(vote: Vote) -> None:
    vote.opened().cast_all((3, 0), (1, 1), (2, 2))
    vote.leaders[0].is_active = False
    vote.leaders[0].save()
    vote.closed().confirmed().tallied()
    assert vote.row.counted == 3


# --- Paper -----------------------------------------------------------------------------------

PDF = b"%PDF-1.4 scan"


def paper(vote: Vote, **changes: object) -> None:
    values: dict = {
        "counted": 4,
        "points": {0: Decimal(44), 1: Decimal(20)},
        "scan": PDF,
        "scan_name": "计票表.pdf",
    }
    enter_paper(user=vote.office, ballot_round=vote.row, **(values | changes))


def test_paper_by_two_people(vote: Vote) -> None:
    """44 points of four ballots are 11 each."""
    vote.draft()
    paper(vote)
    with pytest.raises(PermissionDenied):
        confirm_paper(user=vote.office, ballot_round=vote.row)
    with refused("state"):
        ask_keys(user=vote.office, ballot_round=vote.row)
    with refused("state"):
        change_draft(user=vote.office, ballot_round=vote.row, entry=vote.entry())
    confirm_paper(user=account("office2", "yanbian", "office"), ballot_round=vote.row)
    assert (vote.fresh().row.state, vote.row.sums) == ("tallied", [11, 5])
    page = round_page(vote.office, vote.row)
    assert [one.mean_points for one in page.targets] == ["11.00", "5.00"]
    assert page.paper is not None
    assert not page.may_see_board


@pytest.mark.parametrize(
    "changes",
    [
        {"counted": 2},
        {"counted": 5},
        {"points": {0: Decimal(44)}},
        {"points": {0: Decimal(42), 1: Decimal(20)}},
        {"points": {0: Decimal(52), 1: Decimal(20)}},
        {"points": {0: Decimal(-4), 1: Decimal(20)}},
        {"scan": b""},
        {"scan": b"<html>"},
        {"scan": PDF + b" " * 5_000_000},
    ],
)
def test_refused_paper(vote: Vote, changes: dict[str, object]) -> None:
    vote.draft()
    with refused("wrong"):
        paper(vote, **changes)


def test_paper_is_for_a_draft_and_can_be_taken_back(vote: Vote) -> None:
    vote.draft()
    paper(vote)
    with refused("state"):
        paper(vote)
    drop_paper(user=vote.office, ballot_round=vote.row)
    with refused("state"):
        drop_paper(user=vote.office, ballot_round=vote.row)
    vote.ask()
    with refused("state"):
        paper(vote)


# --- What the database itself holds ----------------------------------------------------------


def tampered(sql: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_chain_is_append_only(vote: Vote) -> None:
    vote.opened().cast(0, (3, 0))
    tampered("UPDATE courts_boardevent SET payload = 'x' WHERE seq = 1")
    tampered("DELETE FROM courts_boardevent WHERE seq = 1")
    assert BoardEvent.objects.count() == 2


def test_the_manifest_of_an_open_round_is_frozen(vote: Vote) -> None:
    vote.opened()
    for change in (
        "manifest = manifest || ' '",
        "fingerprint = '0'",
        "unit_max = 4",
        "min_ballots = 4",
        "month = 11",
    ):
        tampered(f"UPDATE courts_ballotround SET {change}")
    vote.cast_all((3, 0), (1, 1), (2, 2)).closed().confirmed().tallied()
    tampered("UPDATE courts_ballotround SET state = 'open', sums = NULL, counted = NULL")


@pytest.mark.database
def test_sums_only_when_tallied_and_one_current_ballot(vote: Vote) -> None:
    vote.opened().cast(0, (3, 0))
    tampered("UPDATE courts_ballotround SET sums = '[1, 2]', counted = 3")
    tampered("UPDATE courts_ballotround SET min_ballots = 2")
    row = SealedBallot.objects.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        SealedBallot.objects.create(round=vote.row, slot=row.slot, tracker="0" * 64, body="{}")
