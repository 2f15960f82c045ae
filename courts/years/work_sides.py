"""Owns whose open work it is: the desks of courts, the offices that look after a side."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from courts.models import Court
from courts.permissions import may_enter, may_oversee_returns, review_sides
from courts.years.open_work import Asked
from courts.years.selectors.years import sides_of

DESK = gettext_lazy("法院报表岗")


def desk_courts(asked: Asked) -> list[Court]:
    """The courts whose returns the account enters; without an account all of them."""
    if asked.user is None:
        return list(asked.courts)
    own = getattr(asked.user, "court_id", None)
    sits = any(
        may_enter(asked.user, court, side)
        for court in asked.courts
        if court.pk == own
        for side in sides_asked(asked)
    )
    return [court for court in asked.courts if sits and court.pk == own]


def sides_asked(asked: Asked) -> frozenset[str]:
    """Every side of the years that are asked about."""
    return frozenset(side.value for year in asked.years for side in sides_of(year))


OFFICE = _("负责的管理部门")


def sides_in_care(asked: Asked) -> Collection[str]:
    """The sides that the account's office looks after; without an account all."""
    if asked.user is None:
        return sides_asked(asked)
    if not any(may_oversee_returns(asked.user, year) for year in asked.years):
        return frozenset()
    return review_sides(asked.user)


def one_court(asked: Asked) -> int | None:
    """The key of the one court that is asked about, 0 for none; None where there are several."""
    if asked.only is not None or asked.user is None:
        return asked.only
    return None if review_sides(asked.user) else getattr(asked.user, "court_id", None) or 0
