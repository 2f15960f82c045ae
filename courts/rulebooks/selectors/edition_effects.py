"""Owns what an edition would do to months that are past: points and ranks under both, side by side.

The engine scores the same facts twice, once by each rulebook. An edition of another year is
tried on the figures of the year it is compared with. Never writes, and no bulletin changes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import get_language
from django.utils.translation import gettext as _

import scoring
from courts.figures.selectors.facts import gather
from courts.models import QualityYear, RulebookEdition
from courts.rulebooks.selectors.editions import earlier_than, year_of_edition
from courts.scores.selectors.shifts import CourtShift, any_rank, any_total, shift
from courts.wording.months import month_name
from courts.years.selectors.counted_months import months_with_figures
from courts.years.selectors.readings import readings_in_force
from courts.years.selectors.years import edition_of, rulebook_in
from scoring.facts import Month


class ComparisonError(LookupError):
    """There is no earlier year or month, or the text cannot be scored; the text says which."""


@dataclass(frozen=True, slots=True)
class MonthOption:
    """A month that the page can turn to."""

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
    def has_total(self) -> bool:
        """Whether the rules add the sides of any court up."""
        return any_total(self.courts)

    @property
    def has_ranks(self) -> bool:
        """Whether the rules rank any court."""
        return any_rank(self.courts)

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
        raise ComparisonError(_("还没有已核实数据的月份可以比较。报表核实以后再来看。"))
    wanted = next((one for one in months if str(one) == month), None)
    if month is not None and wanted is None:
        raise ComparisonError(_("这个月没有已核实的数据。请另选月份。"))
    chosen = wanted or months[-1]
    against = edition_of(year, chosen)
    if edition.pk == against.pk:
        against = edition.based_on or against
    try:
        new, old = rulebook_in(edition), rulebook_in(against)
    except scoring.RulebookError as error:
        raise ComparisonError(_("规则还有错误，改正之后才能计算影响。")) from error
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
