"""Owns reading which rounds of a year vote on the same targets, and what a later one may do then.

Two sums over almost the same voters, subtracted, are the marks of those who differ. So targets are
voted on twice a year at most, by the same roll, one round after the other, and a second round is
opened only if its participants are the first's or differ by at least three. A round *counts* from
its opening on, until it is void; one that was made void after a part of it was given counts for
ever, as an incomplete one does: somebody may have seen its sums. Votes on paper do not count: who
took part in them is not known here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from courts.models import BallotRound, BallotTarget, Event, SealedBallot, SecondRound, Voter

State = BallotRound.State
MOST_ROUNDS = 2
FEWEST_APART = 3
COUNTING = (State.OPEN, State.CLOSED, State.INCOMPLETE, State.TALLIED, State.VOID)


@dataclass(frozen=True, slots=True)
class EarlierRound:
    """A round that counts; accounts by key, `targets` those it shares, by position in the later.

    `is_incomplete`: a part of it was given, and the others never.
    """

    code: str
    title: str
    state: str
    is_incomplete: bool
    targets: frozenset[int]
    voters: frozenset[int]
    participants: frozenset[int]


@dataclass(frozen=True, slots=True)
class SecondReason:
    """The reason of a second round, who gave it and who agreed; empty where that is missing."""

    reason: str
    given_by: str
    given_by_pk: int
    given_at: datetime
    agreed_by: str
    agreed_at: datetime | None


def earlier_rounds(row: BallotRound) -> tuple[EarlierRound, ...]:
    """The other rounds of the year that count for a target of this one. Six queries at most."""
    positions: dict[tuple[int | None, str], int] = {}
    for target in row.targets.all():
        positions[_key(target)] = target.position
    rows = {
        one.pk: one
        for one in BallotRound.objects.filter(quality_year=row.quality_year_id, state__in=COUNTING)
        .exclude(Q(pk=row.pk) | Q(manifest=""))
        .order_by("pk")
    }
    if not rows:
        return ()
    voided = [one.code for one in rows.values() if one.state == State.VOID]
    given = set()
    if voided:
        parts = Event.objects.filter(
            quality_year=row.quality_year_id, action="ballot_part", data__round__in=voided
        )
        given = {event.data["round"] for event in parts}
    shared: dict[int, set[int]] = {}
    for target in BallotTarget.objects.filter(round__in=rows):
        if _key(target) in positions:
            shared.setdefault(target.round_id, set()).add(positions[_key(target)])
    voters, participants = _people(shared)
    return tuple(
        EarlierRound(
            code=one.code,
            title=one.title,
            state=one.state,
            is_incomplete=one.state in {State.INCOMPLETE, State.VOID},
            targets=frozenset(shared[one.pk]),
            voters=frozenset(voters.get(one.pk, ())),
            participants=frozenset(participants.get(one.pk, ())),
        )
        for one in rows.values()
        if one.pk in shared and (one.state != State.VOID or one.code in given)
    )


def _key(target: BallotTarget) -> tuple[int | None, str]:
    """A court by its key whatever it is called; a department by its name."""
    return (target.court_id, "" if target.court_id else target.name)


def _people(rounds: Collection[int]) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """By round: the accounts on its roll, and those of them who have a ballot in."""
    if not rounds:
        return {}, {}
    cast = set(
        SealedBallot.objects.filter(round__in=rounds, current=True).values_list("round_id", "slot")
    )
    voters: dict[int, set[int]] = {}
    participants: dict[int, set[int]] = {}
    for key, user, slot in Voter.objects.filter(round__in=rounds).values_list(
        "round_id", "user_id", "slot"
    ):
        voters.setdefault(key, set()).add(user)
        if (key, slot) in cast:
            participants.setdefault(key, set()).add(user)
    return voters, participants


def second_obstacle(row: BallotRound, earlier: Sequence[EarlierRound]) -> str:
    """Why the scrutineers may not be asked and no vote may begin; empty when they may."""
    for one in earlier:
        values = {"title": one.title}
        if one.is_incomplete:
            text = _(
                "“%(title)s”对同样的对象开票未完成，已有人给出开票部分；"
                "这些对象本年不能再用无记名投票，可以改用纸质投票。"
            )
            return text % values
        if one.state != State.TALLIED:
            text = _("“%(title)s”对同样的对象正在投票，计票或作废以前不能开始另一轮。")
            return text % values
    times = Counter(target for one in earlier for target in one.targets)
    if any(count >= MOST_ROUNDS for count in times.values()):
        return _("这些对象本年已经投过两轮，不能再用无记名投票，可以改用纸质投票。")
    roll = dict(row.voters.values_list("user_id", "name"))
    for one in earlier:
        if one.voters != frozenset(roll):
            text = _(
                "“%(title)s”投过同样的对象，第二轮的名册须与它完全相同："
                "两轮的合计相减，就是不同的那几个人的分数。现在相差%(count)s人。"
            )
            return text % {"title": one.title, "count": len(one.voters ^ frozenset(roll))}
    second = SecondRound.objects.filter(round=row).first()
    if earlier and second is None:
        return _("这些对象本年已经投过一轮；第二轮须写明理由，并由另一人同意。")
    if earlier and second is not None and second.agreed_by_id is None:
        return _("第二轮的理由还没有另一人同意。")
    return ""


def participants_obstacle(row: BallotRound, earlier: Sequence[EarlierRound]) -> str:
    """Why the sums of a closed round may never be opened beside those of an earlier one."""
    _voters, participants = _people([row.pk])
    own = participants.get(row.pk, set())
    for one in earlier:
        if 0 < len(one.participants ^ own) < FEWEST_APART:
            text = _(
                "参加人与“%(title)s”只相差%(count)s人；两轮的合计相减会露出他们的分数，所以不能开票。"
            )
            return text % {"title": one.title, "count": len(one.participants ^ own)}
    return ""


def second_reason(row: BallotRound) -> SecondReason | None:
    """The reason why the round is a second one; empty until one is given."""
    found = SecondRound.objects.filter(round=row).select_related("given_by", "agreed_by").first()
    if found is None:
        return None
    return SecondReason(
        reason=found.reason,
        given_by=str(found.given_by),
        given_by_pk=found.given_by_id,
        given_at=found.given_at,
        agreed_by=str(found.agreed_by or ""),
        agreed_at=found.agreed_at,
    )
