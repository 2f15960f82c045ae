"""Owns reading what stands between a voter and a second ballot, and what was replaced.

Terms: a credential *set by others* is a password, second factor or sign-on identity that anybody
but its account set. A *vouch* is the word of another voter that somebody is themself. Nothing here
says before the closing who voted: who may vouch sees whose credentials were set, voted or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Max, OuterRef, Subquery

from courts import database_clock
from courts.ballots.protocol import board
from courts.models import (
    BallotRound,
    BoardEvent,
    CredentialChange,
    SealedBallot,
    User,
    Voter,
    Vouch,
)

State = BallotRound.State
# As long as a voter has to notice that somebody else has the password.
HOLD = timedelta(hours=24)
VOUCHES = 2


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a second ballot has to wait: since when, until when, and how many vouched since."""

    since: datetime
    until: datetime
    vouches: int


@dataclass(frozen=True, slots=True)
class ResetLine:
    """A voter whose credentials another person set since the round opened."""

    pk: int
    name: str
    at: datetime
    vouches: int
    has_my_vouch: bool


@dataclass(frozen=True, slots=True)
class ReplacedLine:
    """A round in which the account's own ballot was replaced: how often, and when last."""

    year: str
    code: str
    title: str
    count: int
    at: datetime


def set_by_others(user_id: int, since: datetime) -> datetime | None:
    """When another person last set the account's credentials after `since`; None for never."""
    changes = CredentialChange.objects.filter(user_id=user_id, at__gt=since)
    found: datetime | None = changes.exclude(by=F("user")).aggregate(last=Max("at"))["last"]
    return found


def hold_of(row: BallotRound, voter: Voter, now: datetime | None = None) -> Hold | None:
    """What keeps the voter's next ballot from replacing the last; None for a first ballot."""
    moment = now or database_clock.now()
    last = SealedBallot.objects.filter(round=row, slot=voter.slot, current=True).first()
    if last is None:
        return None
    cast_at = BoardEvent.objects.get(
        round=row, kind=board.BALLOT, payload=board.ballot_payload(voter.slot, last.tracker)
    ).at
    since = set_by_others(voter.user_id, cast_at)
    if since is None or moment >= since + HOLD:
        return None
    vouches = Vouch.objects.filter(voter=voter, at__gt=since).count()
    return Hold(since, since + HOLD, vouches) if vouches < VOUCHES else None


def reset_lines(row: BallotRound, own: Voter) -> tuple[ResetLine, ...]:
    """The other voters whose credentials were set by others since the opening. Two queries."""
    if row.opens_at is None:
        return ()
    changes = (
        CredentialChange.objects.filter(user=OuterRef("user"), at__gt=row.opens_at)
        .exclude(by=OuterRef("user"))
        .order_by("-at")
    )
    voters = (
        Voter.objects.filter(round=row)
        .exclude(pk=own.pk)
        .annotate(reset_at=Subquery(changes.values("at")[:1]))
        .filter(reset_at__isnull=False)
        .order_by("name")
    )
    given: dict[int, list[Vouch]] = {}
    for vouch in Vouch.objects.filter(round=row):
        given.setdefault(vouch.voter_id, []).append(vouch)
    lines = []
    for voter in voters:
        valid = [one for one in given.get(voter.pk, ()) if one.at > voter.reset_at]
        mine = any(one.by_id == own.pk for one in valid)
        lines.append(ResetLine(voter.pk, voter.name, voter.reset_at, len(valid), mine))
    return tuple(lines)


def replaced_count(row: BallotRound) -> int:
    """How many ballots of the round were replaced by later ones; whose is not said."""
    return SealedBallot.objects.filter(round=row, current=False).count()


def own_replacements(user: User) -> tuple[ReplacedLine, ...]:
    """The rounds that are not over in which a later ballot took the place of the account's own."""
    living = [State.OPEN, State.CLOSED, State.INCOMPLETE]
    rows = Voter.objects.filter(user=user, round__state__in=living)
    lines = []
    for voter in rows.exclude(slot="").select_related("round__quality_year"):
        count = SealedBallot.objects.filter(
            round=voter.round, slot=voter.slot, current=False
        ).count()
        if count:
            at = _last_cast(voter)
            year = voter.round.quality_year.code
            lines.append(ReplacedLine(year, voter.round.code, voter.round.title, count, at))
    return tuple(lines)


def _last_cast(voter: Voter) -> datetime:
    tracker = SealedBallot.objects.get(round=voter.round, slot=voter.slot, current=True).tracker
    payload = board.ballot_payload(voter.slot, tracker)
    return BoardEvent.objects.get(round=voter.round, kind=board.BALLOT, payload=payload).at
