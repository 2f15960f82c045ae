"""Owns what waits for somebody about special cases (附件1·五): the offices' word, the decision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from courts.cases.selectors.special_cases import held_cases, open_offices
from courts.models import SpecialCase
from courts.permissions import may_decide_case, sees_all_cases
from courts.years.open_work import Asked, OpenItem, kind
from courts.years.selectors.entry_windows import start_of
from scoring.facts import Month

State = SpecialCase.State


def _rows(asked: Asked) -> Sequence[SpecialCase]:
    """The applications that wait for anybody. Two queries."""

    def read() -> Sequence[SpecialCase]:
        user = asked.user
        if user is not None and not any(sees_all_cases(user, year) for year in asked.years):
            return []
        rows: Sequence[SpecialCase]
        if asked.only is not None:
            keys = {year.pk for year in asked.years}
            rows = [
                row
                for row in held_cases(asked.only)
                if row.quality_year_id in keys and row.state in SpecialCase.WAITING
            ]
        else:

            def write() -> QuerySet[SpecialCase]:
                found = SpecialCase.objects.filter(
                    quality_year__in=asked.years, state__in=SpecialCase.WAITING
                ).select_related("quality_year__court", "court__parent")
                return found.prefetch_related("verifications")

            rows = asked.rows("cases", write)
        return [
            row for row in rows if asked.takes_part(row.court_id, row.quality_year_id, row.month)
        ]

    return asked.once("cases", read)


@kind(
    "case_verify",
    _("待核实的单独评分申请"),
    whom=_("各管理部门"),
    order=80,
    page="courts:cases",
    query="?state=applied",
)
def cases_to_verify(asked: Asked) -> Iterator[OpenItem]:
    """Applications on which an office has yet to give its word."""
    for row in _rows(asked):
        given = list(row.verifications.all())
        waits = asked.user is None or open_offices(asked.user, row, given)
        if row.state == State.APPLIED and waits:
            until = start_of(row.due_on, days_later=1) if row.due_on else None
            yield _item(asked, row, row.applied_at, until)


@kind(
    "case_decide",
    _("待决定的单独评分申请"),
    whom=_("院党组"),
    order=90,
    page="courts:cases",
    query="?state=verified",
)
def cases_to_decide(asked: Asked) -> Iterator[OpenItem]:
    """Applications that both offices verified and the party group has yet to decide."""
    for row in _rows(asked):
        given = list(row.verifications.all())
        verifiers = frozenset(one.by_id for one in given)
        waits = asked.user is None or may_decide_case(asked.user, row, verifiers)
        if row.state == State.VERIFIED and waits:
            yield _item(asked, row, max((one.at for one in given), default=row.applied_at))


def _item(
    asked: Asked, row: SpecialCase, since: datetime, until: datetime | None = None
) -> OpenItem:
    year = asked.year_of(row.quality_year.year)
    return OpenItem(
        view="courts:case",
        args=(year.code, row.pk),
        year=year,
        since=since,
        until=until,
        court=row.court,
        month=Month(year.year, row.month),
        title=row.item,
    )
