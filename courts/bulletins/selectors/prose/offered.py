"""Owns putting into the ledger what a person may want to say besides the drafted sentences.

Points, values and figures of every court, as they stand in the tables; a number that a sentence
has said already stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from courts.bulletins.selectors.prose.month import CourtMonth
from courts.bulletins.selectors.prose.pen import Pen, printed
from courts.wording.amounts import figure_text


def offer(pen: Pen) -> None:
    """Put the numbers of every court into the ledger."""
    for court in pen.month.courts:
        for key, text, label, paragraph in _of_court(pen, court):
            place = f"court/{court.code}:{key}"
            if place not in pen.ledger.numbers:
                name = f"{court.name(pen.language)} · {label}"
                pen.ledger.put(place, text, label=name, paragraph=paragraph, courts=(court.code,))


def _of_court(pen: Pen, court: CourtMonth) -> Iterator[tuple[str, str, str, str]]:
    month, language = pen.month, pen.language
    if month.has_totals and court.total is not None:
        yield "total:points", court.total, _("总分"), ""
    if court.rank is not None:
        yield "rank:value", str(court.rank), _("名次"), ""
    for side in month.sides:
        yield f"{side}:points", court.half(side), month.side_label(side, language), ""
    for item in month.items:
        held = court.items.get(item.code)
        if held is None:
            continue
        label = item.label.get(language)
        if held.points is not None:
            yield f"{item.code}:points", held.points, label, item.paragraph
        if held.value is not None:
            yield f"{item.code}:value", printed(held.value), label, item.paragraph
    for code, metric in month.rulebook.metrics.items():
        if metric.side.value not in month.sides:
            continue
        label = metric.label.get(language)
        for what, figures in (
            ("current", court.facts.current),
            ("annual", court.facts.baseline_annual),
        ):
            if code in figures:
                yield f"{code}:{what}", figure_text(figures[code], metric.places), label, ""
