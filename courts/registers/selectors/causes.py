"""Owns what the cases behind a court's figure have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.models import QualityYear, RegisterLine
from courts.registers.selectors.counts import leading_registers
from courts.registers.selectors.described import registers_of


@dataclass(frozen=True, slots=True)
class CauseCount:
    """A cause by its code, in words, and how many lines have it; the code is empty for none yet."""

    code: str
    label: str
    count: int


def causes_of(year: QualityYear, court: int, metric: str, through_month: int) -> list[CauseCount]:
    """The causes of the lines behind a court's figure, January to a month, the commonest first.

    Empty where no register counts the metric, or its register knows no causes. Two queries.
    """
    return causes_of_all(year, court, [metric], through_month)


def causes_of_all(
    year: QualityYear, court: int, metrics: Sequence[str], through_month: int
) -> list[CauseCount]:
    """The causes of the lines behind several figures, each line once; from the first register."""
    registers = {one.code: one for one in registers_of(year)}
    leading = leading_registers(registers.values())
    codes = dict.fromkeys(leading[one] for one in metrics if one in leading)
    described = next((registers[code] for code in codes if registers[code].register.cause), None)
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
    return sorted(counts, key=lambda one: (not one.code, -one.count, one.code))
