"""What the ballot does not protect, played: each attack here succeeds, and the manual says so.

`docs/manual/ballot.md` names these tests beside its sentences. One that fails is good news for the
ballot and a false sentence in the manual.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from itertools import product

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.utils import timezone

from courts.ballots.protocol.ballot import Ballot, read_ballot, seal
from courts.ballots.protocol.canonical import parse
from courts.ballots.protocol.group import P, Q, inverse, power, small_logs
from courts.ballots.protocol.manifest import Manifest
from courts.ballots.selectors.second_rounds import earlier_rounds
from courts.ballots.services.held_rounds import manifest_of
from courts.ballots.services.paper import confirm_paper, enter_paper
from courts.ballots.services.rounds import BallotTargetEntry, void
from courts.models import BallotRound, QualityYear, SealedBallot, User
from scoring.facts import Month
from tests.ballots.draws import fixed
from tests.ballots.rounds import made_manifest, played
from tests.ballots.vectors import SLOTS
from tests.courts.ballot_fixtures import Vote, people
from tests.pages import account, client_of, year

__all__ = ["year"]

MOST = 3


def opened_bits(ballot: Ballot, key: int) -> list[list[int]]:
    """The bits of a ballot, by target, for whoever has the whole key."""
    logs: Mapping[int, int] = small_logs(1)
    return [
        [logs[int(bit[1], 16) * inverse(power(int(bit[0], 16), key)) % P] for bit in bits]
        for bits in ballot.wire["t"]
    ]


def scores_of(ballot: Ballot, key: int) -> tuple[int, ...]:
    """With 0 to 3 units a bit weighs 1 or 2."""
    return tuple(low + 2 * high for low, high in opened_bits(ballot, key))


@pytest.fixture(scope="module")
def small() -> tuple[Manifest, int]:
    """A manifest of marks from 0 to 3, and the whole key."""
    manifest, secrets = made_manifest("limits", "4", MOST)
    return manifest, sum(secrets) % Q


def test_a_page_that_draws_from_a_known_seed_is_read_by_its_server(
    small: tuple[Manifest, int],
) -> None:
    """A changed script draws its chances from a secret of the server. The ballot is good, and
    spoiling it shows the right marks; the server seals all marks anew and finds the same bytes."""
    manifest, key = small
    sent = seal(manifest, SLOTS[0], (2, 1), fixed("known to the server"))
    assert read_ballot(sent.wire, manifest).tracker == sent.tracker
    assert scores_of(sent, key) == (2, 1)
    read = [
        marks
        for marks in product(range(MOST + 1), repeat=2)
        if seal(manifest, SLOTS[0], marks, fixed("known to the server")).body == sent.body
    ]
    assert read == [(2, 1)]
    # The page as it is draws anew each time.
    assert seal(manifest, SLOTS[0], (2, 1)).body != seal(manifest, SLOTS[0], (2, 1)).body


def test_all_scrutineers_together_read_single_ballots(small: tuple[Manifest, int]) -> None:
    manifest, key = small
    for marks in ((3, 0), (0, 3), (1, 2)):
        assert scores_of(seal(manifest, SLOTS[0], marks), key) == marks


def test_unanimous_marks_are_in_the_sums() -> None:
    """Three of three give all: the sum of nine units is nobody's secret."""
    found = played([(slot, (MOST, 0)) for slot in range(3)], unit="4", unit_max=MOST)
    assert found.sums == (3 * MOST, 0)


def test_two_rounds_of_the_same_people_give_away_who_alone_changed() -> None:
    """Which the rules allow: the participants are equal. The change is plain to all."""
    first = played([(0, (3, 0)), (1, (1, 1)), (2, (2, 2))], unit="4", unit_max=MOST, seed="one")
    second = played([(0, (3, 0)), (1, (1, 1)), (2, (0, 3))], unit="4", unit_max=MOST, seed="two")
    assert first.participants == second.participants
    assert [b - a for a, b in zip(first.sums, second.sums, strict=True)] == [0 - 2, 3 - 2]


# --- With the database ------------------------------------------------------------------------


@pytest.mark.database
@pytest.mark.django_db
def test_confirmations_are_rows_that_a_database_administrator_writes(year: QualityYear) -> None:
    """Nobody has looked at the board, and it is opened."""
    vote = people(year).opened().cast_all((3, 0), (1, 1), (2, 2)).closed()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE courts_voter SET confirmed_at = %s", [timezone.now()])
    assert vote.tallied().row.state == BallotRound.State.TALLIED


@pytest.mark.django_db
def test_a_backup_keeps_what_a_void_round_erased(year: QualityYear) -> None:
    """And with all cards, which nobody destroyed, it is read."""
    vote = people(year).opened()
    vote.cast(0, (2, 1))
    backup = SealedBallot.objects.get().body
    void(user=vote.office, ballot_round=vote.row, reason="改期")
    assert SealedBallot.objects.get().body == ""
    kept = read_ballot(parse(backup.encode()), manifest_of(vote.fresh().row))
    assert scores_of(kept, sum(vote.keys.values()) % Q) == (2, 1)
    assert backup not in json.dumps(list(SealedBallot.objects.values_list("body", flat=True)))


@pytest.mark.django_db
def test_an_administrator_votes_for_one_who_did_not_and_the_list_shows_it(
    year: QualityYear,
) -> None:
    vote = people(year).opened().cast_all((3, 0), (1, 1))
    User.objects.filter(pk=vote.leaders[2].pk).update(password=make_password("taken over"))
    vote.cast(2, (0, 0))
    vote.closed()
    client = client_of(vote.office)
    page = client.get(f"/{year.code}/ballots/{vote.row.code}/").content.decode()
    line = page[page.index('id="roll-title"') :]
    line = line[line.index("委员2") :]
    assert "已投票" in line[: line.index("</li>")]


@pytest.mark.django_db
def test_a_renamed_department_and_a_vote_on_paper_are_no_earlier_round(year: QualityYear) -> None:
    vote = people(year).draft(
        month=Month(2019, 6), targets=[BallotTargetEntry(department="民一庭")]
    )
    BallotRound.objects.filter(pk=vote.row.pk).update(
        state="tallied", manifest="m", sums=[6], counted=3
    )
    same = vote.draft(month=Month(2019, 7), targets=[BallotTargetEntry(department="民一庭")]).row
    assert len(earlier_rounds(same)) == 1
    other = vote.draft(month=Month(2019, 8), targets=[BallotTargetEntry(department="民事一庭")]).row
    assert earlier_rounds(other) == ()
    paper = vote.draft(month=Month(2019, 9)).row
    paper_tallied(vote)
    assert BallotRound.objects.get(pk=paper.pk).sums == [9, 5]
    assert earlier_rounds(vote.draft(month=Month(2019, 10)).row) == ()


def paper_tallied(vote: Vote) -> None:
    enter_paper(
        user=vote.office,
        ballot_round=vote.row,
        counted=4,
        points={0: Decimal(36), 1: Decimal(20)},
        scan=b"%PDF-1.4 scan",
        scan_name="计票表.pdf",
    )
    confirm_paper(user=account("office2", "yanbian", "office"), ballot_round=vote.row)
