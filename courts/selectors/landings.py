"""Owns where an account starts: desks at their court's returns, everybody else at the ranking."""

from __future__ import annotations

from courts.models import User
from courts.permissions import Account, has_desk
from courts.selectors.periods import years_of


def own_returns(user: Account) -> tuple[str, str] | None:
    """The year and court whose returns the account enters; None when it sits at no desk."""
    if not isinstance(user, User) or user.court is None or not has_desk(user):
        return None
    years = years_of(user)
    return (years[0].code, user.court.code) if years else None
