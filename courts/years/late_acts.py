"""Owns what becomes of an act that a closed month refuses: it is proposed as a restatement instead.

The act itself is not done; it is carried out, by the same service with the lock lifted, when the
restatement is approved. Knows no restatement: `late_inputs` hands it to whoever proposes them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, NoReturn

from django.db import transaction
from django.utils.translation import gettext as _

from courts.frame.refusals import RuleError, StateError
from courts.models import QualityYear, User
from courts.years.closed_months import ClosedMonth, restating
from courts.years.closings import closings_of, forget_closings
from courts.years.late_inputs import LateKind, came_late

MONTHS = range(1, 13)


class ProposedInsteadError(StateError, RuleError):
    """The act would change closed months: it waits as a restatement for approval."""


def propose_instead(
    *,
    year: QualityYear,
    kind: LateKind,
    closed: Collection[ClosedMonth],
    source: str,
    reason: str,
    by: User,
    data: Mapping[str, Any],
) -> NoReturn:
    """Have the act proposed, and say so; what the proposal is refused for is raised as it is."""
    forget_closings(year)
    known = closings_of(year).sides
    sides = {one.side for one in closed} or set(known)
    months = {one.month.month for one in closed if one.year.pk == year.pk}
    with transaction.atomic():
        came_late(
            year=year,
            kind=kind,
            months=sorted(months) or closings_of(year).locked_months(),
            sides=[side for side in known if side in sides],
            source=source,
            reason=reason,
            by=by,
            data=data,
        )
    raise ProposedInsteadError(
        _("这会改变已经关账的月份，已作为更正提出；由负责的管理部门另一人批准后才写入。")
    )


@contextmanager
def all_open(year: QualityYear) -> Iterator[None]:
    """Lift the lock of all months of the prefecture's years for a trial that is rolled back."""
    years = QualityYear.objects.filter(court=year.court_id)
    with ExitStack() as stack:
        for one in years:
            stack.enter_context(restating(one, MONTHS))
        yield
