"""Owns what each kind of restatement writes: the same services as ever, the lock of months lifted.

Each act is tried out before it is proposed and whenever it is looked at, with nobody as the
approver, and carried out when it is approved. Never asks who may, nor makes a snapshot.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from courts import database_clock
from courts.cases.services import special_cases
from courts.cases.services.special_cases import PartyMeeting
from courts.figures.services.imports import import_figures
from courts.files.sheets import SourceFile
from courts.frame.refusals import ReturnError, StaleError
from courts.models import (
    AppraisalTarget,
    Cap,
    Court,
    MonthlyReturn,
    Motion,
    QualityYear,
    Restatement,
    RulebookEdition,
    SpecialCase,
    User,
)
from courts.motions.kinds import KINDS
from courts.motions.services import motions
from courts.reviews.services import reviews
from courts.rulebooks.services import editions
from courts.wording.amounts import figure_text, places_of
from courts.years.selectors.slots import Slot
from courts.years.selectors.years import rules_of
from courts.years.voiding import made_up
from scoring.facts import Month
from scoring.schema import Side

Kind = Restatement.Kind
State = MonthlyReturn.State
# What lies between a desk's draft and its verification; closing a month leaves such gaps.
UNFINISHED = (State.ENTERING, State.RETURNED, State.SUBMITTED)
HEADER = ("court", "month", "metric", "value")


def carry_out(restatement: Restatement, approver: User | None) -> None:
    """Write what the restatement says; the caller lifts the lock and holds the years."""
    ACTS[restatement.kind](restatement, approver)


# --- Figures ----------------------------------------------------------------------------------


def figures_file(restatement: Restatement) -> SourceFile:
    """The corrected figures as a file that imports read: as people write them."""
    rules = rules_of(restatement.quality_year)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(HEADER)
    for row in restatement.data["rows"]:
        known = rules.naming(Month.parse(row["month"]))
        places = max((places_of(one, [row["metric"]]) for one in known), default=0)
        value = figure_text(row["value"], places)
        writer.writerow([row["court"], row["month"], row["metric"], value])
    return SourceFile(_("更正"), buffer.getvalue().encode())


def _write_figures(restatement: Restatement, approver: User | None) -> None:
    year, rows = restatement.quality_year, restatement.data["rows"]
    touched = list(_touched(year, rows).select_for_update(of=("self",)))
    invented = [row.pk for row in touched if row.is_demo]
    if invented and len(invented) < len(touched):
        raise ReturnError(_("演示数据和真实数据不能在一项更正里一起改。请分开提出。"))
    # A published return, or what a desk left unfinished, is written in as a verified one is; that
    # unverified figures then count too stands among the changed lines.
    published = [row.pk for row in touched if row.state == State.PUBLISHED]
    written_in = [row.pk for row in touched if row.state in (State.PUBLISHED, *UNFINISHED)]
    returns = MonthlyReturn.objects.order_by()
    returns.filter(pk__in=written_in).update(
        state=State.VERIFIED,
        origin=MonthlyReturn.Origin.IMPORT,
        verified_at=database_clock.now(),
        verified_figures=None,
        version=F("version") + 1,
    )
    # An import takes the place of made-up figures; a correction of them changes what it names.
    returns.filter(pk__in=invented).update(is_demo=False)
    people: dict[str, Any] = {}
    if approver is not None:
        people = {"actor": restatement.proposed_by, "confirmed_by": approver}
    with made_up() if invented else nullcontext():
        result = import_figures(year=year, files=[figures_file(restatement)], **people)
    for problem in result.errors:
        raise ReturnError(problem.expected)
    if not result.changes:
        raise ReturnError(_("这些数据与现在的一样，没有可更正的。"))
    returns.filter(pk__in=invented).update(is_demo=True)
    returns.filter(pk__in=published).update(state=State.PUBLISHED, version=F("version") + 1)


def sides_of_rows(year: QualityYear, rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The sides that the metrics of some rows are of, in the rules' order."""
    rules = rules_of(year)
    found = set()
    for row in rows:
        for one in rules.naming(Month.parse(row["month"])):
            if row["metric"] in one.metrics:
                found.add(one.metrics[row["metric"]].side.value)
    return tuple(share.side.value for share in rules.latest.sides if share.side.value in found)


def _touched(year: QualityYear, rows: list[Mapping[str, Any]]) -> QuerySet[MonthlyReturn]:
    """The returns that rows are of."""
    rules = rules_of(year)
    wanted = Q(pk__in=[])
    for row in rows:
        month = Month.parse(row["month"])
        metric = next(
            (
                one.metrics[row["metric"]]
                for one in rules.naming(month)
                if row["metric"] in one.metrics
            ),
            None,
        )
        if metric is not None:
            wanted |= Q(
                court__code=row["court"],
                year=month.year,
                month=month.month,
                side=metric.side.value,
            )
    courts = Court.objects.of_year(year)
    return MonthlyReturn.objects.filter(wanted, court__in=courts).order_by()


def _verify_return(restatement: Restatement, approver: User | None) -> None:
    """A return that was handed in too late for the closing, verified after all."""
    data, year = restatement.data, restatement.quality_year
    court = Court.objects.select_related("parent").get(code=data["court"])
    slot = Slot(year, court, Month.parse(data["month"]), Side(data["side"]))
    by = restatement.proposed_by
    if by is None:
        raise _stale()
    reviews.verify(user=by, slot=slot, seen_version=data["version"])


# --- Motions ----------------------------------------------------------------------------------


def _confirm_motion(restatement: Restatement, approver: User | None) -> None:
    motion = Motion.objects.select_related(
        "quality_year__court", "quality_year__edition", "moved_by__court__parent"
    ).get(pk=restatement.data["motion"])
    if motion.state != Motion.State.WAITING:
        raise StaleError(_("这件事项已经办理，不能再按它更正。"))
    if approver is None:
        KINDS[motion.kind].carry_out(motion, None)
        return
    seen = motions.MotionTrial(KINDS[motion.kind].lines(motion), (), "").digest
    note = restatement.note or restatement.reason
    motions.confirm(user=approver, motion=motion, seen=seen, note=note)


# --- Targets and caps that came late ------------------------------------------------------------


def _hold_target_earlier(restatement: Restatement, approver: User | None) -> None:
    data = restatement.data
    row = AppraisalTarget.objects.filter(pk=data["row"]).first()
    if row is None:
        raise _stale()
    others = AppraisalTarget.objects.filter(
        quality_year=row.quality_year_id, item=row.item, level=row.level, court=row.court_id
    )
    _hold_earlier(row, others, min(data["months"]), restatement)


def _hold_cap_earlier(restatement: Restatement, approver: User | None) -> None:
    data = restatement.data
    row = Cap.objects.filter(pk=data["row"]).first()
    if row is None:
        raise _stale()
    others = Cap.objects.filter(quality_year=row.quality_year_id, court=row.court_id)
    _hold_earlier(row, others, min(data["months"]), restatement)


def _hold_earlier(row: Any, others: Any, month: int, restatement: Restatement) -> None:
    """Make a row hold from an earlier month; rows that held there in between are removed."""
    if row.from_month <= month:
        raise _stale()
    reason = restatement.reason[:100]
    for other in others.filter(from_month__gte=month, from_month__lt=row.from_month):
        other._history_user = restatement.proposed_by
        other._change_reason = reason
        other.delete()
    row.from_month = month
    row.version += 1
    row._history_user = restatement.proposed_by
    row._change_reason = reason
    row.full_clean()
    row.save()


# --- Points and rules that others decide --------------------------------------------------------


def _decide_case(restatement: Restatement, approver: User | None) -> None:
    data, by = restatement.data, restatement.proposed_by
    case = SpecialCase.objects.select_related("quality_year__court").get(pk=data["case"])
    if by is None:
        raise _stale()
    said: dict[str, Any] = {
        "user": by,
        "case": case,
        "meeting": PartyMeeting(date.fromisoformat(data["meeting_on"]), data["meeting"]),
        "note": data["note"],
        "seen": data["seen"],
    }
    if data["act"] == "revoke":
        special_cases.revoke_case(**said)
    else:
        special_cases.decide_case(**said, points=Decimal(data["points"]))


def _put_in_force(restatement: Restatement, approver: User | None) -> None:
    data, by = restatement.data, restatement.proposed_by
    edition = RulebookEdition.objects.select_related("court").get(pk=data["edition"])
    if by is None:
        raise _stale()
    editions.put_in_force(
        user=by,
        edition=edition,
        month=data["from_month"],
        seen_version=data["version"],
        seen_in_force=data["in_force"],
    )


def _nothing(restatement: Restatement, approver: User | None) -> None:
    """What was written already and waits for nothing but new snapshots."""


def _stale() -> ReturnError:
    return StaleError(_("提出之后情况有变，不能照原样更正；请撤回后重新提出。"))


ACTS: Mapping[str, Callable[[Restatement, User | None], None]] = {
    Kind.FIGURE: _write_figures,
    Kind.RETURN: _verify_return,
    Kind.BASELINE: _nothing,
    Kind.MOTION: _confirm_motion,
    Kind.TARGETS: _hold_target_earlier,
    Kind.CAPS: _hold_cap_earlier,
    Kind.DECISION: _decide_case,
    Kind.EDITION: _put_in_force,
    Kind.TALLY: _nothing,
}
