"""Owns one voter's word that another is themself, who may then replace a ballot at once.

Needed where somebody else set the other's password between two ballots: an administrator who helps
a forgetful voter, or one who votes in their place. Says nothing of who voted, or how.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from courts import database_clock
from courts.ballots.selectors.replacements import set_by_others
from courts.ballots.services.held_rounds import BallotError, State, held, record
from courts.models import BallotRound, User, Voter, Vouch
from courts.permissions import may_cast


@transaction.atomic
def vouch(*, user: User, ballot_round: BallotRound, voter: int) -> Vouch:
    """Vouch for a voter, by key, whose password another person set since the round opened.

    Raises `BallotError` and `PermissionDenied`.
    """
    row = held(ballot_round, State.OPEN)
    own = Voter.objects.filter(round=row, user=user).first()
    if own is None or not may_cast(user, row):
        raise PermissionDenied(_("只有这轮投票的参评人可以为另一人确认。"))
    other = Voter.objects.filter(round=row, pk=voter).exclude(pk=own.pk).first()
    if other is None or row.opens_at is None:
        raise BallotError("wrong", _("名册上没有这位参评人，或者是您自己。"))
    if set_by_others(own.user_id, row.opens_at) is not None:
        text = _("您自己的密码在投票期间由他人设置过，所以您不能为别人确认。")
        raise BallotError("replacing", text)
    if set_by_others(other.user_id, row.opens_at) is None:
        raise BallotError("wrong", _("这位参评人的密码没有由他人设置过，不需要确认。"))
    word, _is_new = Vouch.objects.update_or_create(
        voter=other, by=own, defaults={"round": row, "at": database_clock.now()}
    )
    record(row, "ballot_vouch", user, data={"voter": other.name})
    return word
