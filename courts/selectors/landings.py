"""Owns where an account starts: its returns, what waits for its office, or the ranking."""

from __future__ import annotations

from courts.models import User
from courts.permissions import Account, has_desk, may_oversee_returns, review_sides
from courts.selectors.periods import years_of


def own_returns(user: Account) -> tuple[str, str] | None:
    """The year and court whose returns the account enters; None when it sits at no desk."""
    if not isinstance(user, User) or user.court is None or not has_desk(user):
        return None
    years = years_of(user)
    return (years[0].code, user.court.code) if years else None


def own_office(user: Account) -> str | None:
    """The year whose returns the account's office verifies; None for everybody else."""
    if not review_sides(user):
        return None
    years = [year for year in years_of(user) if may_oversee_returns(user, year)]
    return years[0].code if years else None


def overseen(user: Account) -> str | None:
    """The year whose returns the account may look at for all courts; None for everybody else."""
    years = [year for year in years_of(user) if may_oversee_returns(user, year)]
    return years[0].code if years else None
