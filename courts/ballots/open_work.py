"""Owns what waits for somebody about ballots: keys, rehearsals, votes, checks, parts, the office.

Before a vote is closed nobody but the voter learns whether the voter has voted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courts.ballots.selectors.rounds import OPENED, opening_obstacle
from courts.models import BallotRound, BoardEvent, PaperTally, Scrutineer, SealedBallot, Voter
from courts.permissions import may_organize_ballots, may_view_year
from courts.years.open_work import Asked, OpenItem, kind
from scoring.facts import Month

State = BallotRound.State
VOTER, SCRUTINEER = gettext_lazy("参评人"), gettext_lazy("监票人")
# The kinds of this module.
BALLOT_WORK = ("ballot_vote", "ballot_confirm", "ballot_key", "ballot_part", "ballot_step")
UNFINISHED = (State.DRAFT, State.KEYS, State.OPEN, State.CLOSED, State.INCOMPLETE)
BEFORE_THE_END = (State.DRAFT, State.KEYS, State.OPEN)
OfRound = TypeVar("OfRound", Voter, Scrutineer, SealedBallot, PaperTally, BoardEvent)


@dataclass(frozen=True, slots=True)
class RoundWork:
    """A round that is not over, with its people; `cast` holds the slots that have a ballot.

    `ended_at` is when the vote was closed, or will be.
    """

    row: BallotRound
    voters: Sequence[Voter]
    scrutineers: Sequence[Scrutineer]
    cast: frozenset[str]
    paper: PaperTally | None
    ended_at: datetime

    def item(
        self,
        view: str,
        since: datetime | None,
        until: datetime | None = None,
        note: str = "",
    ) -> OpenItem:
        year = self.row.quality_year
        return OpenItem(
            view=view,
            args=(year.code, self.row.code),
            year=year,
            since=since,
            until=until,
            month=Month(year.year, self.row.month),
            title=self.row.title,
            note=note,
            is_demo=self.row.is_demo,
        )

    def voters_of(self, asked: Asked) -> Sequence[Voter]:
        """The account's own place on the roll; without an account the whole roll."""
        if asked.user is None:
            return self.voters
        if not may_view_year(asked.user, self.row.quality_year):
            return ()
        return [voter for voter in self.voters if voter.user_id == asked.user.pk]

    def scrutineers_of(self, asked: Asked) -> Sequence[Scrutineer]:
        """The account's own part of the key; without an account all parts."""
        if asked.user is None:
            return self.scrutineers
        if not may_view_year(asked.user, self.row.quality_year):
            return ()
        return [one for one in self.scrutineers if one.user_id == asked.user.pk]

    def is_organized_by(self, asked: Asked) -> bool:
        return asked.user is None or may_organize_ballots(asked.user, self.row.quality_year)


def _unfinished(asked: Asked, own: int | None) -> QuerySet[BallotRound]:
    """The rounds that are not over; with the key of an account those it has a part in."""
    rows = BallotRound.objects.filter(quality_year__in=asked.years, state__in=UNFINISHED)
    if own is not None:
        rows = rows.filter(Q(voters__user=own) | Q(scrutineers__user=own)).distinct()
    rows = rows.select_related("quality_year__court", "quality_year__edition")
    return rows.defer("quality_year__edition__sources")


def _by_round(
    asked: Asked,
    model: type[OfRound],
    keys: tuple[int, ...],
    narrow: Callable[[QuerySet[Any, OfRound]], QuerySet[Any, OfRound]] = QuerySet.all,
) -> Mapping[int, Sequence[OfRound]]:
    """The rows of a table by the round they belong to, of the rounds of these keys. One query."""

    def write() -> QuerySet[Any, OfRound]:
        return narrow(model._default_manager.filter(round__in=keys))

    found: dict[int, list[OfRound]] = {}
    for row in asked.rows((model, keys), write):
        found.setdefault(row.round_id, []).append(row)
    return found


def _rounds(asked: Asked) -> Sequence[RoundWork]:
    """The rounds that are not over. Six queries, one without any."""

    def read() -> Sequence[RoundWork]:
        user, own = asked.user, None
        if user is not None and not any(may_organize_ballots(user, y) for y in asked.years):
            own = user.pk or 0
        found = asked.rows(("rounds", own), lambda: _unfinished(asked, own))
        keys = tuple(row.pk for row in found)
        over = tuple(row.pk for row in found if row.state not in BEFORE_THE_END)
        voters = _by_round(asked, Voter, keys)
        scrutineers = _by_round(asked, Scrutineer, keys)
        papers = _by_round(asked, PaperTally, keys)
        ballots = _by_round(
            asked, SealedBallot, keys, lambda rows: rows.filter(current=True).only("round", "slot")
        )
        close = BoardEvent.Kind.CLOSE
        ends = _by_round(
            asked, BoardEvent, over, lambda rows: rows.filter(kind=close).only("round", "at")
        )
        return [
            RoundWork(
                row,
                voters.get(row.pk, ()),
                scrutineers.get(row.pk, ()),
                frozenset(one.slot for one in ballots.get(row.pk, ())),
                next(iter(papers.get(row.pk, ())), None),
                next((one.at for one in ends.get(row.pk, ())), row.closes_at),
            )
            for row in found
        ]

    return asked.once("rounds", read)


@kind(
    "ballot_vote",
    gettext_lazy("待投的票"),
    whom=VOTER,
    order=1,
    page="courts:ballots",
    of_court=False,
)
def votes(asked: Asked) -> Iterator[OpenItem]:
    """Votes to cast. Without an account: one item a round, which names no voter."""
    for one in _rounds(asked):
        if one.row.state != State.OPEN or one.row.closes_at <= asked.now or one.paper:
            continue
        if any(voter.slot not in one.cast for voter in one.voters_of(asked)):
            yield one.item("courts:ballot_booth", one.row.opens_at, one.row.closes_at)


@kind(
    "ballot_confirm",
    gettext_lazy("待核对的选票"),
    whom=VOTER,
    order=2,
    page="courts:ballots",
    of_court=False,
)
def ballots_to_confirm(asked: Asked) -> Iterator[OpenItem]:
    """Closed votes whose voters have yet to say that the board is right."""
    for one in _rounds(asked):
        if one.row.state != State.CLOSED or one.paper:
            continue
        waiting = [v for v in one.voters_of(asked) if not (v.confirmed_at or v.objection)]
        if waiting and (one.row.check_until is None or asked.now < one.row.check_until):
            yield one.item("courts:ballot", one.ended_at, one.row.check_until)


@kind(
    "ballot_key",
    gettext_lazy("待制作的密钥"),
    whom=SCRUTINEER,
    order=3,
    page="courts:ballots",
    of_court=False,
)
def keys_to_make(asked: Asked) -> Iterator[OpenItem]:
    """Rounds that wait for a scrutineer's key, or for its rehearsal."""
    for one in _rounds(asked):
        if one.row.state != State.KEYS:
            continue
        waiting = [s for s in one.scrutineers_of(asked) if s.rehearsed_at is None]
        if asked.user is not None:
            # The rehearsal begins when all keys are there.
            all_keys = all(s.public_key is not None for s in one.scrutineers)
            waiting = [s for s in waiting if s.public_key is None or all_keys]
        if waiting:
            has_key = all(s.public_key is not None for s in waiting)
            note = _("密钥已制作，待演练") if has_key else ""
            yield one.item("courts:ballot_keys", one.row.created_at, one.row.closes_at, note)


@kind(
    "ballot_part",
    gettext_lazy("待开的票"),
    whom=SCRUTINEER,
    order=4,
    page="courts:ballots",
    of_court=False,
)
def parts_to_give(asked: Asked) -> Iterator[OpenItem]:
    """Closed votes that can be opened and wait for a scrutineer's part."""
    for one in _rounds(asked):
        if one.row.state not in OPENED or one.paper:
            continue
        if opening_obstacle(one.row, one.voters, one.cast, asked.now):
            continue
        if any(s.partial is None for s in one.scrutineers_of(asked)):
            yield one.item("courts:ballot_opening", one.ended_at)


@kind(
    "ballot_step",
    gettext_lazy("待推进的投票"),
    whom=gettext_lazy("审判管理办公室"),
    order=95,
    page="courts:ballots",
    of_court=False,
)
def rounds_to_move(asked: Asked) -> Iterator[OpenItem]:
    """Rounds in which the office is next: draft, keys all there, vote over, paper to confirm."""
    for one in _rounds(asked):
        if not one.is_organized_by(asked):
            continue
        note = _next_step(asked, one)
        if note:
            yield one.item("courts:ballot", one.row.created_at, one.row.closes_at, note)


def _next_step(asked: Asked, one: RoundWork) -> str:
    """What the office has to do next in a round; empty when others have."""
    row = one.row
    if one.paper is not None:
        if one.paper.confirmed_at is not None:
            return ""
        own = asked.user is not None and one.paper.entered_by_id == asked.user.pk
        return "" if own else _("纸质计票结果待第二人复核")
    if row.state == State.DRAFT:
        return _("准备好后请监票人制作密钥")
    if row.state == State.KEYS and all(s.rehearsed_at is not None for s in one.scrutineers):
        return _("密钥齐全，可以开始投票")
    if row.state == State.OPEN and row.closes_at <= asked.now:
        return _("已到截止时间，可以截止")
    if row.state == State.OPEN and len(one.cast) == len(one.voters):
        return _("全部参评人已投票，可以截止")
    return ""
