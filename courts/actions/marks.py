"""Owns marking actions on charts: in the month whose figures they began with."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.utils.translation import gettext as _

from courts.models import Action, QualityYear
from courts.outlooks.marks import ActionMark, marks


@marks
def actions(year: QualityYear, courts: Collection[str]) -> Iterator[ActionMark]:
    """Actions of these courts that were not taken back. One query."""
    rows = Action.objects.filter(quality_year=year, court__code__in=courts).exclude(
        state=Action.State.WITHDRAWN
    )
    for court, subject, month, number in rows.values_list(
        "court__code", "subject", "month", "number"
    ):
        yield ActionMark(month, court, subject, _("督导%(number)s") % {"number": number})
