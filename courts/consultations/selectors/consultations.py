"""Owns what courts are asked about a snapshot (征求意见): their lines, answers, what is unsettled.

Terms: a line's key is `figure/<metric>` or `item/<item>`. A court's desks see the lines of their
own court alone; the offices and the leading group see all answers. Never writes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.closings.selectors.frozen import ReadSnapshot, read_snapshot
from courts.consultations.selectors.lines import (
    AskedLine,
    _is_unsettled,
    _rows,
    is_over,
    lines_of_court,
)
from courts.models import (
    Consultation,
    ConsultationAnswer,
    Court,
    QualityYear,
    Snapshot,
    User,
)
from courts.models.consultations import Silence
from courts.permissions import (
    Account,
    has_desk,
    is_another,
    may_answer_consultation,
    may_oversee_returns,
    may_settle_answers,
    may_view_consultation_of,
)
from courts.wording.explanations import listed_sides, side_label
from courts.wording.months import month_name
from courts.years.selectors.years import courts_of
from scoring.facts import Month

Verdict = ConsultationAnswer.Verdict


class NoConsultationError(LookupError):
    """The year has no such consultation, or the consultation no such court."""


@dataclass(frozen=True, slots=True)
class AnsweredLine:
    """A line with what the court said of it. `counts_as` is the verdict, silence put in its place
    once the consultation is over."""

    line: AskedLine
    court_name: str
    verdict: str
    verdict_label: str
    note: str
    by: str
    at: datetime | None
    version: int
    settlement: str
    settled_by: str
    settled_at: datetime | None
    is_unsettled: bool
    may_answer: bool
    may_settle: bool


@dataclass(frozen=True, slots=True)
class CourtCount:
    """How a court answered, in numbers of lines."""

    code: str
    name: str
    confirmed: int
    contested: int
    silent: int
    unsettled: int

    @property
    def total(self) -> int:
        return self.confirmed + self.contested + self.silent


@dataclass(frozen=True, slots=True)
class ConsultationLine:
    """One consultation as lists name it. `is_over` by the database's clock."""

    pk: int
    month: Month
    month_name: str
    sides_label: str
    opened_by: str
    opened_at: datetime
    ends_at: datetime
    is_over: bool
    is_void: bool
    is_demo: bool
    silence: str
    silence_label: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ConsultationPage:
    """A consultation for the offices: every court's answers, contested lines in full."""

    head: ConsultationLine
    courts: tuple[CourtCount, ...]
    contested: tuple[AnsweredLine, ...]
    names: Mapping[str, str]
    # Lines that silence leaves to be settled, by court and side.
    silent: tuple[SilentLines, ...]

    @property
    def unsettled(self) -> int:
        return sum(court.unsettled for court in self.courts)


@dataclass(frozen=True, slots=True)
class SilentLines:
    """What a court's desk said nothing of and the office has to settle together."""

    court: str
    court_name: str
    side: str
    side_label: str
    keys: tuple[str, ...]
    may_settle: bool

    @property
    def count(self) -> int:
        return len(self.keys)


@dataclass(frozen=True, slots=True)
class OwnSide:
    """The lines of one side of a court, figures and items apart."""

    code: str
    label: str
    figures: tuple[AnsweredLine, ...]
    items: tuple[AnsweredLine, ...]
    may_answer: bool
    points: str
    open: int


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A court's own lines; total and rank where both sides were closed together."""

    head: ConsultationLine
    court: str
    court_name: str
    sides: tuple[OwnSide, ...]
    total: str
    rank: int | None
    shows_rank: bool

    @property
    def may_answer(self) -> bool:
        return any(side.may_answer for side in self.sides)


def consultation_of(snapshot: Snapshot) -> Consultation | None:
    """The consultation about a snapshot. One query."""
    return (
        Consultation.objects.filter(snapshot=snapshot)
        .select_related("snapshot__quality_year__court")
        .first()
    )


def consultations_of(year: QualityYear) -> tuple[ConsultationLine, ...]:
    """The consultations of a year, the latest first. One query."""
    return tuple(
        _head(row)
        for row in _with_snapshot(Consultation.objects.filter(snapshot__quality_year=year))
    )


def find_consultation(user: Account, year: QualityYear, pk: int) -> Consultation:
    """The consultation; `NoConsultationError` where the year has none such."""
    rows = _with_snapshot(Consultation.objects.filter(snapshot__quality_year=year, pk=pk))
    row = rows.first()
    if row is None:
        raise NoConsultationError(_("没有这次征求意见。请从列表里重新打开。"))
    return row


def consultation_page(user: Account, year: QualityYear, pk: int) -> ConsultationPage:
    """All answers; `PermissionDenied` for accounts that do not look after all courts."""
    if not may_oversee_returns(user, year):
        raise PermissionDenied(_("各院的答复只供管理部门和领导小组查看。"))
    row = find_consultation(user, year, pk)
    language = get_language() or ""
    month = Month(year.year, row.snapshot.month)
    names = {court.code: court.label(language) for court in courts_of(year, month)}
    found = {code: _answered(user, row, code) for code in read_snapshot(row.snapshot).parts.courts}
    return ConsultationPage(
        head=_head(row),
        courts=tuple(_count(code, names.get(code, code), lines) for code, lines in found.items()),
        contested=tuple(
            one for lines in found.values() for one in lines if one.verdict == Verdict.CONTESTED
        ),
        names=names,
        silent=tuple(_silent(user, row, found, names)),
    )


def own_page(user: Account, year: QualityYear, pk: int, court: str) -> OwnPage:
    """A court's own lines; `PermissionDenied` for another court's desks."""
    row = find_consultation(user, year, pk)
    frozen = read_snapshot(row.snapshot)
    content = frozen.parts.courts.get(court)
    if content is None:
        raise NoConsultationError(_("这次征求意见不涉及这个法院。请另选法院。"))
    month = Month(year.year, row.snapshot.month)
    found = next((one for one in courts_of(year, month) if one.code == court), None)
    if found is None or not may_view_consultation_of(user, year, found.pk):
        raise PermissionDenied(_("只能查看本院的数据和得分。"))
    lines = _answered(user, row, court)
    score = content["score"]
    return OwnPage(
        head=_head(row),
        court=court,
        court_name=found.label(get_language() or ""),
        sides=tuple(
            _own_side(user, frozen, side, [one for one in lines if one.line.side == side], score)
            for side in frozen.sides
        ),
        total=score["total"] or "",
        rank=score["rank"],
        shows_rank=score["rank"] is not None,
    )


def asked_court(user: Account, year: QualityYear) -> str:
    """The code of the court whose desk the account sits at in this year; empty for none."""
    if not isinstance(user, User) or user.court is None or not has_desk(user):
        return ""
    codes = {court.code for court in courts_of(year)}
    return user.court.code if user.court.code in codes else ""


# --- Inside -----------------------------------------------------------------------------------


def _with_snapshot(rows: QuerySet[Consultation]) -> QuerySet[Consultation]:
    """The consultations with their snapshot and who opened them."""
    return rows.select_related("snapshot__quality_year__court", "opened_by")


def _answered(user: Account, row: Consultation, court: str) -> list[AnsweredLine]:
    rows = _rows(row).get(court, {})
    over = is_over(row)
    contests = over and row.silence == Silence.CONTESTS
    court_row = _court_rows(row).get(court)
    found = []
    for line in lines_of_court(row, court):
        answer = rows.get(line.key)
        verdict = answer.verdict if answer else Verdict.SILENT
        unsettled = _is_unsettled(answer, contests)
        answers = court_row is not None and may_answer_consultation(user, court_row, line.side)
        settles = (
            isinstance(user, User)
            and court_row is not None
            and may_settle_answers(user, court_row, line.side)
            and (answer is None or is_another(answer.by_id, user))
        )
        is_open = not over and row.snapshot.voided_at is None
        found.append(
            AnsweredLine(
                line=line,
                court_name=court_row.label(get_language() or "") if court_row else court,
                verdict=verdict,
                verdict_label=str(Verdict(verdict).label),
                note=answer.note if answer else "",
                by=str(answer.by or "") if answer else "",
                at=answer.at if answer else None,
                version=answer.version if answer else 0,
                settlement=answer.settlement if answer else "",
                settled_by=str(answer.settled_by or "") if answer else "",
                settled_at=answer.settled_at if answer else None,
                is_unsettled=unsettled,
                may_answer=answers and is_open,
                may_settle=settles and unsettled and row.snapshot.voided_at is None,
            )
        )
    return found


def _court_rows(row: Consultation) -> Mapping[str, Court]:
    """The courts of the month as rows, by code. One query a consultation object."""
    kept = row.__dict__.get("_courts")
    if kept is None:
        year = row.snapshot.quality_year
        found = Court.objects.in_month(year, row.snapshot.month).select_related("parent")
        kept = {court.code: court for court in found}
        row.__dict__["_courts"] = kept
    return kept


def _count(code: str, name: str, lines: list[AnsweredLine]) -> CourtCount:
    counts = Counter(one.verdict for one in lines)
    return CourtCount(
        code=code,
        name=name,
        confirmed=counts[Verdict.CONFIRMED],
        contested=counts[Verdict.CONTESTED],
        silent=counts[Verdict.SILENT],
        unsettled=sum(one.is_unsettled for one in lines),
    )


def _silent(
    user: Account,
    row: Consultation,
    found: Mapping[str, list[AnsweredLine]],
    names: Mapping[str, str],
) -> Iterable[SilentLines]:
    frozen = read_snapshot(row.snapshot)
    for code, lines in found.items():
        for side in frozen.sides:
            waiting = [
                one
                for one in lines
                if one.line.side == side and one.verdict == Verdict.SILENT and one.is_unsettled
            ]
            if waiting:
                yield SilentLines(
                    court=code,
                    court_name=names.get(code, code),
                    side=side,
                    side_label=side_label(frozen.rulebook, side),
                    keys=tuple(one.line.key for one in waiting),
                    may_settle=all(one.may_settle for one in waiting),
                )


def _own_side(
    user: Account,
    frozen: ReadSnapshot,
    side: str,
    lines: list[AnsweredLine],
    score: Mapping[str, object],
) -> OwnSide:
    halves = score["halves"]
    return OwnSide(
        code=side,
        label=side_label(frozen.rulebook, side),
        figures=tuple(one for one in lines if not one.line.is_item),
        items=tuple(one for one in lines if one.line.is_item),
        may_answer=any(one.may_answer for one in lines),
        points=str(halves[side]) if isinstance(halves, Mapping) else "",
        open=sum(one.verdict == Verdict.SILENT for one in lines),
    )


def _head(row: Consultation) -> ConsultationLine:
    snapshot = row.snapshot
    frozen = read_snapshot(snapshot)
    month = Month(snapshot.quality_year.year, snapshot.month)
    return ConsultationLine(
        pk=row.pk,
        month=month,
        month_name=month_name(month),
        sides_label=listed_sides(frozen.rulebook, frozen.sides),
        opened_by=str(row.opened_by),
        opened_at=row.opened_at,
        ends_at=row.ends_at,
        is_over=is_over(row),
        is_void=snapshot.voided_at is not None,
        is_demo=snapshot.is_demo,
        silence=row.silence,
        silence_label=str(Silence(row.silence).label),
        sha256=snapshot.sha256,
    )
