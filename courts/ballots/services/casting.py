"""Owns casting: one sealed ballot into its voter's slot, in place of an earlier one.

The proofs take most of a second and are checked before the round is held; its state and deadline
are looked at while it is held, so that nothing slips in behind the closing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from courts import database_clock
from courts.ballots.protocol import board
from courts.ballots.protocol.ballot import Ballot, read_ballot
from courts.ballots.protocol.canonical import record as fields_of
from courts.ballots.selectors.replacements import hold_of
from courts.ballots.services.held_rounds import (
    BallotError,
    State,
    append,
    check_protocol,
    held,
    manifest_of,
    read,
)
from courts.ballots.services.rounds import advance
from courts.models import BallotRound, BoardEvent, SealedBallot, User, Voter
from courts.permissions import may_cast

# However long a check takes, a voter whose server fell over votes again after this.
BUSY = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class CastReceipt:
    """What a voter keeps: no score in it, so that it proves none. `again`: it was there already."""

    tracker: str
    fingerprint: str
    head: str
    at: datetime
    again: bool


def cast(*, user: User, ballot_round: BallotRound, body: bytes) -> CastReceipt:
    """Check a sealed ballot and put it in the voter's slot; the same bytes again change nothing.

    Raises `BallotError` and `PermissionDenied`.
    """
    voter = Voter.objects.filter(round=ballot_round, user=user).first()
    if voter is None:
        raise PermissionDenied(_("您不在这轮投票的参评人名册上。"))
    now = database_clock.now()
    row = BallotRound.objects.select_related("quality_year__court").get(pk=ballot_round.pk)
    if not may_cast(user, row):
        raise PermissionDenied(
            _("您现在不是领导小组成员，或者以办公室的身份操作过这轮投票，不能投票。")
        )
    if row.state == State.OPEN and row.closes_at <= now:
        advance(row, now)
    check_open(row, now)
    check_protocol(row)
    free = Voter.objects.filter(Q(busy_until=None) | Q(busy_until__lte=now), pk=voter.pk)
    if not free.update(busy_until=now + BUSY):
        raise BallotError("busy", _("您的另一次投票正在处理，请稍候再试。"))
    try:
        ballot = checked(row, voter, body)
        return store(ballot_round=row, ballot=ballot)
    finally:
        Voter.objects.filter(pk=voter.pk).update(busy_until=None)


def checked(row: BallotRound, voter: Voter, body: bytes) -> Ballot:
    """The ballot in some bytes, every proof of it checked, for this voter's slot.

    Raises `PermissionDenied`.
    """
    manifest = manifest_of(row)

    def own(data: object) -> Ballot:
        fields = fields_of(data, ("e", "slot", "t"), "a ballot")
        if fields["slot"] != voter.slot:
            raise PermissionDenied(_("这张选票不在您的票位上，没有接受。"))
        return read_ballot(data, manifest)

    return read(body, own)


@transaction.atomic
def store(*, ballot_round: BallotRound, ballot: Ballot) -> CastReceipt:
    """Put a checked ballot in its slot and on the chain, with the round held.

    Raises `BallotError`.
    """
    row = held(ballot_round)
    now = database_clock.now()
    tracker = ballot.tracker
    known = SealedBallot.objects.filter(round=row, tracker=tracker).first()
    if known is not None and known.current and known.slot == ballot.slot:
        return receipt_of(row, known, again=True)
    check_open(row, now)
    if known is not None:
        raise BallotError("repeated", _("这张选票已被后来的选票替换，不能再投。"))
    check_replacing(row, ballot.slot, now)
    replaced = SealedBallot.objects.filter(round=row, slot=ballot.slot, current=True)
    replaced.update(current=False, body="")
    sealed = SealedBallot(
        round=row, slot=ballot.slot, tracker=tracker, body=ballot.body.decode(), current=True
    )
    sealed.full_clean()
    sealed.save()
    append(row, board.BALLOT, board.ballot_payload(ballot.slot, tracker), now)
    return receipt_of(row, sealed, again=False)


def check_replacing(row: BallotRound, slot: str, now: datetime) -> None:
    """Refuse for a day a ballot in place of another, if not its voter alone held the password.

    Raises `BallotError`.
    """
    hold = hold_of(row, Voter.objects.get(round=row, slot=slot), now)
    if hold is not None:
        text = _(
            "您上次投票以后，您的密码或登录方式由他人设置过，%(until)s以前不能改投；"
            "名册上另有两人确认是您本人，就可以马上改投（已有%(count)s人确认）。原来的票仍然有效。"
        )
        until = f"{timezone.localtime(hold.until):%Y-%m-%d %H:%M}"
        raise BallotError("replacing", text % {"until": until, "count": hold.vouches})


def check_open(row: BallotRound, now: datetime) -> None:
    """Refuse a ballot before the round opens, and from the deadline on.

    Raises `BallotError`.
    """
    if row.state != State.OPEN:
        text = _("这轮投票%(state)s，现在不能投票。")
        raise BallotError("state", text % {"state": row.get_state_display()})
    if row.closes_at <= now:
        raise BallotError("late", _("投票已于截止时间结束，这张选票没有计入。"))


def receipt_of(row: BallotRound, sealed: SealedBallot, *, again: bool) -> CastReceipt:
    """The receipt of a ballot on the chain."""
    payload = board.ballot_payload(sealed.slot, sealed.tracker)
    event = BoardEvent.objects.get(round=row, kind=board.BALLOT, payload=payload)
    return CastReceipt(sealed.tracker, row.fingerprint, event.hash, event.at, again)
