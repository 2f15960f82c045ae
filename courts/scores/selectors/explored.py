"""Owns opening the pages of one court that look beyond its scorecard, and what they start from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.utils.translation import get_language
from django.utils.translation import gettext as _

import scoring
from courts.figures.selectors.facts import Gathered
from courts.models import Court, QualityYear, User
from courts.permissions import Account, may_explore, may_view_dashboard, own_points_only
from courts.scores.selectors.kept_scores import gathered_to
from courts.scores.selectors.scorecards import NoCourtError
from courts.years.court_changes import Figures
from courts.years.selectors.periods import Period
from courts.years.selectors.readings import rules_in
from courts.years.selectors.years import courts_in
from scoring.facts import CourtFacts, Month
from scoring.schema import Level, Rulebook


@dataclass(frozen=True, slots=True)
class Explored:
    """A court of a year in its months up to the one that is looked at.

    Without `shows_peers` the account sees its own points only: no page made from this may hold
    anything that depends on another court's points but the court's own place of the month.
    """

    period: Period
    court: Court
    name: str
    rulebook: Rulebook
    readings: Mapping[str, str]
    gathered: Gathered
    shows_peers: bool

    @property
    def month(self) -> Month:
        return self.period.month

    @property
    def shows_places(self) -> bool:
        """Whether the account sees places of a trial: where the rules have any, and it may."""
        return self.shows_peers and self.rulebook.ranked_level is not None

    @property
    def full_points(self) -> Decimal:
        """The total of a court that earns everything."""
        return scoring.full_points(self.rulebook)

    @property
    def is_demo(self) -> bool:
        return self.court.code in self.gathered.demo[self.month]

    @property
    def months(self) -> tuple[Month, ...]:
        """The months of the year up to this one in which the court is assessed."""
        found = self.gathered.changes.months_of(self.court.pk, self.month.year)
        return tuple(month for month in found if month <= self.month)

    def facts(self, month: Month) -> CourtFacts:
        """What is known of the court in a month; nothing of one in which it was not assessed."""
        found = (one for one in self.gathered.facts[month] if one.court == self.court.code)
        return next(found, None) or CourtFacts(self.court.code, Level(self.court.level))

    def figures(self, month: Month) -> Figures:
        """The court's figures of a month as the page's month sees them (`court_changes`)."""
        return self.gathered.seen_figures(self.court, month, self.month)


def explore(user: Account, period: Period, code: str) -> Explored:
    """The court for those who may explore it; `NoCourtError`, or `PermissionDenied`."""
    court = _court(period.year, period.month, code)
    if not may_explore(user, court):
        raise PermissionDenied(_("只能查看本院的看板、测算和预测。"))
    gathered = gathered_to(period)
    rulebook, readings = rules_in(period.year, period.month, gathered.frozen)
    return Explored(
        period=period,
        court=court,
        name=court.label(get_language() or ""),
        rulebook=rulebook,
        readings=readings,
        gathered=gathered,
        shows_peers=not own_points_only(user, period.year),
    )


def explores(user: Account, period: Period, code: str) -> bool:
    """Whether the account may explore the court of that code; no query."""
    if may_view_dashboard(user, period.year):
        return True
    own = user.court if isinstance(user, User) else None
    return own is not None and own.code == code and may_explore(user, own)


def check_dashboard(user: Account, year: QualityYear) -> None:
    """`PermissionDenied` unless the account looks at all courts side by side."""
    if not may_view_dashboard(user, year):
        raise PermissionDenied(_("全院看板供管理部门、领导小组和院党组查看；法院请看本院看板。"))


def _court(year: QualityYear, month: Month, code: str) -> Court:
    court = next((one for one in courts_in(year, month) if one.code == code), None)
    if court is None:
        raise NoCourtError(_("这个月不考核“%(court)s”。请另选法院或月份。") % {"court": code})
    return court
