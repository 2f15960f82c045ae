"""Owns what a check of the record asks of points that an office gave: each follows from its motion.

Motions are in the chain. The newest that was confirmed for a court, an item and a month says what
points there are, or that there are none.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from courts.frame.record import record_check
from courts.models import Assessment, Motion


@record_check
def assessments() -> Iterator[str]:
    """Each fault in words, by the key of the points' row."""
    said: dict[tuple[int, str, str, int], Motion] = {}
    motions = Motion.objects.filter(kind=Motion.Kind.ASSESSED, state=Motion.State.CONFIRMED)
    for motion in motions.order_by("decided_at", "pk"):
        data = motion.data
        place = motion.quality_year_id, data["courts"][0], data["item"], data["months"][0]
        said[place] = motion
    for row in Assessment.objects.select_related("court").order_by("pk"):
        place = row.quality_year_id, row.court.code, row.item, row.month
        last = said.pop(place, None)
        points = None if last is None else last.data["points"]
        if last is None or points is None or _differs(row, last, Decimal(points)):
            yield _("评定分第%(row)s行与已确认的事项不符。") % {"row": row.pk}
    for motion in said.values():
        if motion.data["points"] is not None:
            yield _("第%(row)s件已确认的事项，评定分没有了。") % {"row": motion.pk}


def _differs(row: Assessment, motion: Motion, points: Decimal) -> bool:
    told = (motion.pk, points, motion.reason, motion.moved_by_id)
    return (row.motion_id, row.points, row.reason, row.given_by_id) != told
