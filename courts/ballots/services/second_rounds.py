"""Owns why targets are voted on a second time in a year: one of the office says, another agrees."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from courts import database_clock
from courts.ballots.selectors.second_rounds import earlier_rounds, second_obstacle
from courts.ballots.services.held_rounds import (
    BallotError,
    State,
    held_for_office,
    record,
    stated,
)
from courts.models import BallotRound, SecondRound, User
from courts.permissions import is_another


@transaction.atomic
def give_reason(*, user: User, ballot_round: BallotRound, reason: str) -> SecondRound:
    """Give or change the reason of a second round; earlier agreements lapse.

    Raises `BallotError`.
    """
    row = held_for_office(user, ballot_round, State.DRAFT)
    if not earlier_rounds(row):
        raise BallotError("state", _("这些对象本年还没有投过，不需要理由。"))
    old = SecondRound.objects.filter(round=row).first()
    given = old or SecondRound(round=row)
    before = given.reason
    given.reason = stated(reason, _("请说明为什么要投第二轮。"))
    given.given_by, given.given_at = user, database_clock.now()
    given.agreed_by = given.agreed_at = None
    given.full_clean()
    given.save()
    record(row, "ballot_second", user, given.reason, {"old": before} if before else None)
    return given


@transaction.atomic
def agree(*, user: User, ballot_round: BallotRound) -> SecondRound:
    """Agree to the reason of a second round, as another person than who gave it.

    Raises `BallotError` and `PermissionDenied`.
    """
    row = held_for_office(user, ballot_round, State.DRAFT)
    given = SecondRound.objects.filter(round=row).first()
    if given is None:
        raise BallotError("state", _("还没有人写明第二轮的理由。请先由一人写明。"))
    if not is_another(given.given_by_id, user):
        raise PermissionDenied(_("提出理由的人不能自己同意，须由另一人同意。"))
    given.agreed_by, given.agreed_at = user, database_clock.now()
    given.full_clean()
    given.save()
    record(row, "ballot_second_agree", user, given.reason)
    return given


def check_second(row: BallotRound) -> None:
    """Refuse to begin a vote on targets of which another round of the year forbids it.

    Raises `BallotError`.
    """
    why_not = second_obstacle(row, earlier_rounds(row))
    if why_not:
        raise BallotError("state", why_not)
