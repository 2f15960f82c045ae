"""Owns what an edition would do to months that are past: points and ranks under both, side by side.

The engine scores the same facts twice, once by each rulebook. An edition of another year is
tried on the figures of the year it is compared with. Never writes, and no bulletin changes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

import scoring
from courts.models import QualityYear, RulebookEdition
from courts.selectors.editions import earlier_than, year_of_edition
from courts.selectors.facts import gather, months_with_figures
from courts.selectors.periods import month_name
from courts.selectors.readings import readings_in_force
from courts.selectors.years import edition_of, rulebook_in
from scoring.facts import Month
from scoring.results import Scorecard
from scoring.rounding import to_text


class NothingToCompare(LookupError):  # noqa: N818
    """There is no earlier year or month, or the text cannot be scored; the text says which."""


@dataclass(frozen=True, slots=True)
class ItemShift:
    """One item whose points differ."""

    code: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class CourtShift:
    """One court under both editions; `moved` is positive when its total rises."""

    code: str
    name: str
    total_before: str
    total_after: str
    moved: Decimal
    rank_before: int | None
    rank_after: int | None
    provisional: bool
    items: tuple[ItemShift, ...]

    def without_places(self) -> CourtShift:
        """The same, with points alone."""
        return replace(self, rank_before=None, rank_after=None)


@dataclass(frozen=True, slots=True)
class MonthOption:
    code: str
    name: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class EffectPage:
    """The courts of a month under the edition in force for it, and under this one."""

    edition: RulebookEdition
    against: RulebookEdition
    year: QualityYear
    month: str
    month_name: str
    months: tuple[MonthOption, ...]
    courts: tuple[CourtShift, ...]
    other_year: bool
    is_demo: bool

    @property
    def any_change(self) -> bool:
        return any(
            court.items or court.moved or court.rank_before != court.rank_after
            for court in self.courts
        )


def effect_page(edition: RulebookEdition, month: str | None) -> EffectPage:
    """The effect on a month with verified figures, the latest unless another is asked for."""
    year = _compared_year(edition)
    months = months_with_figures(year) if year else []
    if year is None or not months:
        raise NothingToCompare(_("还没有已核实数据的月份可以比较。"))
    wanted = next((one for one in months if str(one) == month), None)
    if month is not None and wanted is None:
        raise NothingToCompare(_("这个月没有已核实的数据。"))
    chosen = wanted or months[-1]
    against = edition_of(year, chosen)
    if edition.pk == against.pk:
        against = edition.based_on or against
    try:
        new, old = rulebook_in(edition), rulebook_in(against)
    except scoring.RulebookError as error:
        raise NothingToCompare(_("规则还有错误，改正之后才能计算影响。")) from error
    gathered = gather(year, [chosen])
    facts = gathered.facts[chosen]
    before, after = (
        scoring.score(_as_of(one, chosen), chosen, facts, readings_in_force(year, chosen, one))
        for one in (old, new)
    )
    language = get_language() or ""
    return EffectPage(
        edition=edition,
        against=against,
        year=year,
        month=str(chosen),
        month_name=month_name(chosen),
        months=tuple(MonthOption(str(one), month_name(one), one == chosen) for one in months),
        courts=tuple(
            shift(court.label(language), was, now)
            for court, was, now in zip(
                gathered.courts, before.scorecards, after.scorecards, strict=True
            )
        ),
        other_year=new.year != chosen.year,
        is_demo=bool(gathered.demo[chosen]),
    )


def _compared_year(edition: RulebookEdition) -> QualityYear | None:
    own = year_of_edition(edition)
    before = earlier_than(edition, own)
    return own or (year_of_edition(before) if before else None)


def _as_of(rulebook: scoring.Rulebook, month: Month) -> scoring.Rulebook:
    """The rulebook as if it were one of the month's year."""
    if rulebook.year == month.year:
        return rulebook
    return replace(
        rulebook, year=month.year, baseline_year=month.year - rulebook.year + rulebook.baseline_year
    )


def shift(name: str, was: Scorecard, now: Scorecard) -> CourtShift:
    old = {score.item.code: score.points for score in was.items}
    new = {score.item.code: score.points for score in now.items}
    return CourtShift(
        code=now.court,
        name=name,
        total_before=to_text(was.total),
        total_after=to_text(now.total),
        moved=now.total - was.total,
        rank_before=was.rank,
        rank_after=now.rank,
        provisional=now.provisional,
        items=tuple(
            ItemShift(code, _text(old.get(code)), _text(new.get(code)))
            for code in dict.fromkeys([*new, *old])
            if old.get(code) != new.get(code)
        ),
    )


def _text(points: Decimal | None) -> str | None:
    return None if points is None else to_text(points)
