"""Owns what the page of second factors shows: who has one, and what waits for a second person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from courts.models import FactorRelease, User
from courts.permissions import may_end_factor_of


@dataclass(frozen=True, slots=True)
class FactorLine:
    """An account with a factor, and the request that waits; `may_decide` for the second person."""

    username: str
    name: str
    court: str
    since: datetime
    request: int | None
    reason: str
    asked_by: str
    may_decide: bool


def factor_lines(user: User, language: str) -> tuple[FactorLine, ...]:
    """The accounts whose factor the account may ask to end, by name."""
    rows = User.objects.filter(second_factor__confirmed_at__isnull=False)
    found = rows.select_related("court__parent", "second_factor").order_by("username")
    waiting = {
        one.account_id: one
        for one in FactorRelease.objects.filter(state="waiting").select_related("asked_by")
    }
    return tuple(
        _line(user, owner, waiting.get(owner.pk), language)
        for owner in found
        if may_end_factor_of(user, owner)
    )


def _line(user: User, owner: User, waiting: FactorRelease | None, language: str) -> FactorLine:
    return FactorLine(
        username=owner.username,
        name=str(owner),
        court="" if owner.court is None else owner.court.label(language),
        since=owner.second_factor.confirmed_at,  # type: ignore[arg-type]
        request=waiting.pk if waiting else None,
        reason=waiting.reason if waiting else "",
        asked_by=str(waiting.asked_by) if waiting else "",
        may_decide=waiting is not None and waiting.asked_by_id != user.pk,
    )


def owner_named(user: User, username: str) -> User | None:
    """The account of that name, if the account may ask for it."""
    owner = User.objects.select_related("court__parent").filter(username=username).first()
    return owner if owner is not None and may_end_factor_of(user, owner) else None
