"""Owns what became of actions: single months after one against the usual variation before it.

Verified figures, month by month, as the page of small counts shows them. A sentence says whether
the change is real or noise; never that the action is the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.figures.selectors.facts import Gathered, gather
from courts.frame.listing import enumerated
from courts.models import Action, QualityYear
from courts.outlooks.charts import Chart, Limit, Line, lines
from courts.wording.amounts import counted, drawn, drawn_unit, figure, unit_of
from courts.wording.months import month_word
from courts.years.selectors.supplements import supplements_of
from courts.years.selectors.years import rulebook_of
from scoring.effects import Effect, Outcome, effect
from scoring.facts import Month
from scoring.rates import MONTHS_OF_YEAR
from scoring.schema import Direction, Item, Kind, Rulebook
from scoring.series import has_months, month_value
from scoring.supplements import Better

# From a value of the indicator to its words.
Spoken = Callable[[Fraction], str]
Values = Sequence[tuple[int, Fraction | None]]


@dataclass(frozen=True, slots=True)
class ActionEffect:
    """What came of an action, in a sentence; `months` are those of the year with a value."""

    outcome: str
    sentence: str
    months: tuple[tuple[int, str, bool], ...]
    charts: tuple[Chart, ...]

    @property
    def is_real(self) -> bool:
        """Whether the months after differ by more than usual."""
        return self.outcome in (Outcome.BETTER, Outcome.WORSE)


def effects_of(year: QualityYear, actions: Iterable[Action]) -> Mapping[int, ActionEffect]:
    """The effects of a year's actions by key; none of an action about no single indicator.

    Ten queries, whatever their number. The actions come with their courts.
    """
    listed = [action for action in actions if action.subject]
    if not listed:
        return {}
    months = [Month(year.year, number) for number in range(1, MONTHS_OF_YEAR + 1)]
    gathered = gather(year, months)
    better = {code: one for said in supplements_of(year) for code, one in said.better.items()}
    found: dict[int, ActionEffect] = {}
    for action in listed:
        made = _effect(year, action, gathered, better)
        if made is not None:
            found[action.pk] = made
    return found


def _effect(
    year: QualityYear, action: Action, gathered: Gathered, better: Mapping[str, Better]
) -> ActionEffect | None:
    rulebook = rulebook_of(year, Month(year.year, action.month))
    item = rulebook.item_by_code.get(action.subject)
    if item is not None and has_months(rulebook, item):
        way = item.drawing.direction
        is_sum = not (item.series and item.series.whole)
        if is_sum:
            way = Direction.AT_MOST if better.get(item.code) is Better.LOWER else way
        values = _item_values(gathered, action.court.code, item)
    elif _is_count(rulebook, action.subject) and action.subject in better:
        low = better[action.subject] is Better.LOWER
        way = Direction.AT_MOST if low else Direction.AT_LEAST
        values = _metric_values(gathered, action.court.code, action.subject)
    else:
        return None
    before = [v for number, v in values if v is not None and number <= action.month]
    after = [(number, v) for number, v in values if v is not None and number > action.month]
    found = effect(before, [v for _number, v in after], way)
    unusual = {after[place][0] for place in found.unusual}

    def spoken(value: Fraction) -> str:
        if item is not None:
            return drawn(value, item, rulebook)
        return (
            figure(int(value), rulebook, action.subject)
            if value.denominator == 1
            else _plain(value)
        )

    sentence = _sentence(found, [number for number, _v in after], unusual, spoken)
    return ActionEffect(
        outcome=found.outcome.value,
        sentence=sentence,
        months=tuple(
            (number, spoken(v), number in unusual) for number, v in values if v is not None
        ),
        charts=(_chart(action, rulebook, values, found, unusual, sentence, spoken, gathered),)
        if any(value is not None for _number, value in values)
        else (),
    )


def _is_count(rulebook: Rulebook, code: str) -> bool:
    return code in rulebook.metrics and rulebook.metrics[code].kind is Kind.COUNT


def _plain(value: Fraction) -> str:
    return f"{float(value):.1f}"


def _months(gathered: Gathered, court: str) -> list[tuple[int, Mapping[str, int]]]:
    """The figures of a court, year to date, of every month."""
    return [
        (month.month, next((one.current for one in facts if one.court == court), {}))
        for month, facts in sorted(gathered.facts.items())
    ]


def _item_values(gathered: Gathered, court: str, item: Item) -> Values:
    months = _months(gathered, court)
    found: list[tuple[int, Fraction | None]] = []
    before: Mapping[str, int] = {}
    for number, now in months:
        known = all(code in now for code in item.metrics) and (
            number == 1 or all(code in before for code in item.metrics)
        )
        found.append((number, month_value(item, now, before) if known else None))
        before = now
    return found


def _metric_values(gathered: Gathered, court: str, metric: str) -> Values:
    found: list[tuple[int, Fraction | None]] = []
    before: Mapping[str, int] = {metric: 0}
    for number, now in _months(gathered, court):
        known = metric in now and metric in before
        found.append((number, Fraction(now[metric] - before[metric]) if known else None))
        before = now
    return found


def _sentence(found: Effect, after: Sequence[int], unusual: set[int], spoken: Spoken) -> str:
    if found.outcome is Outcome.FEW_BEFORE or found.limits is None:
        return _("督导之前能算出单月数的不足四个月，还看不出平常波动有多大。")
    if found.outcome is Outcome.NONE_AFTER or found.mean_after is None:
        return _("督导之后还没有新的月份，看不出效果。")
    values = {
        "months": enumerated(month_word(one) for one in after),
        "unusual": enumerated(month_word(one) for one in sorted(unusual)),
        "low": spoken(max(found.limits.low, Fraction(0))),
        "high": spoken(found.limits.high),
        "before": spoken(found.limits.mean),
        "after": spoken(found.mean_after),
    }
    if found.outcome is Outcome.NOISE:
        text = _(
            "督导后的%(months)s都在平常波动（%(low)s—%(high)s）之内：还不能说有真正的变化，多半是波动。"
        )
    elif found.outcome is Outcome.BETTER:
        text = _(
            "督导后的%(unusual)s超出平常波动（%(low)s—%(high)s），向好：月均由%(before)s变为%(after)s，不只是波动。"
        )
    else:
        text = _(
            "督导后的%(unusual)s超出平常波动（%(low)s—%(high)s），变差：月均由%(before)s变为%(after)s，不只是波动。"
        )
    return text % values


def _chart(
    action: Action,
    rulebook: Rulebook,
    values: Values,
    found: Effect,
    unusual: set[int],
    sentence: str,
    spoken: Spoken,
    gathered: Gathered,
) -> Chart:
    language = get_language() or ""
    limits = []
    if found.limits is not None:
        limits = [
            Limit(_("督导前平均"), found.limits.mean, is_bound=False),
            Limit(_("平常波动上界"), found.limits.high, is_bound=False),
            Limit(_("平常波动下界"), max(found.limits.low, Fraction(0)), is_bound=False),
        ]
    name = action.court.label(language)
    places = [(number, month_word(number)) for number, _v in values]
    spec = lines(
        [Line(name, [(place, v) for (_n, place), (_m, v) in zip(places, values, strict=True)])],
        x_title=_("月份"),
        y_title=_("当月"),
        limits=limits,
        marks=[(month_word(action.month), _("督导"))],
    )
    item = rulebook.item_by_code.get(action.subject)
    label = (
        item.label.get(language) if item else rulebook.metrics[action.subject].label.get(language)
    )
    return Chart(
        code="effect",
        title=f"{name} · {label}",
        sentence=sentence,
        spec=spec,
        headings=(_("月份"), _("当月"), _("督导"), _("波动")),
        rows=[
            [
                place,
                "—" if value is None else spoken(value),
                _("督导之后") if number > action.month else _("督导之前"),
                _("超出平常波动") if number in unusual else "",
            ]
            for (number, place), (_n, value) in zip(places, values, strict=True)
        ],
        is_demo=any(action.court.code in courts for courts in gathered.demo.values()),
        months=[Month(rulebook.year, number) for number, _place in places],
        unit=drawn_unit(item, rulebook)
        if item
        else counted("", unit_of(rulebook, [action.subject])).strip(),
    )
