"""Owns what the pages of readings show: each option with its reasons, and every court under each.

The engine scores the same facts once for every option; nothing is adopted by looking.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

import scoring
from courts.figures.selectors.facts import gather
from courts.frame.choices import Choice
from courts.models import QualityYear
from courts.permissions import Account, Basis, may_adopt_readings
from courts.rulebooks.selectors.rulebook_pages import shown_month
from courts.scores.selectors.shifts import total_text
from courts.wording.amounts import signed_points
from courts.wording.months import month_name
from courts.years.selectors.counted_months import months_with_figures
from courts.years.selectors.readings import (
    AdoptedReading,
    decision_in_force,
    decisions_of,
    readings_in_force,
)
from courts.years.selectors.years import CourtRow, rulebook_of
from scoring.facts import CourtFacts, Month
from scoring.results import Scoreboard
from scoring.rounding import to_text
from scoring.schema import Reading, Rulebook


class NoReadingError(LookupError):
    """The rulebook has no reading of that code."""


@dataclass(frozen=True, slots=True)
class OptionLine:
    """One way to read the sentence."""

    value: str
    label: str
    reason: str
    is_default: bool
    in_force: bool
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One adoption, in words."""

    label: str
    from_month: str
    note: str
    document: str
    decided_on: str
    by: str
    in_force: bool
    confirmed_by: str = ""


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """One reading: the question, how it may be answered, how it is."""

    code: str
    question: str
    paragraph: str
    items: tuple[str, ...]
    options: tuple[OptionLine, ...]
    decision: DecisionLine | None

    @property
    def answer(self) -> str:
        return next(option.label for option in self.options if option.in_force)


@dataclass(frozen=True, slots=True)
class ReadingStanding:
    """A court under one set of readings, held against what is in force."""

    total: str
    rank: int | None
    moved: Decimal
    rank_before: int | None
    items: tuple[str, ...]

    @property
    def moved_text(self) -> str:
        return signed_points(self.moved)

    @property
    def differs(self) -> bool:
        return bool(self.moved) or self.rank != self.rank_before or bool(self.items)


@dataclass(frozen=True, slots=True)
class CourtUnder:
    """One court, under each of the sets that are compared."""

    code: str
    name: str
    standings: tuple[ReadingStanding, ...]

    def without_places(self) -> CourtUnder:
        """The same, with points alone."""
        bare = (replace(one, rank=None, rank_before=None) for one in self.standings)
        return replace(self, standings=tuple(bare))


@dataclass(frozen=True, slots=True)
class ReadingsPage:
    """Every reading, and what a chosen set of them would do to a month."""

    month: str
    month_name: str
    months: tuple[Choice, ...]
    lines: tuple[ReadingLine, ...]
    courts: tuple[CourtUnder, ...]
    is_trial: bool
    has_figures: bool
    is_demo: bool
    has_total: bool
    has_ranks: bool


@dataclass(frozen=True, slots=True)
class Adoption:
    """An option about to be adopted, and the courts that would stand differently."""

    option: OptionLine
    courts: tuple[tuple[str, ReadingStanding], ...]


@dataclass(frozen=True, slots=True)
class ReadingPage:
    """One reading with every court under each of its options."""

    line: ReadingLine
    month: str
    month_name: str
    months: tuple[Choice, ...]
    from_months: tuple[Choice, ...]
    courts: tuple[CourtUnder, ...]
    decisions: tuple[DecisionLine, ...]
    may_adopt: bool
    has_figures: bool
    is_demo: bool
    has_total: bool
    has_ranks: bool

    @property
    def seen(self) -> int:
        """How many decisions there are to look at."""
        return len(self.decisions)

    def trying(self, value: str) -> Adoption | None:
        """What adopting an option would do in the month shown; None for an unknown one."""
        for place, option in enumerate(self.line.options):
            if option.value == value:
                shifts = [(court.name, court.standings[place]) for court in self.courts]
                return Adoption(option, tuple(one for one in shifts if one[1].differs))
        return None

    @property
    def any_difference(self) -> bool:
        return any(one.differs for court in self.courts for one in court.standings)


def readings_page(year: QualityYear, month: str, chosen: Mapping[str, str]) -> ReadingsPage:
    """All readings; `chosen` are those to try, what is unknown in them is left out."""
    sheet = _Sheet(year, month)
    wanted = {
        code: value
        for code, value in chosen.items()
        if (known := sheet.rulebook.reading_by_code.get(code)) and value in known.values
    }
    trial = {**sheet.taken, **wanted}
    return ReadingsPage(
        month=str(sheet.month),
        month_name=month_name(sheet.month),
        months=sheet.months,
        lines=tuple(sheet.line(reading, trial) for reading in sheet.rulebook.readings),
        courts=sheet.courts([trial]),
        is_trial=trial != sheet.taken,
        has_figures=sheet.has_figures,
        is_demo=sheet.is_demo,
        has_total=sheet.rulebook.has_total,
        has_ranks=sheet.rulebook.ranked_level is not None,
    )


def reading_page(user: Account, year: QualityYear, code: str, month: str) -> ReadingPage:
    """One reading; `NoReadingError` when the rulebook of the month has none of that code."""
    sheet = _Sheet(year, month)
    reading = sheet.rulebook.reading_by_code.get(code)
    if reading is None:
        raise NoReadingError(_("规则里没有“%(reading)s”这条解读。") % {"reading": code})
    sets = [{**sheet.taken, code: value} for value in reading.values]
    of_reading = [one for one in decisions_of(year) if one.reading == code]
    return ReadingPage(
        line=sheet.line(reading, sheet.taken),
        month=str(sheet.month),
        month_name=month_name(sheet.month),
        months=sheet.months,
        from_months=tuple(
            Choice(str(number), month_name(Month(year.year, number)), number == sheet.month.month)
            for number in range(1, 13)
        ),
        courts=sheet.courts(sets),
        decisions=tuple(sheet.decision(one, reading) for one in reversed(of_reading)),
        may_adopt=may_adopt_readings(user, year),
        has_figures=sheet.has_figures,
        is_demo=sheet.is_demo,
        has_total=sheet.rulebook.has_total,
        has_ranks=sheet.rulebook.ranked_level is not None,
    )


class _Sheet:
    """A month's facts, its rulebook and readings, fetched once for all that is compared."""

    def __init__(self, year: QualityYear, month: str) -> None:
        known = months_with_figures(year, Basis.VERIFIED)
        self.year = year
        self.month = next((one for one in known if str(one) == month), shown_month(year))
        self.months = tuple(Choice(str(one), str(one.month), one == self.month) for one in known)
        self.has_figures = bool(known)
        self.rulebook: Rulebook = rulebook_of(year, self.month)
        self.taken = dict(readings_in_force(year, self.month, self.rulebook))
        gathered = gather(year, [self.month], Basis.VERIFIED)
        self.rows: Sequence[CourtRow] = gathered.courts
        self.facts: Sequence[CourtFacts] = gathered.facts[self.month]
        self.is_demo = bool(gathered.demo[self.month])

    def courts(self, sets: Sequence[Mapping[str, str]]) -> tuple[CourtUnder, ...]:
        """Every court under each set, beside what is in force."""
        if not self.has_figures:
            return ()
        base = self._board(self.taken)
        boards = [base if one == self.taken else self._board(one) for one in sets]
        language = get_language() or ""
        return tuple(
            CourtUnder(
                row.code,
                row.label(language),
                tuple(_standing(base, board, place) for board in boards),
            )
            for place, row in enumerate(self.rows)
        )

    def _board(self, readings: Mapping[str, str]) -> Scoreboard:
        return scoring.score(self.rulebook, self.month, self.facts, readings)

    def line(self, reading: Reading, chosen: Mapping[str, str]) -> ReadingLine:
        language = get_language() or ""
        decided = decision_in_force(self.year, self.month, reading.code, self.rulebook)
        return ReadingLine(
            code=reading.code,
            question=reading.question.get(language),
            paragraph=reading.paragraph,
            items=tuple(i.code for i in self.rulebook.items if i.code in reading.items),
            options=tuple(
                OptionLine(
                    value=option.value,
                    label=option.label.get(language),
                    reason=option.reason.get(language),
                    is_default=option.value == reading.default,
                    in_force=option.value == self.taken[reading.code],
                    is_chosen=option.value == chosen[reading.code],
                )
                for option in reading.options
            ),
            decision=self.decision(decided, reading) if decided else None,
        )

    def decision(self, one: AdoptedReading, reading: Reading) -> DecisionLine:
        language = get_language() or ""
        label = (
            reading.option(one.value).label.get(language)
            if one.value in reading.values
            else one.value
        )
        in_force = decision_in_force(self.year, self.month, one.reading, self.rulebook)
        return DecisionLine(
            label=label,
            from_month=month_name(Month(self.year.year, one.from_month)),
            note=one.note,
            document=one.document,
            decided_on=one.decided_on.isoformat(),
            by=one.by,
            in_force=in_force == one,
            confirmed_by=one.confirmed_by,
        )


def _standing(base: Scoreboard, board: Scoreboard, place: int) -> ReadingStanding:
    was, now = base.scorecards[place], board.scorecards[place]
    return ReadingStanding(
        total=total_text(now),
        rank=now.rank,
        moved=now.total - was.total,
        rank_before=was.rank,
        items=tuple(
            f"{new.item.code} {to_text(old.points) if old.points is not None else '—'} → "
            f"{to_text(new.points) if new.points is not None else '—'}"
            for old, new in zip(was.items, now.items, strict=True)
            if old.points != new.points
        ),
    )
