"""Owns what comes after the closing: checking by the voters, then opening by the scrutineers.

One opening ever: no ballot is taken away after the closing, and a scrutineer's part, once given,
stands: from the first to the last part the round is *incomplete*, never void, and goes on with the
same closing hash and keys alone. While somebody objects nothing is opened.
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from courts import database_clock
from courts.ballots.protocol import ProtocolError
from courts.ballots.protocol.ballot import Ballot, read_shape
from courts.ballots.protocol.board import check_chain, check_current
from courts.ballots.protocol.canonical import hash_text, parse
from courts.ballots.protocol.canonical import record as fields_of
from courts.ballots.protocol.manifest import Manifest
from courts.ballots.protocol.tally import (
    Aggregate,
    Partial,
    aggregate,
    check_part,
    read_part,
    sums_of,
)
from courts.ballots.selectors.rounds import OPENED, opening_obstacle
from courts.ballots.selectors.second_rounds import earlier_rounds, participants_obstacle
from courts.ballots.services.held_rounds import (
    BallotError,
    State,
    check_protocol,
    check_state,
    held,
    hold_year,
    link_of,
    manifest_of,
    read,
    record,
    save,
    stated,
    tallied,
)
from courts.ballots.services.rounds import advance
from courts.models import BallotRound, Scrutineer, SealedBallot, User, Voter
from courts.permissions import may_use_key


@transaction.atomic
def confirm(*, user: User, ballot_round: BallotRound, has_challenged: bool = False) -> None:
    """已核对: the voter found the own tracker, or, having not voted, no own name.

    `has_challenged`: the voter says that a sealed ballot was spoiled and checked before casting.
    Only the number of those who did is ever shown. Raises `BallotError`.
    """
    row, voter = _checking(user, ballot_round)
    if voter.objection:
        raise BallotError("state", _("您提出过异议；请先撤回异议，再确认已核对。"))
    if voter.confirmed_at is None:
        voter.confirmed_at, voter.has_challenged = database_clock.now(), has_challenged
        voter.full_clean()
        voter.save()
        record(row, "ballot_confirm", user)


@transaction.atomic
def object_to(*, user: User, ballot_round: BallotRound, text: str) -> None:
    """Object to the board; nothing is opened while an objection stands."""
    row, voter = _checking(user, ballot_round)
    voter.objection = stated(text, _("请写明异议的内容。"))
    voter.confirmed_at, voter.has_challenged = None, False
    voter.full_clean()
    voter.save()
    record(row, "ballot_object", user, voter.objection)


@transaction.atomic
def withdraw_objection(*, user: User, ballot_round: BallotRound) -> None:
    """Take back the account's own objection.

    Raises `BallotError`.
    """
    row, voter = _checking(user, ballot_round)
    if not voter.objection:
        raise BallotError("state", _("您没有提出异议。"))
    voter.objection = ""
    voter.full_clean()
    voter.save()
    record(row, "ballot_withdraw", user)


def _checking(user: User, ballot_round: BallotRound) -> tuple[BallotRound, Voter]:
    row = held(ballot_round)
    voter = row.voters.filter(user=user).first()
    if voter is None:
        raise PermissionDenied(_("您不在这轮投票的参评人名册上。"))
    if row.state == State.INCOMPLETE:
        raise BallotError("state", _("开票已经开始，核对已结束。"))
    check_state(row, State.CLOSED)
    return row, voter


def open_part(*, user: User, ballot_round: BallotRound, body: bytes) -> bool:
    """Take a scrutineer's part; the last part opens the sums. Whether the round is tallied now.

    Raises `BallotError` and `PermissionDenied`.
    """
    now = database_clock.now()
    holder = Scrutineer.objects.filter(round=ballot_round, user=user).first()
    if holder is None or not may_use_key(user, ballot_round):
        raise PermissionDenied(_("您不是这轮投票的监票人，或者现在不能再任监票人。"))
    advance(ballot_round, now)
    row = BallotRound.objects.get(pk=ballot_round.pk)
    if row.state not in OPENED:
        text = _("这轮投票%(state)s，现在不能开票。")
        raise BallotError("state", text % {"state": row.get_state_display()})
    check_protocol(row)
    _check_free(row, now)
    # A closed board never changes, so all this is worked out before the round is held.
    manifest = manifest_of(row)
    kappa = bytes.fromhex(row.close_hash)
    sealed, ballots = sealed_sums(row, manifest)
    part = read(body, lambda data: _part(data, holder.position, sealed, manifest, kappa))
    return _store(row, holder, part, (sealed, ballots), manifest, now)


def _part(data: object, index: int, sealed: Aggregate, manifest: Manifest, kappa: bytes) -> Partial:
    fields = fields_of(data, ("kappa", "d"), "a partial opening")
    if hash_text(fields["kappa"], "kappa") != kappa.hex():
        raise ProtocolError("partial", "this opens another closing")
    part = read_part(fields["d"], manifest)
    check_part(part, index, sealed, manifest, kappa)
    return part


@transaction.atomic
def _store(
    ballot_round: BallotRound,
    scrutineer: Scrutineer,
    part: Partial,
    sealed: tuple[Aggregate, int],
    manifest: Manifest,
    now: datetime,
) -> bool:
    # A vote on paper may be taking this round's place.
    hold_year(ballot_round.quality_year_id)
    row = held(ballot_round, *OPENED)
    _check_free(row, now)
    holder = row.scrutineers.get(pk=scrutineer.pk)
    if holder.partial is not None:
        raise BallotError("repeated", _("您已经开过票；只能开一次。"))
    holder.partial = [share.wire for share in part]
    holder.full_clean()
    holder.save()
    record(row, "ballot_part", holder.user)
    holders = list(row.scrutineers.order_by("position"))
    if any(one.partial is None for one in holders):
        row.state = State.INCOMPLETE
        save(row)
        return False
    parts = [read_part(one.partial, manifest) for one in holders]
    sums = sums_of(sealed[0], parts, manifest, sealed[1])
    row.state, row.sums, row.counted = State.TALLIED, list(sums), sealed[1]
    save(row)
    record(row, "ballot_tally", holder.user, data={"ballots": sealed[1], "sums": list(sums)})
    tallied(row, holder.user)
    return True


def _check_free(row: BallotRound, now: datetime) -> None:
    ballots = SealedBallot.objects.filter(round=row, current=True)
    cast = frozenset(ballots.values_list("slot", flat=True))
    why_not = opening_obstacle(row, list(row.voters.all()), cast, now)
    if why_not:
        raise BallotError("checking", why_not)
    why_never = participants_obstacle(row, earlier_rounds(row)) or _replaced(row)
    if why_never:
        raise BallotError("state", why_never)


def _replaced(row: BallotRound) -> str:
    others = BallotRound.objects.filter(quality_year=row.quality_year_id, month=row.month)
    others = others.exclude(pk=row.pk).exclude(state__in=[State.VOID, State.INCOMPLETE])
    if row.state == State.INCOMPLETE and others.exists():
        return _("这个月份已另有一轮投票；它作废以前，这一轮不能继续开票。")
    return ""


def sealed_sums(row: BallotRound, manifest: Manifest) -> tuple[Aggregate, int]:
    """The product of the closed round's ballots, when they are those of its chain; their number.

    Raises `BallotError` and `ProtocolError`.
    """
    stored = list(
        SealedBallot.objects.filter(round=row, current=True)
        .order_by("slot")
        .values_list("slot", "body")
    )
    try:
        chain = check_chain([link_of(event) for event in row.events.order_by("seq")], manifest)
        bodies = [(slot, body.encode()) for slot, body in stored]
        check_current(bodies, chain.participants, chain, manifest)
        if chain.kappa != row.close_hash:
            raise ProtocolError("board", "the closing hash is another")
        ballots: list[Ballot] = [read_shape(parse(body), manifest) for _slot, body in bodies]
    except ProtocolError as error:
        text = _("公示板没有通过校验（%(code)s），不能开票；请作废这轮投票。")
        raise BallotError("invalid", text % {"code": error.code}) from error
    return aggregate(ballots, manifest), len(ballots)
