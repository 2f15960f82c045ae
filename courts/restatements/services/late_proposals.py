"""Owns proposing restatements of what came late, and giving up what was made of a voided month.

Registered when the application is ready: the areas below know nothing of restatements and issues.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from courts.bulletins.services.publishing import withdraw
from courts.frame.refusals import ReturnError, StateError
from courts.models import BallotTarget, Bulletin, Closing, Restatement, Snapshot, User
from courts.restatements.services.restatements import give_up, propose
from courts.years.late_inputs import LateInput, LateKind, proposes_restatement
from courts.years.voiding import when_voided

Kind = Restatement.Kind
# What the write refuses where it cannot be proposed; the others were written all the same.
REFUSED = {
    LateKind.MOTION: Kind.MOTION,
    LateKind.DECISION: Kind.DECISION,
    LateKind.EDITION: Kind.EDITION,
    LateKind.RETURN: Kind.RETURN,
}


def _of_row(late: LateInput) -> dict[str, Any]:
    return {"row": int(late.source.partition("/")[2]), "months": list(late.months)}


def _of_tally(late: LateInput) -> dict[str, Any]:
    targets = BallotTarget.objects.filter(round=int(late.source.partition("/")[2]))
    courts = targets.filter(court__isnull=False).values_list("court__code", flat=True)
    return {**late.data, "courts": sorted(courts)}


WRITTEN: dict[LateKind, tuple[str, Callable[[LateInput], dict[str, Any]]]] = {
    LateKind.TARGETS: (Kind.TARGETS, _of_row),
    LateKind.CAPS: (Kind.CAPS, _of_row),
    LateKind.TALLY: (Kind.TALLY, _of_tally),
}


@proposes_restatement
def propose_late(late: LateInput) -> None:
    """Propose what a late input would do to closed months."""
    standing = Restatement.objects.filter(
        quality_year=late.year, source=late.source, state=Restatement.State.PROPOSED
    )
    said: dict[str, Any] = {
        "user": late.by,
        "year": late.year,
        "sides": late.sides,
        "source": late.source,
    }
    if late.kind in REFUSED:
        found = standing.first()
        if found is not None:
            text = _("这件事已作为第%(number)s号更正提出，等待批准。")
            raise StateError(text % {"number": found.pk})
        propose(**said, kind=REFUSED[late.kind], data=late.data, reason=late.reason)
        return
    kind, data = WRITTEN[late.kind]
    reason = late.reason or str(Kind(kind).label)
    try:
        propose(**said, kind=kind, data=data(late), reason=reason)
    except ReturnError:
        # No closed month would change, or the same waits already: what was written stands.
        return


@when_voided
def give_up_issues(snapshot: Snapshot, by: User | None, reason: str) -> None:
    """Withdraw what was drafted from a voided snapshot, and what it published of made-up data."""
    standing = Bulletin.objects.filter(snapshot=snapshot, state__in=Bulletin.STANDING)
    for bulletin in standing.select_related("quality_year__court", "snapshot"):
        withdraw(user=None, bulletin=bulletin, reason=reason)


@when_voided
def give_up_restatements(snapshot: Snapshot, by: User | None, reason: str) -> None:
    """Close what still waits to correct a month that is open again: it can be entered directly."""
    closed = Closing.objects.filter(
        quality_year=snapshot.quality_year_id,
        month=snapshot.month,
        side__in=snapshot.side_codes,
        reopened_at__isnull=True,
    )
    if closed.exists():
        return
    for row in Restatement.objects.filter(
        months__old=snapshot, state=Restatement.State.PROPOSED
    ).distinct():
        give_up(row, by=by, reason=reason)
