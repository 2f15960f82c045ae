"""Figures of a month or a quarter alone: what may be counted together, and when an item is due.

Terms: a figure of the year to date grows until December; one of a *period* covers its month, or
the quarter that ends with it, and is due at quarter ends alone. All metrics of an item cover the
same; its baseline is the same period of the baseline year, else a twelfth or a quarter of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from scoring import faults, trace
from scoring.facts import CourtFacts, Month
from scoring.faults import RuleFault
from scoring.formula import Formula
from scoring.results import Context, ItemScore, Status, Step
from scoring.schema import Interim, Item, Metric, Period, Rulebook, Side
from scoring.sentences import Sentence
from scoring.spreadsheet import Constant, State, Worked

MONTHS_OF_QUARTER = 3


def period_faults(
    rule: Any, codes: Sequence[str], metrics: Mapping[str, Metric]
) -> Iterator[RuleFault]:
    """Metrics of different periods in one rule, and a period held against a whole year."""
    known = [metrics[code] for code in codes if code in metrics]
    other = next((one for one in known if one.period is not known[0].period), None)
    if other is not None:
        values = {"first": known[0].code, "second": other.code}
        yield RuleFault(_field_of(rule, other.code), faults.MIXED_PERIODS, values)
        return
    is_period = bool(known) and known[0].period is not Period.YEAR_TO_DATE
    if is_period and getattr(rule, "interim", None) is Interim.ANNUAL:
        yield RuleFault("interim", faults.ANNUAL_OF_PERIOD)


def _field_of(rule: Any, code: str) -> str:
    """The field of a rule that lists a metric; the first one where it stands deeper."""
    names: list[str] = list(rule.__dataclass_fields__)
    return next((name for name in names if code in _listed(getattr(rule, name))), names[0])


def _listed(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()


def period_of(rulebook: Rulebook, item: Item) -> Period:
    """What the figures of an item cover."""
    for code in item.metrics:
        return rulebook.metrics[code].period
    return Period.YEAR_TO_DATE


def is_due(rulebook: Rulebook, metric: str, month: int) -> bool:
    """Whether a metric is reported for a month; of a quarter only at its end."""
    is_quarter = rulebook.metrics[metric].period is Period.QUARTER
    return not is_quarter or month % MONTHS_OF_QUARTER == 0


def due_metrics(rulebook: Rulebook, side: Side, month: int) -> tuple[Metric, ...]:
    """The metrics of one return that are reported for a month, in the order of the grid."""
    return tuple(one for one in rulebook.metrics_of(side) if is_due(rulebook, one.code, month))


class NotDue(Formula[Any]):
    """An item between quarter ends: no points, and nothing to report yet.

    It stands in place of the item's formula, whose rule it keeps for words and drawings.
    """

    name = "not_due"
    rule_type = object

    def __init__(self, formula: Formula[Any]) -> None:
        self.item, self.full, self.rule = formula.item, formula.full, formula.rule
        self.side_metrics = formula.side_metrics
        self.unit, self.compares_years = formula.unit, formula.compares_years

    @classmethod
    def metrics(cls, rule: Any) -> Sequence[str]:
        return ()

    @classmethod
    def words(cls, rule: Any) -> Sequence[Sentence]:
        return ()

    @classmethod
    def symbols(cls, rule: Any) -> str:
        return ""

    def __call__(self, facts: CourtFacts, context: Context) -> ItemScore:
        return self._null(facts, context, Status.NOT_DUE)

    def best(self, facts: CourtFacts, context: Context) -> int | None:
        return None

    def value(self, working: Any) -> Fraction | None:
        return None

    def explain(self, score: ItemScore) -> Iterator[Step]:
        yield trace.status(score.status)

    def worked(self, month: Month, peers: Sequence[str]) -> Worked:
        return Worked((), State(Status.NOT_DUE), Constant(0))
