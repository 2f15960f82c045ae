"""Owns finding problems by the rules of the scheme, and what is to be done about them.

Each problem names court, figure and month; a cause is for a person to type, and never made up.
What a rule needs of the months before comes from their snapshots.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from django.utils.translation import gettext as _

from courts.bulletins.selectors.prose.blocks import Block, paragraph
from courts.bulletins.selectors.prose.items import MOST_NAMED, court_value
from courts.bulletins.selectors.prose.month import Area, BulletinMonth, CourtMonth
from courts.bulletins.selectors.prose.pen import Pen
from courts.frame.listing import clauses, enumerated
from courts.wording.amounts import unit_of, written
from courts.wording.rule_texts import has_aim
from scoring.bulletins import Measure, Problem, ProblemRule
from scoring.caps import capped_metrics
from scoring.facts import Month
from scoring.likelihood import Unlikely, unlikely
from scoring.rates import MONTHS_OF_YEAR, total
from scoring.schema import Item, Rulebook


def problems(pen: Pen) -> Iterator[tuple[Problem, Block]]:
    """The problems found, each with its paragraph, in the order of the scheme."""
    for problem in pen.month.words.problems:
        lines = list(_FINDERS[problem.rule](pen, problem))
        if lines:
            label = problem.label.get(pen.language)
            text = _("%(label)s。%(lines)s。") % {"label": label, "lines": clauses(lines)}
            yield problem, paragraph(f"problems.{problem.code}", text)


def measures(pen: Pen, found: frozenset[str]) -> Iterator[Block]:
    """What is to be done about the problems found: by whom, and until the end of which month."""
    for number, measure in enumerate(pen.month.words.measures, start=1):
        if found & set(measure.problems):
            yield paragraph(f"measures.{number}", _measure(pen, number, measure))


def _measure(pen: Pen, number: int, measure: Measure) -> str:
    year, month = pen.month.month
    later = year * MONTHS_OF_YEAR + month - 1 + measure.months
    label = _("完成期限")
    return _("%(text)s。责任单位：%(unit)s；完成期限：%(year)s年%(month)s月底。") % {
        "text": measure.text.get(pen.language),
        "unit": measure.unit.get(pen.language),
        "year": pen.plain(f"measures/{number}:due:year", later // MONTHS_OF_YEAR, label),
        "month": pen.plain(f"measures/{number}:due:month", later % MONTHS_OF_YEAR + 1, label),
    }


def _month(pen: Pen) -> str:
    return pen.plain("month:month", pen.month.month.month, _("月份"))


# --- Rules -----------------------------------------------------------------------------------


def _cap_passed(pen: Pen, problem: Problem) -> Iterator[str]:
    """Courts with more cases than their cap of the whole year."""
    rule = pen.month.rulebook.caps
    if rule is None or rule.item not in pen.month.item:
        return
    item = pen.month.item[rule.item]
    codes = capped_metrics(pen.month.rulebook)
    for court in pen.month.courts:
        cases, cap = total(court.facts.current, codes), court.cap_cases
        if cases is None or cap is None or cases - cap < problem.at_least:
            continue
        name = court.name(pen.language)
        yield (
            _("%(court)s截至%(month)s月%(name)s%(cases)s%(unit)s，超过全年上限%(cap)s%(unit)s")
            % {
                "court": name,
                "month": _month(pen),
                "name": pen.month.measured_name(item, pen.language),
                "cases": pen.ledger.put(
                    f"court/{court.code}:{item.code}:sum",
                    str(cases),
                    label=f"{name} · {pen.month.measured_name(item, pen.language)}",
                    paragraph=item.paragraph,
                    courts=(court.code,),
                    metrics=codes,
                ),
                "cap": pen.plain(
                    f"court/{court.code}:{item.code}:cap",
                    cap,
                    f"{name} · {_('全年上限')}",
                    rule.paragraph,
                ),
                "unit": pen.unit(item),
            }
        )


def _target_missed(pen: Pen, problem: Problem) -> Iterator[str]:
    """By item, the courts that missed its target in so many months up to this one."""
    for item in pen.month.items:
        if not has_aim(item):
            continue
        missed = [
            (court, months)
            for court in pen.month.courts
            if (months := months_missed(pen.month, court, item)) >= problem.at_least
        ]
        if missed:
            yield _missed(pen, item, missed)


def months_missed(month: BulletinMonth, court: CourtMonth, item: Item) -> int:
    """In how many months in a row up to this one the court missed the item's target.

    A month that is not closed ends the row.
    """
    number = 0
    expected: Month | None = month.month
    for one in (month, *reversed(month.earlier)):
        held = one.court.get(court.code)
        score = None if held is None else held.items.get(item.code)
        if one.month != expected or score is None or score.status != "scored" or score.is_full:
            break
        number += 1
        expected = one.month.previous
    return number


def _missed(pen: Pen, item: Item, missed: list[tuple[CourtMonth, int]]) -> str:
    name = item.label.get(pen.language)
    if len(missed) > MOST_NAMED:
        longest = max(months for _court, months in missed)
        least = min(months for _court, months in missed)
        values = {
            "name": name,
            "count": pen.plain(f"missed:{item.code}:courts", len(missed), name, item.paragraph),
            "courts": pen.names(court for court, _months in missed),
            "months": pen.plain(f"missed:{item.code}:least", least, name),
        }
        if longest == least:
            return _("%(name)s：%(courts)s等%(count)s个法院连续%(months)s个月未达目标") % values
        values["most"] = pen.plain(f"missed:{item.code}:most", longest, name)
        return (
            _("%(name)s：%(courts)s等%(count)s个法院连续%(months)s—%(most)s个月未达目标") % values
        )
    lines = []
    for court, months in missed:
        held = court.items[item.code]
        label = f"{court.name(pen.language)} · {name}"
        values = {
            "court": court.name(pen.language),
            "months": pen.plain(f"court/{court.code}:{item.code}:missed", months, label),
        }
        if held.value is None:
            lines.append(_("%(court)s连续%(months)s个月") % values)
            continue
        values["value"] = court_value(pen, item, court)
        values["month"] = _month(pen)
        text = _("%(court)s连续%(months)s个月（截至%(month)s月为%(value)s）")
        lines.append(text % values)
    return _("%(name)s未达目标的有%(courts)s") % {"name": name, "courts": enumerated(lines)}


def _overdue(pen: Pen, problem: Problem) -> Iterator[str]:
    """Returns of the month that did not count when it was closed."""
    for side in pen.month.sides:
        courts = [
            court
            for court in pen.month.courts
            if not (court.return_of(side) or {}).get("counts", False)
        ]
        if courts:
            yield (
                _("%(courts)s%(month)s月%(side)s报表在关账时尚未报送或核实")
                % {
                    "courts": pen.names(courts),
                    "month": _month(pen),
                    "side": pen.month.side_label(side, pen.language),
                }
            )


def _unlikely(pen: Pen, problem: Problem) -> Iterator[str]:
    """Figures far outside what last year and the months before make likely."""
    for court in pen.month.courts:
        months = _months_of(pen.month, court)
        for one in unlikely(pen.month.rulebook, pen.month.month, months):
            yield _outlier(pen, court, one)


def _months_of(month: BulletinMonth, court: CourtMonth) -> dict[Month, Mapping[str, int]]:
    """Figures of one court by month: this one, those before, and the baseline year's."""
    baseline = month.rulebook.baseline_year
    found: dict[Month, Mapping[str, int]] = {}
    if court.facts.baseline_annual:
        found[Month(baseline, MONTHS_OF_YEAR)] = court.facts.baseline_annual
    if court.facts.baseline_month:
        found[Month(baseline, month.month.month)] = court.facts.baseline_month
    return {**found, **month.months_to_date(court)}


def _outlier(pen: Pen, court: CourtMonth, one: Unlikely) -> str:
    rulebook = pen.month.rulebook
    metric = rulebook.metrics[one.metric]
    name = court.name(pen.language)
    label = f"{name} · {metric.label.get(pen.language)}"
    values = {
        "court": name,
        "month": _month(pen),
        "metric": metric.label.get(pen.language),
        "value": _figure(pen, court, one.metric, one.value, label),
        "low": pen.plain(f"court/{court.code}:{one.metric}:low", one.low, label),
        "high": pen.plain(f"court/{court.code}:{one.metric}:high", one.high, label),
        "unit": _unit(rulebook, one.metric),
    }
    return (
        _(
            "%(court)s截至%(month)s月%(metric)s%(value)s%(unit)s，超出通常范围%(low)s—%(high)s%(unit)s"
        )
        % values
    )


def _figure(pen: Pen, court: CourtMonth, metric: str, value: int, label: str) -> str:
    return pen.ledger.put(
        f"court/{court.code}:{metric}:figure",
        written(value, pen.month.rulebook, metric),
        label=label,
        courts=(court.code,),
        metrics=(metric,),
    )


def _unit(rulebook: Rulebook, metric: str) -> str:
    return unit_of(rulebook, (metric,))


def _rank_fallen(pen: Pen, problem: Problem) -> Iterator[str]:
    """Courts that fell by so many places since the month before."""
    for court in pen.month.of_area(Area.RANKED):
        before = court.before
        if before is None or court.rank is None or before["rank"] is None:
            continue
        places = court.rank - before["rank"]
        if places < problem.at_least:
            continue
        name = court.name(pen.language)
        values = {
            "court": name,
            "month": _month(pen),
            "places": pen.ledger.put(
                f"court/{court.code}:rank:change",
                str(places),
                label=f"{name} · {_('名次变化')}",
                courts=(court.code,),
                rose=False,
            ),
            "before": pen.plain(
                f"court/{court.code}:rank:before", before["rank"], f"{name} · {_('上月名次')}"
            ),
            "rank": pen.ledger.put(
                f"court/{court.code}:rank:value",
                str(court.rank),
                label=f"{name} · {_('名次')}",
                courts=(court.code,),
            ),
        }
        text = _("%(court)s%(month)s月名次由第%(before)s位降至第%(rank)s位，下降%(places)s位")
        yield text % values


_FINDERS: Mapping[ProblemRule, Callable[[Pen, Problem], Iterator[str]]] = {
    ProblemRule.CAP_PASSED: _cap_passed,
    ProblemRule.TARGET_MISSED: _target_missed,
    ProblemRule.OVERDUE: _overdue,
    ProblemRule.UNLIKELY: _unlikely,
    ProblemRule.RANK_FALLEN: _rank_fallen,
}
