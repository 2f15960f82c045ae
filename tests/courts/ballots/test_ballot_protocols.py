"""Rounds of the earlier protocol: their boards stand, nothing else goes on. The longest ballot."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courts.ballots.protocol.board import read_board
from courts.ballots.protocol.canonical import canonical, number_text
from courts.ballots.protocol.group import G, Q, el, power
from courts.ballots.protocol.hashing import challenge
from courts.ballots.protocol.keys import make_secret, prove_key
from courts.ballots.selectors.rounds import board_of
from courts.ballots.services import held_rounds
from courts.ballots.services.casting import cast
from courts.ballots.services.held_rounds import BallotError
from courts.ballots.services.keys import ask_nonce, back_to_draft, give_key, rehearse
from courts.ballots.services.opening import open_part
from courts.ballots.services.rounds import (
    BallotTargetEntry,
    advance_rounds,
    extend,
    open_round,
    void,
)
from courts.models import BallotRound, BoardEvent, QualityYear, SealedBallot
from courts.setup.services.ballot_samples import give_keys
from tests.ballots import vectors
from tests.courts.ballot_fixtures import Vote, people
from tests.pages import client_of

pytestmark = pytest.mark.django_db

State = BallotRound.State
QB1 = json.loads(vectors.QB1.read_text("utf-8"))


@pytest.fixture
def vote(year: QualityYear) -> Vote:
    return people(year)


def earlier(vote: Vote, state: str) -> Vote:
    """The round as if it had been frozen, and brought so far, before the update."""
    vote.draft().ask().give()
    now = timezone.now()
    manifest = canonical(json.loads(vote.row.manifest) | {"v": "QB1"}).decode()
    closed = {"close_hash": "0" * 64, "check_until": now} if state == State.CLOSED else {}
    BallotRound.objects.filter(pk=vote.row.pk).update(
        manifest=manifest, state=state, opens_at=now, **closed
    )
    return vote.fresh()


def in_words() -> pytest.RaisesExc:
    return pytest.raises(BallotError, match="旧版协议（QB1）")


def test_nothing_goes_on_in_a_round_that_was_frozen_before(vote: Vote) -> None:
    earlier(vote, State.KEYS)
    holder = vote.holders[0]
    with in_words():
        ask_nonce(user=holder, ballot_round=vote.row)
    vote.row.scrutineers.update(nonce="0" * 64)
    with in_words():
        rehearse(user=holder, ballot_round=vote.row, body=b"{}")
    with in_words():
        open_round(user=vote.office, ballot_round=vote.row, secure=True)
    # Back in the draft, and with new keys, it is a round like any other.
    back_to_draft(user=vote.office, ballot_round=vote.row, reason="系统升级")
    vote.ask().give().open()
    assert json.loads(vote.row.manifest)["v"] == "QB2"
    assert vote.cast(0, (1, 2)).again is False


def test_nothing_goes_on_in_a_round_that_was_open_before(vote: Vote) -> None:
    earlier(vote, State.OPEN)
    with in_words():
        cast(user=vote.leaders[0], ballot_round=vote.row, body=b"{}")
    later = timezone.now() + timedelta(days=9)
    with in_words():
        extend(user=vote.office, ballot_round=vote.row, closes_at=later, reason="x")
    for user, page in (
        (vote.leaders[0], "booth"),
        (vote.holders[0], "keys"),
        (vote.holders[0], "opening"),
    ):
        answer = client_of(user).get(
            reverse(f"courts:ballot_{page}", args=[vote.year.code, vote.row.code])
        )
        assert answer.status_code == 403
        assert "旧版协议（QB1）" in answer.content.decode()
    overview = reverse("courts:ballot", args=[vote.year.code, vote.row.code])
    assert "请作废后重新组织" in client_of(vote.leaders[0]).get(overview).content.decode()
    # At its deadline it is void, and says why; the office need not wait so long.
    vote.past()
    assert advance_rounds() == 1
    assert vote.fresh().row.state == State.VOID
    assert "旧版协议（QB1）" in vote.row.void_reason


def test_a_round_that_was_closed_before_is_not_opened_but_voided(vote: Vote) -> None:
    earlier(vote, State.CLOSED)
    with in_words():
        open_part(user=vote.holders[0], ballot_round=vote.row, body=b"{}")
    void(user=vote.office, ballot_round=vote.row, reason="系统升级")
    assert vote.fresh().row.state == State.VOID


def test_a_key_that_was_handed_in_before(vote: Vote) -> None:
    """With the proof of QB1, c = chal("QB1-key", …); the last key then freezes nothing."""
    vote.draft().ask()
    first, second = vote.row.scrutineers.order_by("position")
    x, w = make_secret(), make_secret()
    public = power(G, x)
    c = challenge("QB1-key", vote.row.code, first.name, el(public), el(power(G, w)))
    z = (w - x * c) % Q
    first.public_key = {"X": number_text(public), "c": number_text(c), "z": number_text(z)}
    first.save()
    key = canonical(prove_key(make_secret(), vote.row.code, second.name).wire)
    with in_words():
        give_key(user=second.user, ballot_round=vote.row, body=key)
    assert vote.fresh().row.manifest == ""
    assert vote.row.scrutineers.get(pk=second.pk).public_key is None


def test_the_board_of_a_round_that_was_tallied_before(vote: Vote) -> None:
    """To the byte what its voters and scrutineers took home."""
    vote.draft()
    wire = QB1["board"]
    for place, holder in enumerate(vote.row.scrutineers.order_by("position")):
        holder.public_key, holder.partial = {"X": "1"}, wire["partials"][place]
        holder.rehearsed_at = timezone.now()
        holder.save()
    for event in wire["events"]:
        BoardEvent.objects.create(round=vote.row, at=timezone.now(), **event)
    for vote_, sealed in zip((QB1["votes"][n] for n in (0, 3, 2)), wire["ballots"], strict=True):
        SealedBallot.objects.create(
            round=vote.row,
            slot=vote_["slot"],
            tracker=vote_["tracker"],
            body=canonical(sealed).decode(),
        )
    BallotRound.objects.filter(pk=vote.row.pk).update(
        state=State.TALLIED,
        manifest=canonical(QB1["manifest"]).decode(),
        close_hash=QB1["kappa"],
        sums=wire["sums"],
        counted=3,
    )
    raw = board_of(vote.office, vote.fresh().row)
    assert raw == canonical(wire)
    assert read_board(raw).sums == (47, 40)
    overview = reverse("courts:ballot", args=[vote.year.code, vote.row.code])
    assert "旧版协议" not in client_of(vote.office).get(overview).content.decode()


def test_a_board_before_the_tally_has_null_for_sums(vote: Vote) -> None:
    vote.opened().cast_all((1, 2), (0, 3), (2, 2)).closed()
    raw = board_of(vote.office, vote.row)
    assert b',"partials":[],' in raw
    assert raw.endswith(b',"sums":null}')
    assert read_board(raw, tallied=False).sums == ()


def test_a_round_whose_ballot_could_be_too_long_does_not_open(
    vote: Vote, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two bits a target, 2 323 bytes a bit: 215 departments are below a million bytes, 216 above.

    A bit: 2·1024 + 4·64 digits, 12 quotation marks, 5 commas, 2 brackets. A target: two bits, a
    comma, two brackets, which is 4 649; a comma between targets. Around them: 121 bytes.
    """
    assert 121 + 215 * 4649 + 214 == 999_870
    many = [BallotTargetEntry(department=f"部门{n}") for n in range(216)]
    with pytest.raises(BallotError, match="超过1 MB") as found:
        vote.draft(targets=many)
    assert found.value.code == "too_large"
    vote.draft(targets=many[1:]).ask()
    give_keys(vote.row, {one.pk: make_secret() for one in vote.holders})
    monkeypatch.setattr(held_rounds, "LARGEST_BODY", 999_869)
    with pytest.raises(BallotError, match="超过1 MB"):
        open_round(user=vote.office, ballot_round=vote.fresh().row, secure=True)
    monkeypatch.setattr(held_rounds, "LARGEST_BODY", 999_870)
    assert open_round(user=vote.office, ballot_round=vote.row, secure=True).state == State.OPEN
