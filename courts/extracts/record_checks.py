"""Owns what a check of the record asks of extracts: of each figure the newest counts, no other.

The figures themselves are in the chain; which of them counts changes when a later one comes.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Max
from django.utils.translation import gettext as _

from courts.frame.record import record_check
from courts.models import ExtractFigure

CELL = ("extract__quality_year", "court", "year", "month", "side", "metric")


@record_check
def extracts() -> Iterator[str]:
    """Each fault in words, by the figure's key."""
    rows = ExtractFigure.objects.order_by()
    newest = set(rows.values(*CELL).annotate(last=Max("pk")).values_list("last", flat=True))
    current = set(rows.filter(is_current=True).values_list("pk", flat=True))
    for pk in sorted(newest ^ current):
        yield _("提取数据第%(row)s行：现行与否与先后不符。") % {"row": pk}
