"""Owns what the page of a month's ranking shows, in the active language; computes no points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language

from courts.frame.remembered import remembered
from courts.scores.selectors.scores import RankingRow, ranking
from courts.wording.amounts import percent
from courts.wording.explanations import newly_sentence
from courts.years.selectors.periods import Period
from courts.years.selectors.readings import readings_in_force
from courts.years.selectors.years import rulebook_of
from scoring.schema import Rulebook


@dataclass(frozen=True, slots=True)
class RankingReadingLine:
    """An unclear sentence of the notice and how it was taken."""

    code: str
    question: str
    answer: str
    is_default: bool
    paragraph: str


@dataclass(frozen=True, slots=True)
class SideName:
    """A side of the rulebook: its code, and what it is called."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class RankingLine:
    """One court's line: the scores with the court's name in the active language."""

    row: RankingRow
    name: str
    order: int

    @property
    def code(self) -> str:
        return self.row.code

    @property
    def newly(self) -> str:
        """What of the change in total is no change of figures, in words; mostly empty."""
        return newly_sentence(self.row.newly)

    @property
    def total_moved(self) -> Decimal:
        """By how much the total changed, whichever way."""
        return abs(self.row.total_change or Decimal(0))

    @property
    def rank_moved(self) -> int:
        """By how many ranks the court moved, whichever way."""
        return abs(self.row.rank_change or 0)


@dataclass(frozen=True, slots=True)
class RankingPage:
    """The ranked courts, those that stand apart, and on what terms they were scored."""

    period: Period
    title: str
    total_rule: str
    sides: tuple[SideName, ...]
    ranked: tuple[RankingLine, ...]
    apart: tuple[RankingLine, ...]
    readings: tuple[RankingReadingLine, ...]

    @property
    def is_demo(self) -> bool:
        return any(line.row.is_demo for line in (*self.ranked, *self.apart))

    @property
    def read_otherwise(self) -> tuple[RankingReadingLine, ...]:
        """The readings that are not taken as they are by default."""
        return tuple(line for line in self.readings if not line.is_default)

    @property
    def any_decided(self) -> bool:
        """Whether points of the month were decided in place of computed ones."""
        return any(line.row.undecided is not None for line in (*self.ranked, *self.apart))

    @property
    def any_newly(self) -> bool:
        """Whether an item came in that was pending the month before."""
        return any(line.row.newly.items for line in (*self.ranked, *self.apart))

    @property
    def has_total(self) -> bool:
        """Whether the rules add the sides up."""
        return self.period.has_total

    @property
    def any_provisional(self) -> bool:
        return any(line.row.provisional for line in (*self.ranked, *self.apart))


def ranking_page(period: Period) -> RankingPage:
    """The ranking of a month; without lines when no court has figures for it. Four queries."""
    return remembered(
        period.stamp, ("ranking_page", period, get_language()), lambda: _ranking_page(period)
    )


def _ranking_page(period: Period) -> RankingPage:
    rulebook = rulebook_of(period.year, period.month)
    language = get_language() or ""
    rows = ranking(period.year, period.month, period.basis) if period.has_figures else []
    lines = [RankingLine(row, row.court.label(language), row.court.order) for row in rows]
    return RankingPage(
        period=period,
        title=rulebook.title.get(language),
        total_rule=" + ".join(
            f"{share.label.get(language)} × {percent(f'{share.weight.normalize():f}')}"
            for share in rulebook.sides
        ),
        sides=tuple(
            SideName(share.side.value, share.label.get(language)) for share in rulebook.sides
        ),
        ranked=tuple(
            sorted(
                (line for line in lines if line.row.rank is not None),
                key=lambda line: (line.row.rank or 0, line.order),
            )
        ),
        apart=tuple(line for line in lines if line.row.rank is None and line.row.is_assessed),
        readings=reading_lines(rulebook, readings_in_force(period.year, period.month, rulebook)),
    )


def reading_lines(rulebook: Rulebook, taken: Mapping[str, str]) -> tuple[RankingReadingLine, ...]:
    """Every reading of a rulebook with the option taken."""
    language = get_language() or ""
    return tuple(
        RankingReadingLine(
            code=reading.code,
            question=reading.question.get(language),
            answer=reading.option(taken[reading.code]).label.get(language),
            is_default=taken[reading.code] == reading.default,
            paragraph=reading.paragraph,
        )
        for reading in rulebook.readings
    )
