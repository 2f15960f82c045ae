"""Owns what a register would put in the place of a figure of a return."""

from __future__ import annotations

from dataclasses import dataclass

from courts.models import Figure
from courts.registers.selectors.counts import register_counts
from courts.registers.selectors.reconciliation import has_made_lines
from courts.years.selectors.slots import Slot, metric_label


@dataclass(frozen=True, slots=True)
class RegisterOffer:
    """A figure as it stands (None for blank, with its version) and as its register has it."""

    metric: str
    label: str
    figure: int | None
    version: int
    lines: int
    is_demo: bool


def offered(slot: Slot, metric: str) -> RegisterOffer | None:
    """What could be filled in; None where no register counts the metric of this return."""
    known = slot.rulebook.metrics.get(metric)
    key = (slot.court.pk, slot.month.month, metric)
    counts = register_counts(slot.year, [slot.month.month], [slot.court.pk])
    if known is None or known.side is not slot.side or key not in counts:
        return None
    row = slot.row()
    figure = Figure.objects.filter(monthly_return=row, metric=metric).first() if row else None
    return RegisterOffer(
        metric=metric,
        label=metric_label(slot, metric),
        figure=figure.value if figure else None,
        version=figure.version if figure else 0,
        lines=counts[key],
        is_demo=has_made_lines(slot.year),
    )
