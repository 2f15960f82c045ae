"""Owns what waits for somebody about differences between extracts and returns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _

from courts.extracts.selectors.differences import (
    DifferenceLine,
    DifferenceStanding,
    held_differences,
    lines_of,
)
from courts.permissions import may_explain_difference, may_settle_difference
from courts.years.open_work import Asked, OpenItem, kind
from courts.years.work_sides import DESK, OFFICE, desk_courts, sides_in_care

# The kinds of this module.
DIFFERENCE_WORK = ("difference_explain", "difference_settle")


def _lines(asked: Asked) -> tuple[DifferenceLine, ...]:
    """The differences of the courts the account looks after or enters for. Seven queries."""

    def read() -> tuple[DifferenceLine, ...]:
        courts = asked.courts if sides_in_care(asked) else desk_courts(asked)
        if not courts:
            return ()
        user = asked.user or AnonymousUser()
        held = asked.together(
            ("differences", asked.years, tuple(court.pk for court in courts)),
            lambda: held_differences(asked.years, courts),
        )
        found = lines_of(user, held)
        return tuple(
            line
            for line in found
            if asked.takes_part(line.slot.court.pk, line.slot.year.pk, line.slot.month.month)
        )

    return asked.once("differences", read)


@kind(
    "difference_explain",
    _("待说明或更正的数据差异"),
    whom=DESK,
    order=35,
    page="courts:differences",
)
def differences_to_explain(asked: Asked) -> Iterator[OpenItem]:
    """Figures that differ from the extract and that the court has to explain or correct."""
    for line in _lines(asked):
        user, slot = asked.user, line.slot
        own = user is None or may_explain_difference(user, slot.court, slot.side)
        if own and line.waits_for_court:
            decided = line.settled_at if line.standing is DifferenceStanding.EXTRACT else None
            yield _item(line, decided or line.extracted_at)


@kind(
    "difference_settle",
    _("待处理的数据差异"),
    whom=OFFICE,
    order=70,
    page="courts:differences",
    query="?state=unsettled",
)
def differences_to_settle(asked: Asked) -> Iterator[OpenItem]:
    """Differences on which the office has to decide."""
    for line in _lines(asked):
        user, slot = asked.user, line.slot
        own = user is None or may_settle_difference(user, slot.court, slot.side)
        if own and not line.standing.is_settled and line.motion is None:
            yield _item(line, line.explained_at or line.extracted_at)


def _item(line: DifferenceLine, since: datetime) -> OpenItem:
    slot = line.slot
    return OpenItem(
        view="courts:difference",
        args=(slot.year.code, slot.court.code, slot.month, line.metric),
        year=slot.year,
        since=since,
        court=slot.court,
        month=slot.month,
        side=slot.side.value,
        title=line.label,
        note=line.explanation,
        is_demo=line.is_demo,
    )
