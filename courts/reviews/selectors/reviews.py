"""Owns what an office looks at before it decides: the queue, and one return with all about it.

A constant number of queries, however many returns wait. Never decides who may decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from courts.figures.selectors.findings import FindingKind, ReturnFinding, findings_of
from courts.figures.selectors.stored import stored_returns
from courts.frame.remembered import remembered_rows
from courts.models import (
    Court,
    EntryOnBehalf,
    MonthlyReturn,
    QualityYear,
    Submission,
    UnlockRequest,
)
from courts.models.returns import ReturnQuerySet
from courts.permissions import Account, may_oversee_returns, may_review, may_verify, review_sides
from courts.returns.selectors.grids import Grid, grid
from courts.returns.selectors.notes import NoteRound
from courts.wording.explanations import metric_name
from courts.years.selectors.entry_windows import UnlockLine, unlock_line
from courts.years.selectors.slots import Slot
from scoring.facts import Month
from scoring.schema import Rulebook, Side


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A submitted return. `why_not` says why this account may not verify it, if so."""

    slot: Slot
    side_label: str
    version: int
    round: int
    submitted_by: str
    submitted_at: datetime | None
    errors: int
    warnings: int
    blanks: int
    why_not: str
    is_demo: bool
    begun_by: str = ""
    begun_at: datetime | None = None

    @property
    def may_verify(self) -> bool:
        return not self.why_not

    @property
    def is_clean(self) -> bool:
        """Whether it can be verified together with others."""
        return not (self.errors or self.warnings or self.blanks or self.why_not)


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request to unlock that waits for an answer."""

    slot: Slot
    side_label: str
    request: UnlockLine


@dataclass(frozen=True, slots=True)
class ExplainedFinding:
    """A finding and the reason the court gave for it; empty when it came up later."""

    finding: ReturnFinding
    reason: str


@dataclass(frozen=True, slots=True)
class FigureChangeLine:
    """A figure that changed: before and after, None for a blank cell."""

    metric: str
    label: str
    before: int | None
    after: int | None
    places: int = 0


@dataclass(frozen=True, slots=True)
class Review:
    """One return as its office sees it. `changes` are those since it was last handed in or
    verified before the present round; `present` is that round, None for one never handed in."""

    grid: Grid
    findings: tuple[ExplainedFinding, ...]
    changes: tuple[FigureChangeLine, ...]
    present: NoteRound | None
    why_not: str

    @property
    def may_decide(self) -> bool:
        """Whether the account may write remarks, verify and send back now."""
        return self.may_verify and self.is_begun

    @property
    def is_begun(self) -> bool:
        """Whether the review is begun, so that the court cannot take the return back."""
        return self.present is not None and self.present.begun_at is not None

    @property
    def may_verify(self) -> bool:
        return not self.why_not

    @property
    def may_hand_in(self) -> bool:
        """Whether the office may hand in what it entered for the court, which still waits."""
        entries = self.grid.entries_on_behalf
        return self.grid.state == MonthlyReturn.State.ENTERING and any(
            entry.verified_at is None for entry in entries
        )

    @property
    def warnings(self) -> tuple[ExplainedFinding, ...]:
        return tuple(line for line in self.findings if not line.finding.is_error)


def queue(user: Account, *years: QualityYear) -> tuple[QueueLine, ...]:
    """The submitted returns in the account's care, the oldest first. Five queries at most.

    The years are of one prefecture.
    """
    if not all(may_oversee_returns(user, year) for year in years):
        return ()
    year_of = {year.year: year for year in years}

    def write() -> QuerySet[Any, Any]:
        own = EntryOnBehalf.objects.filter(
            monthly_return=OuterRef("pk"), by=user.pk, verified_at__isnull=True
        )
        objections = EntryOnBehalf.objects.filter(
            monthly_return=OuterRef("pk"), objected_at__isnull=False, settled_at__isnull=True
        )
        waiting = _in_care(user, *years).filter(state=MonthlyReturn.State.SUBMITTED)
        waiting = waiting.annotate(
            rounds=Count("submissions"), entered=Exists(own), disputed=Exists(objections)
        )
        return waiting.order_by("submitted_at", "pk")

    keys = tuple((year.pk, year.court_id, year.year) for year in years)
    rows = remembered_rows(("queue", user.pk, tuple(sorted(review_sides(user))), keys), write)
    slots = {row.pk: _slot(year_of[row.year], row) for row in rows}
    if not slots:
        return ()
    begun = _begun(rows)
    found = findings_of(list(slots.values()), stored=stored_returns(list(slots.values())))
    lines = []
    for row in rows:
        slot = slots[row.pk]
        of_slot = found[slot.key]
        errors = sum(finding.is_error for finding in of_slot)
        blanks = sum(finding.kind is FindingKind.BLANK for finding in of_slot)
        lines.append(
            QueueLine(
                slot=slot,
                side_label=slot.side_label,
                version=row.version,
                round=row.rounds,
                submitted_by=str(row.submitted_by or ""),
                submitted_at=row.submitted_at,
                errors=errors,
                warnings=len(of_slot) - errors - blanks,
                blanks=blanks,
                why_not=_why_not(user, row, row.entered, row.disputed),
                is_demo=row.is_demo,
                begun_by=str(begun[row.pk].begun_by) if row.pk in begun else "",
                begun_at=begun[row.pk].begun_at if row.pk in begun else None,
            )
        )
    return tuple(lines)


def pending_requests(user: Account, year: QualityYear) -> tuple[RequestLine, ...]:
    """The requests to unlock that wait for the account's office, the oldest first. One query."""
    if not may_oversee_returns(user, year):
        return ()

    def write() -> QuerySet[UnlockRequest]:
        return (
            UnlockRequest.objects.filter(
                state=UnlockRequest.State.PENDING, monthly_return__in=_in_care(user, year)
            )
            .select_related("requested_by", "decided_by", "monthly_return__court__parent")
            .order_by("requested_at", "pk")
        )

    sides = tuple(sorted(review_sides(user)))
    key = ("pending requests", sides, year.pk, year.court_id, year.year)
    lines = []
    for request in remembered_rows(key, write):
        slot = _slot(year, request.monthly_return)
        lines.append(RequestLine(slot, slot.side_label, unlock_line(request)))
    return tuple(lines)


def review(user: Account, slot: Slot) -> Review:
    """One return with what to look at first, for an account that may look at it."""
    page = grid(user, slot)
    row = slot.row()
    standing = [one for one in page.rounds if one.is_standing]
    present = standing[-1] if standing else None
    reasons: Mapping[str, str] = present.reasons if present else {}
    before = standing[-2].figures if len(standing) > 1 else None
    if before is None and row is not None:
        before = row.verified_figures
    current = {line.metric: line.value for line in page.rows}
    entered = any(e.verified_at is None and e.by_pk == user.pk for e in page.entries_on_behalf)
    disputed = any(entry.is_disputed for entry in page.entries_on_behalf)
    return Review(
        grid=page,
        findings=tuple(
            ExplainedFinding(finding, reasons.get(finding.key, "")) for finding in page.findings
        ),
        changes=() if before is None else _changes(slot.rulebook, before, current),
        present=present,
        why_not=_why_not(user, row, entered, disputed)
        if row
        else _("法院还没有填报这张报表。请等法院填报，或者催报。"),
    )


def _changes(
    rulebook: Rulebook, before: Mapping[str, int | None], after: Mapping[str, int | None]
) -> tuple[FigureChangeLine, ...]:
    return tuple(
        FigureChangeLine(
            code, metric_name(rulebook, code), before.get(code), after.get(code), metric.places
        )
        for code, metric in rulebook.metrics.items()
        if before.get(code) != after.get(code)
    )


def _why_not(user: Account, row: MonthlyReturn, entered: bool, disputed: bool) -> str:
    """Why the account may not verify a return now; empty when it may."""
    if not may_review(user, row.court, row.side):
        return _("只有负责该类报表的管理部门可以办理。")
    if not may_verify(user, row):
        return _("这张报表由您本人提交，须由他人办理。")
    if row.state != MonthlyReturn.State.SUBMITTED:
        text = _("这张报表%(state)s，不能这样办理。")
        return text % {"state": row.get_state_display()}
    if entered:
        return _("您代法院填报过这张报表，须由他人核实。")
    if disputed:
        return _("法院对代报数据的异议尚未处理。请先处理异议。")
    return ""


def _begun(rows: Iterable[MonthlyReturn]) -> Mapping[int, Submission]:
    """The submissions whose review is begun, of returns that wait, by the key of the return."""
    keys = tuple(row.pk for row in rows)

    def write() -> QuerySet[Submission]:
        return Submission.objects.filter(
            monthly_return__in=keys, at=F("monthly_return__submitted_at"), begun_at__isnull=False
        ).select_related("begun_by")

    return {sent.monthly_return_id: sent for sent in remembered_rows(("begun", keys), write)}


def _in_care(user: Account, *years: QualityYear) -> ReturnQuerySet:
    """The years' returns that the account's office looks after."""
    if not all(may_oversee_returns(user, year) for year in years) or not years:
        return MonthlyReturn.objects.none()
    of_years = Q(pk__in=[])
    for year in years:
        of_years |= Q(court__in=Court.objects.of_year(year), year=year.year)
    found = MonthlyReturn.objects.filter(of_years, side__in=review_sides(user)).assessed()
    return found.select_related("court__parent", "submitted_by")


def _slot(year: QualityYear, row: MonthlyReturn) -> Slot:
    return Slot(year, row.court, Month(row.year, row.month), Side(row.side))
