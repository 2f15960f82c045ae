"""Owns a round of the ballot while a service works on it: held, and its chain made longer.

Every write to a round goes through here, so that no two interleave: the row of the round is held
to the end of the transaction, and whoever comes next sees what was written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from courts.ballots.protocol import ProtocolError
from courts.ballots.protocol.ballot import largest_body
from courts.ballots.protocol.board import BoardEvent as Link
from courts.ballots.protocol.board import next_event
from courts.ballots.protocol.canonical import parse
from courts.ballots.protocol.manifest import Manifest, read_manifest
from courts.ballots.selectors.protocols import earlier_protocol_note, version_of
from courts.frame import events
from courts.models import (
    BallotRound,
    BoardEvent,
    QualityYear,
    RoundOrganizer,
    SealedBallot,
    User,
)
from courts.models.ballots import LONGEST_REASON
from courts.permissions import may_organize_ballots, may_organize_round
from courts.years.closings import closings_of, forget_closings
from courts.years.late_inputs import LateKind, came_late
from courts.years.selectors.years import rulebook_of
from courts.years.voiding import real_input
from scoring.facts import Month

State = BallotRound.State
T = TypeVar("T")

LARGEST_BODY = 1_000_000


class BallotError(Exception):
    """The act was not done and nothing was written; `code` names why, the message says it.

    Codes: state, late, busy, too_large, repeated, invalid, wrong, checking, https, replacing.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def held(ballot_round: BallotRound, *states: str) -> BallotRound:
    """The round, held until the transaction ends; refused when it is in none of these states."""
    row = (
        BallotRound.objects.select_for_update(of=("self",))
        .select_related("quality_year__court", "quality_year__edition")
        .get(pk=ballot_round.pk)
    )
    check_state(row, *states)
    return row


def hold_year(year: int) -> None:
    """Hold a year's rounds together, before any one of them is held, until the transaction ends.

    Acts that compare rounds go one after the other. Rows that point at the year come and go.
    """
    QualityYear.objects.select_for_update(no_key=True).get(pk=year)


def held_for_office(user: User, ballot_round: BallotRound, *states: str) -> BallotRound:
    """The round, held for an act of the office; who acts so is an organiser from here on.

    Raises `PermissionDenied`.
    """
    if not may_organize_ballots(user, ballot_round.quality_year):
        raise PermissionDenied(_("只有审判管理办公室可以组织投票。"))
    row = held(ballot_round)
    if not may_organize_round(user, row):
        raise PermissionDenied(_("您是这轮投票的参评人或监票人，不能再以办公室的身份操作。"))
    check_state(row, *states)
    RoundOrganizer.objects.get_or_create(round=row, user=user)
    return row


def check_state(row: BallotRound, *states: str) -> None:
    """Refuse an act on a round that is in none of these states.

    Raises `BallotError`.
    """
    if states and row.state not in states:
        text = _("这轮投票%(state)s，现在不能这样做。")
        raise BallotError("state", text % {"state": row.get_state_display()})


def check_protocol(row: BallotRound) -> None:
    """Refuse whatever needs the keys of a round that was frozen under the earlier protocol.

    Raises `BallotError`.
    """
    note = earlier_protocol_note(row)
    if note:
        raise BallotError("state", note)


def check_size(targets: int, unit_max: int) -> None:
    """Refuse a round whose longest ballot would be too long to be taken.

    Raises `BallotError`.
    """
    if largest_body(targets, unit_max) > LARGEST_BODY:
        text = _("评分对象太多或评分单位太细：一张选票会超过1 MB，投不出去。请减少一些。")
        raise BallotError("too_large", text)


def save(row: BallotRound) -> None:
    """Store a held round."""
    row.full_clean()
    row.save()


def append(row: BallotRound, kind: str, payload: str, now: datetime) -> BoardEvent:
    """Make the chain of a held round one link longer."""
    last = BoardEvent.objects.filter(round=row).order_by("-seq").first()
    link = next_event(None if last is None else link_of(last), kind, payload, version_of(row))
    event = BoardEvent(round=row, at=now, **link.wire)
    event.full_clean()
    event.save()
    return event


def link_of(event: BoardEvent) -> Link:
    """A row of the chain as the protocol knows it."""
    return Link(event.seq, event.kind, event.payload, event.prev, event.hash)


def manifest_of(row: BallotRound) -> Manifest:
    """The frozen manifest, every rule and proof of it checked, once a process."""
    return _manifest(row.manifest)


@lru_cache(maxsize=8)
def _manifest(text: str) -> Manifest:
    return read_manifest(parse(text.encode()))


def read(body: bytes, reading: Callable[[Any], T]) -> T:
    """What some bytes from a browser mean; refused in words when they are not as they must be.

    Raises `BallotError`.
    """
    if len(body) > LARGEST_BODY:
        raise BallotError("too_large", _("发来的数据超过1 MB，没有接受。请刷新页面后再试。"))
    try:
        return reading(parse(body))
    except ProtocolError as error:
        text = _("发来的数据没有通过校验（%(code)s），没有接受。请刷新页面后重做。")
        raise BallotError("invalid", text % {"code": error.code}) from error


def erase(row: BallotRound) -> None:
    """Take the bodies of all ballots of a held round away; trackers and the chain stay."""
    SealedBallot.objects.filter(round=row).exclude(body="").update(body="")


def record(
    row: BallotRound,
    action: str,
    user: User | None,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """Note an act on the round. Casting is no act that is noted here: the chain has it."""
    events.record(
        action=action,
        year=row.quality_year,
        actor=user,
        reason=reason,
        data={"round": row.code, **(data or {})},
    )


def stated(text: str, message: str) -> str:
    """A text a person must give; refused when there is none or too much.

    Raises `BallotError`.
    """
    text = text.strip()
    if not text:
        raise BallotError("wrong", message)
    if len(text) > LONGEST_REASON:
        raise BallotError("wrong", _("最多%(most)s字。请删减。") % {"most": LONGEST_REASON})
    return text


def tallied(row: BallotRound, user: User | None) -> None:
    """What follows from the result of a round: it counts in open months from its own on.

    For closed months among them a restatement is proposed; a made-up month does not stay closed.
    """
    year = row.quality_year
    forget_closings(year)
    if not row.is_demo:
        real_input(year, by=user)
    rulebook = rulebook_of(year, Month(year.year, row.month))
    sides = tuple(
        dict.fromkeys(item.side.value for item in rulebook.items if item.formula.reads_ballots)
    )
    came_late(
        year=year,
        kind=LateKind.TALLY,
        months=[one for one in closings_of(year).locked_months(sides) if one >= row.month],
        sides=sides,
        source=f"round/{row.pk}",
        by=user,
        data={"round": row.code, "from_month": row.month},
    )
