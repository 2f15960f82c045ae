"""Owns where an account starts: its returns, what waits for its office, or the ranking."""

from __future__ import annotations

from dataclasses import dataclass

from courts.models import QualityYear, User
from courts.permissions import (
    Account,
    has_ballots,
    has_desk,
    may_decide_cases,
    may_oversee_returns,
    may_view_cases,
    may_view_dashboard,
    review_sides,
)
from courts.selectors.periods import years_of
from courts.selectors.special_cases import waiting_cases


def own_returns(user: Account) -> tuple[str, str] | None:
    """The year and court whose returns the account enters; None when it sits at no desk."""
    if not isinstance(user, User) or user.court is None or not has_desk(user):
        return None
    left_out = set(user.court.left_out_of.values_list("pk", flat=True))
    years = [year for year in years_of(user) if year.pk not in left_out]
    return (years[0].code, user.court.code) if years else None


def own_office(user: Account) -> str | None:
    """The year whose returns the account's office verifies; None for everybody else."""
    return places(user).office or None


@dataclass(frozen=True, slots=True)
class Places:
    """The years, by code, where an account verifies, oversees, reads rules, votes, decides; or not.

    `cases` is for those who have no desk from which they would come to special cases.
    """

    office: str = ""
    overseen: str = ""
    rules: str = ""
    ballots: str = ""
    cases: str = ""
    dashboard: str = ""


def own_decisions(user: Account) -> str | None:
    """The year with special cases that wait for what the account enters; None without any."""
    for year in years_of(user):
        if may_decide_cases(user, year) and waiting_cases(user, year)[0]:
            return year.code
    return None


def _decided_in(user: Account, years: list[QualityYear]) -> str:
    if review_sides(user) or has_desk(user):
        return ""
    return next((year.code for year in years if may_view_cases(user, year)), "")


def places(user: Account) -> Places:
    """Where the account has business, the latest year first. One query."""
    years = years_of(user)
    overseen = next((year.code for year in years if may_oversee_returns(user, year)), "")
    latest = years[0].code if years else ""
    return Places(
        office=overseen if review_sides(user) else "",
        overseen=overseen,
        rules=latest,
        ballots=latest if has_ballots(user) else "",
        cases=_decided_in(user, years),
        dashboard=next((year.code for year in years if may_view_dashboard(user, year)), ""),
    )
