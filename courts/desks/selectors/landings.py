"""Owns where an account starts, and where the links above every page lead: in which year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from courts import database_clock
from courts.models import Court, QualityYear, User
from courts.permissions import (
    Account,
    Role,
    has_ballots,
    has_desk,
    may_enter,
    may_oversee_returns,
    may_view_assessments,
    may_view_cases,
    may_view_dashboard,
    review_sides,
    roles,
)
from courts.returns.selectors.homes import present_month, years_with
from courts.years.open_work import Kept, OpenWork, awaited_work, open_work
from courts.years.selectors.periods import current_year, years_of
from courts.years.selectors.rule_parts import ASSESSED, BALLOTS, parts_of
from courts.years.selectors.years import left_out, rulebook_of, sides_of


def own_returns(user: Account) -> tuple[str, str] | None:
    """The year and court whose returns the account enters; None when it sits at no desk.

    The year is that of the present month: the oldest that the account can still enter.
    """
    if not isinstance(user, User) or user.court is None or not has_desk(user):
        return None
    now = database_clock.now()
    years = years_with(user, user.court)
    sides = [
        side
        for side in dict.fromkeys(side for year in years for side in sides_of(year))
        if may_enter(user, user.court, side)
    ]
    month = present_month(user.court, years, sides, now)
    year = current_year(years, now)
    if month is not None:
        year = next(one for one in years if one.year == month.year)
    return None if year is None else (year.code, user.court.code)


def work_at(user: Account, court: Court) -> tuple[OpenWork, OpenWork]:
    """What waits for the account and what others owe it, on the home of its own court alone."""
    if not isinstance(user, User) or user.court_id != court.pk or not has_desk(user):
        return OpenWork(()), OpenWork(())
    now, kept = database_clock.now(), Kept()
    own = open_work(user, now, kept=kept)
    return own, awaited_work(user, own, now, kept=kept)


def own_office(user: Account) -> str | None:
    """The year whose returns the account's office verifies; None for everybody else."""
    return places(user).office or None


def starts_here(user: Account) -> bool:
    """Whether the account's first page is the list of what waits for it, even when it is empty.

    Of those who belong to a prefecture with a year and have neither returns nor an office's desk.
    """
    starting = {Role.LEADER, Role.PARTY, Role.SCRUTINEER, Role.ADMIN}
    return bool(roles(user) & starting) and bool(years_of(user))


def own_decisions(work: OpenWork) -> str | None:
    """The year of the special cases to decide, where they are all that waits for the account."""
    decisions = work.only("case_decide")
    years = [one.year for group in decisions for one in group.years]
    if work.without("case_decide") or len(years) != 1 or years[0] is None:
        return None
    return years[0].code


@dataclass(frozen=True, slots=True)
class LandingPlaces:
    """The years, by code, where an account verifies, oversees, reads rules, votes, decides; or not.

    `cases` is for those who have no desk from which they would come to special cases. `returns`
    is the year of the page, for an account that enters returns in it; `assessed` the page's year
    where an office gives points. `has` is what the rules of `rules` have (`parts_of`).
    """

    office: str = ""
    overseen: str = ""
    rules: str = ""
    ballots: str = ""
    cases: str = ""
    dashboard: str = ""
    returns: str = ""
    assessed: str = ""
    has: frozenset[str] = frozenset()
    years: tuple[QualityYear, ...] = ()


def places(user: Account, seen: str = "") -> LandingPlaces:
    """Where the account has business: in the year of that code, else the current. Two queries.

    `seen` is the year of the page that the links stand on; a code the account does not see counts
    for nothing.
    """
    years = years_of(user)
    first = next((year for year in years if year.code == seen), None)
    first = first or current_year(years, database_clock.now())
    if first is None:
        return LandingPlaces()
    has = parts_of(rulebook_of(first))
    ordered = [first, *(year for year in years if year.pk != first.pk)]
    overseen = _first(year for year in ordered if may_oversee_returns(user, year))
    return LandingPlaces(
        office=overseen if review_sides(user) else "",
        overseen=overseen,
        rules=first.code,
        ballots=first.code if has_ballots(user) and BALLOTS in has else "",
        cases=_decided_in(user, ordered),
        assessed=first.code if ASSESSED in has and may_view_assessments(user, first) else "",
        has=has,
        dashboard=_first(year for year in ordered if may_view_dashboard(user, year)),
        returns=_returns_in(user, first) if first.code == seen else "",
        years=tuple(years),
    )


def _returns_in(user: Account, year: QualityYear) -> str:
    if not isinstance(user, User) or user.court is None or not has_desk(user):
        return ""
    return "" if (user.court.pk, year.pk) in left_out(year.court_id) else year.code


def _decided_in(user: Account, years: Iterable[QualityYear]) -> str:
    if review_sides(user) or has_desk(user):
        return ""
    return _first(year for year in years if may_view_cases(user, year))


def _first(years: Iterable[QualityYear]) -> str:
    return next((year.code for year in years), "")
