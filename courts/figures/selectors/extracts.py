"""Owns what the case systems' extracts say of a court's cells, and where that counts.

An extract counts only against a return that was handed in: where the two differ its value is
taken, until the office decided for the court's on just these two values. A cell no extract has a
value for is the court's alone. Terms: a *verdict* is what was said and decided about a cell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from courts.frame.remembered import remembered_rows
from courts.models import Court, Difference, ExtractFigure, QualityYear
from scoring.facts import Month, Replaced


class Extracted(NamedTuple):
    """The current value of an extract for a cell."""

    side: str
    value: int


class Verdict(NamedTuple):
    """What a difference came to, and the two values it was about."""

    state: str
    extract_value: int
    court_value: int | None

    def holds(self, extract_value: int, court_value: int | None) -> bool:
        """Whether the cell still has the two values."""
        return (self.extract_value, self.court_value) == (extract_value, court_value)


class ExtractCell(NamedTuple):
    """A court's figure of a month."""

    court: int
    month: Month
    metric: str


class Taken(NamedTuple):
    """The figures that count, and those among them that the court did not report so."""

    figures: dict[str, int]
    replaced: dict[str, Replaced]


class Extracts:
    """The current extracts of some months, with the verdicts on their cells."""

    def __init__(
        self,
        figures: Mapping[tuple[int, Month], Mapping[str, Extracted]],
        verdicts: Mapping[ExtractCell, Verdict],
    ) -> None:
        self._figures = figures
        self._verdicts = verdicts

    def differing(
        self, court: int, month: Month, sides: Collection[str], figures: Mapping[str, int]
    ) -> Iterator[tuple[str, int, str]]:
        """Metric, extracted value and standing verdict ("" without one) of cells that differ.

        `sides` are those whose return was handed in, `figures` what the court reported in them.
        """
        for metric, found in self._figures.get((court, month), {}).items():
            own = figures.get(metric)
            if found.side not in sides or found.value == own:
                continue
            verdict = self._verdicts.get(ExtractCell(court, month, metric))
            stands = verdict is not None and verdict.holds(found.value, own)
            yield metric, found.value, verdict.state if verdict and stands else ""

    def over(
        self, court: int, month: Month, sides: Collection[str], figures: Mapping[str, int]
    ) -> Taken:
        """The reported figures with the extracts that prevail put in their place."""
        taken = Taken(dict(figures), {})
        for metric, value, state in self.differing(court, month, sides, figures):
            if state == Difference.State.RETURN:
                continue
            taken.figures[metric] = value
            settled = state == Difference.State.EXTRACT
            taken.replaced[metric] = Replaced(figures.get(metric), settled)
        return taken


def extracts_of(year: QualityYear, periods: Q) -> Extracts:
    """The extracts for the year's courts in these years and months.

    Two queries, one where there is none.
    """
    figures: dict[tuple[int, Month], dict[str, Extracted]] = defaultdict(dict)

    def write() -> QuerySet[Any, tuple[Any, ...]]:
        rows = ExtractFigure.objects.current().of_year(year).filter(periods, value__isnull=False)
        return rows.order_by().values_list("court_id", "year", "month", "metric", "side", "value")

    found = remembered_rows(("extracts", year.pk, year.court_id, periods), write)
    for court, number, month, metric, side, value in found:
        if value is not None:
            figures[court, Month(number, month)][metric] = Extracted(side, value)
    verdicts: dict[ExtractCell, Verdict] = {}
    if not figures:
        return Extracts(figures, verdicts)

    def write_settled() -> QuerySet[Any, tuple[Any, ...]]:
        rows = Difference.objects.filter(periods, court__in=Court.objects.counting_for(year))
        return rows.order_by().values_list(
            *("court_id", "year", "month", "metric", "state", "extract_value", "court_value")
        )

    settled = remembered_rows(("settled", year.pk, year.court_id, periods), write_settled)
    for court, number, month, metric, state, extracted, own in settled:
        verdicts[ExtractCell(court, Month(number, month), metric)] = Verdict(state, extracted, own)
    return Extracts(figures, verdicts)
