"""Owns what the cases behind a court's figure have in common, and what others may know of it.

Who keeps the court's lines sees the causes of the very lines behind a figure of a month. Everybody
else sees those of the whole register and year, as its statistics tell them: two months, or two
items, whose lines are nearly the same, would tell small numbers by subtraction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.models import Court, QualityYear, RegisterLine
from courts.permissions import Account, may_view_counts
from courts.registers.selectors.counts import leading_registers
from courts.registers.selectors.described import Described, registers_of
from courts.registers.selectors.lines import keepers_of
from courts.registers.selectors.statistics import numbers_by_value
from scoring.suppression import kept_back


@dataclass(frozen=True, slots=True)
class CauseCount:
    """A cause by its code, in words, and how many lines have it; the code is empty for none yet.

    The number is None where it is kept back.
    """

    code: str
    label: str
    count: int | None


def causes_of(year: QualityYear, court: int, metric: str, through_month: int) -> list[CauseCount]:
    """The causes of the lines behind a court's figure, January to a month, the commonest first.

    Empty where no register counts the metric, or its register knows no causes. Two queries.
    """
    return causes_of_all(year, court, [metric], through_month)


def causes_of_all(
    year: QualityYear, court: int, metrics: Sequence[str], through_month: int
) -> list[CauseCount]:
    """The causes of the lines behind several figures, each line once; from the first register."""
    described = register_of_causes(year, metrics)
    if described is None:
        return []
    field = described.register.field[described.register.cause]
    rows = (
        RegisterLine.objects.filter(
            quality_year=year,
            register=described.code,
            court=court,
            tallies__metric__in=metrics,
            tallies__month__lte=through_month,
        )
        .order_by()
        .values_list(f"values__{field.code}")
        .annotate(lines=Count("pk", distinct=True))
    )
    language = get_language() or ""
    counts = [
        CauseCount(
            code or "",
            field.choice_label(code).get(language) if code else _("尚未查明"),
            lines,
        )
        for code, lines in rows
    ]
    return sorted(counts, key=lambda one: (not one.code, -(one.count or 0), one.code))


def register_of_causes(year: QualityYear, metrics: Iterable[str]) -> Described | None:
    """The first register that figures are filled from and that knows causes. One query."""
    registers = {one.code: one for one in registers_of(year)}
    leading = leading_registers(registers.values())
    codes = dict.fromkeys(leading[one] for one in metrics if one in leading)
    return next((registers[code] for code in codes if registers[code].register.cause), None)


def causes_for(
    user: Account, year: QualityYear, court: Court, metrics: Sequence[str], through_month: int
) -> list[CauseCount]:
    """The causes as far as the account may know them, the commonest first. Three queries."""
    described = register_of_causes(year, metrics)
    if described is None or not may_view_counts(user, year, court.code):
        return []
    if keepers_of(user, year, described, court):
        return causes_of_all(year, court.pk, metrics, through_month)
    field = described.register.field[described.register.cause]
    language = get_language() or ""
    codes = [*(choice.code for choice in field.choices), ""]
    numbers = numbers_by_value(year, described, field, [court], None).get(court.pk, Counter())
    seen = kept_back([numbers[code] for code in codes])
    return [
        CauseCount(code, field.choice_label(code).get(language) if code else _("尚未查明"), number)
        for code, number in zip(codes, seen, strict=True)
        if number != 0
    ]
