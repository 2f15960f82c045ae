"""Owns what a target would do to the latest month with verified figures; never writes.

The engine scores the same figures twice, once with the targets as they are and once with this one
in its place, narrower ones still going before it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import get_language

import scoring
from courts.figures.selectors.facts import gather
from courts.models import AppraisalTarget, QualityYear
from courts.scores.selectors.shifts import CourtShift, any_rank, any_total, shift
from courts.wording.months import month_name
from courts.years.selectors.counted_months import months_with_figures
from courts.years.selectors.readings import readings_in_force
from courts.years.selectors.years import rulebook_of
from scoring.facts import CourtFacts


@dataclass(frozen=True, slots=True)
class TargetEffect:
    """The courts of a month with the targets as they are, and with this one."""

    month_name: str
    courts: tuple[CourtShift, ...]
    is_demo: bool
    other_year: bool = False

    @property
    def has_total(self) -> bool:
        """Whether the rules add the sides of any court up."""
        return any_total(self.courts)

    @property
    def has_ranks(self) -> bool:
        """Whether the rules rank any court."""
        return any_rank(self.courts)

    @property
    def any_change(self) -> bool:
        return any(court.items for court in self.courts)


def target_effect(
    year: QualityYear, item: str, level: str, court: str, percent: Decimal
) -> TargetEffect | None:
    """What a target of that scope does; None while no month has verified figures. Eight queries."""
    months = months_with_figures(year)
    if not months:
        return None
    month = months[-1]
    stored = AppraisalTarget.objects.filter(
        quality_year=year, item=item, from_month__lte=month.month
    ).order_by("from_month")
    scopes: dict[tuple[str, str], Decimal] = {
        (scope, code or ""): value
        for scope, code, value in stored.values_list("level", "court__code", "percent")
    }
    scopes[level, court] = percent
    gathered = gather(year, [month])
    facts = gathered.facts[month]
    rulebook = rulebook_of(year, month)
    taken = readings_in_force(year, month, rulebook)
    before = scoring.score(rulebook, month, facts, taken)
    after = scoring.score(rulebook, month, [_with(one, item, scopes) for one in facts], taken)
    language = get_language() or ""
    pairs = zip(gathered.courts, before.scorecards, after.scorecards, strict=True)
    return TargetEffect(
        month_name=month_name(month),
        courts=tuple(shift(row.label(language), was, now) for row, was, now in pairs),
        is_demo=bool(gathered.demo[month]),
    )


def _with(facts: CourtFacts, item: str, scopes: dict[tuple[str, str], Decimal]) -> CourtFacts:
    """The court with the narrowest of the item's targets."""
    for scope in (("", facts.court), (facts.level.value, ""), ("", "")):
        if scope in scopes:
            return replace(facts, targets={**facts.targets, item: scopes[scope]})
    return facts
