"""Owns what waits between a closed month and its last restatement: asked, signed, answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from courts.bulletins.selectors.archive import snapshots_without_issue
from courts.bulletins.selectors.readiness import signed_sides
from courts.consultations.selectors.lists import standing_snapshots, unasked_snapshots
from courts.models import (
    Bulletin,
    Closing,
    Consultation,
    ConsultationAnswer,
    Court,
    IssuingTerms,
    Objection,
    QualityYear,
    Restatement,
    Snapshot,
)
from courts.models.consultations import Silence
from courts.permissions import (
    may_answer_consultation,
    may_answer_objection,
    may_approve_restatement,
    may_open_consultation,
    may_settle_answers,
    may_write_bulletin,
    sign_sides,
)
from courts.years.open_work import Asked, OpenItem, kind
from courts.years.selectors.years import rulebook_of
from scoring.facts import Month
from scoring.schema import Level

Verdict = ConsultationAnswer.Verdict
State = Bulletin.State
SIDE_OFFICE = _("负责该类数据的部门")
# A court's key and a side.
Desk = tuple[int, str]


def _terms(asked: Asked) -> Mapping[int, IssuingTerms]:
    """The terms of the years by their keys; a year without a row has the defaults. One query."""

    def write() -> QuerySet[IssuingTerms]:
        return IssuingTerms.objects.filter(quality_year__in=asked.years)

    def read() -> Mapping[int, IssuingTerms]:
        found = {row.quality_year_id: row for row in asked.rows("terms", write)}
        return {year.pk: found.get(year.pk, IssuingTerms()) for year in asked.years}

    return asked.once("issuing_terms", read)


def _consultations(asked: Asked) -> Sequence[Consultation]:
    """Those about months that are neither void nor published, with their answers. Two queries."""

    def write() -> QuerySet[Consultation]:
        rows = Consultation.objects.filter(
            snapshot__quality_year__in=asked.years,
            snapshot__voided_at__isnull=True,
            snapshot__published_at__isnull=True,
        )
        rows = rows.select_related("snapshot").defer("snapshot__text")
        return rows.prefetch_related("answers")

    return asked.rows("consultations", write)


def _snapshots(asked: Asked) -> Sequence[Snapshot]:
    """Those of closed months that count. One query."""
    return asked.rows("standing_snapshots", lambda: standing_snapshots(asked.years))


def _lines(asked: Asked, row: Consultation) -> Mapping[tuple[str, str], int]:
    """How many lines each court has on each closed side, by its code and the side.

    As many as the rules of the month have metrics and items: no text of a snapshot is read.
    """
    month = _month(asked, row.snapshot)
    rulebook = rulebook_of(asked.year_of(month.year), month)
    metrics = Counter(one.side.value for one in rulebook.metrics.values())
    found = {}
    for court in asked.courts:
        level = Level(court.level)
        items = Counter(one.side.value for one in rulebook.items if level in one.points)
        for side in row.snapshot.side_codes:
            found[court.code, side] = metrics[side] + items[side]
    return found


def _courts(asked: Asked) -> Mapping[str, Court]:
    return {court.code: court for court in asked.courts}


def _year(asked: Asked, key: int) -> QualityYear:
    return next(one for one in asked.years if one.pk == key)


def _month(asked: Asked, snapshot: Snapshot) -> Month:
    return Month(_year(asked, snapshot.quality_year_id).year, snapshot.month)


@kind(
    "consultation_open",
    _("待征求意见的月份"),
    whom=SIDE_OFFICE,
    order=120,
    page="courts:consultations",
    of_court=False,
    for_offices=True,
)
def months_to_ask_about(asked: Asked) -> Iterator[OpenItem]:
    """Closed months of real figures that the courts were not asked about yet. One query."""
    terms = _terms(asked)
    for row in unasked_snapshots(_snapshots(asked)):
        month = _month(asked, row)
        year = asked.year_of(month.year)
        if not terms[year.pk].consultation_days:
            continue
        sides = frozenset(row.side_codes)
        if asked.user is None or may_open_consultation(asked.user, year, sides):
            yield OpenItem(
                view="courts:consultations",
                args=(year.code,),
                year=year,
                since=row.made_at,
                month=month,
                side=row.side_codes[0] if len(sides) == 1 else "",
            )


@kind(
    "consultation_answer",
    _("待答复的征求意见"),
    whom=_("法院该类报表的填报岗"),
    order=121,
    page="courts:consultations",
)
def lines_to_answer(asked: Asked) -> Iterator[OpenItem]:
    """Open consultations in which a court's desk has not answered every line."""
    courts = _courts(asked)
    for row in _consultations(asked):
        if row.ends_at <= asked.now:
            continue
        answered = Counter(
            (one.court_id, one.side) for one in row.answers.all() if one.verdict != Verdict.SILENT
        )
        month = _month(asked, row.snapshot)
        year = asked.year_of(month.year)
        for (code, side), count in _lines(asked, row).items():
            court = courts.get(code)
            if court is None or not asked.takes_part(court.pk, year.pk):
                continue
            waits = answered[court.pk, side] < count
            if waits and (asked.user is None or may_answer_consultation(asked.user, court, side)):
                yield OpenItem(
                    view="courts:consultation_court",
                    args=(year.code, row.pk, code),
                    year=year,
                    since=row.opened_at,
                    until=row.ends_at,
                    court=court,
                    month=month,
                    side=side,
                )


@kind(
    "consultation_settle",
    _("待处理的征求意见答复"),
    whom=SIDE_OFFICE,
    order=122,
    page="courts:consultations",
    for_offices=True,
)
def answers_to_settle(asked: Asked) -> Iterator[OpenItem]:
    """Contested lines without an outcome, and silent ones that count as contested."""
    courts = _courts(asked)
    for row in _consultations(asked):
        contests = row.silence == Silence.CONTESTS and row.ends_at <= asked.now
        waiting: Counter[Desk] = Counter()
        dealt: Counter[Desk] = Counter()
        for one in row.answers.all():
            is_done = one.verdict == Verdict.CONFIRMED or one.settled_at is not None
            (dealt if is_done else waiting)[one.court_id, one.side] += 1
        month = _month(asked, row.snapshot)
        year = asked.year_of(month.year)
        for (code, side), count in _lines(asked, row).items():
            court = courts.get(code)
            if court is None or not asked.takes_part(court.pk, year.pk):
                continue
            is_open = waiting[court.pk, side] or (contests and dealt[court.pk, side] < count)
            if is_open and (asked.user is None or may_settle_answers(asked.user, court, side)):
                yield OpenItem(
                    view="courts:consultation",
                    args=(year.code, row.pk),
                    year=year,
                    since=row.opened_at,
                    court=court,
                    month=month,
                    side=side,
                )


def _issues(asked: Asked) -> Sequence[Bulletin]:
    """Issues that are not published yet, with who edited them. Two queries."""

    def write() -> QuerySet[Bulletin]:
        rows = Bulletin.objects.filter(
            quality_year__in=asked.years,
            state__in=[State.DRAFT, State.SIGNED],
            snapshot__voided_at__isnull=True,
        ).select_related("snapshot", "quality_year__court")
        return rows.defer("snapshot__text", "prose").prefetch_related("writers")

    return asked.rows("issues", write)


def _firsts(asked: Asked, row: Bulletin) -> frozenset[int | None]:
    """Who edited the issue or closed its month. One query for all issues."""

    def write() -> QuerySet[Any, tuple[int, int, str, int]]:
        rows = Closing.objects.filter(quality_year__in=asked.years, reopened_at__isnull=True)
        return rows.values_list("quality_year_id", "month", "side", "by")

    def read() -> Mapping[tuple[int, int, str], int]:
        rows = asked.rows("closers", write)
        return {(year, month, side): by for year, month, side, by in rows}

    closed = asked.once("closers", read)
    people: set[int | None] = {user.pk for user in row.writers.all()}
    people |= {closed.get((row.quality_year_id, row.month, side)) for side in row.sides}
    return frozenset((people | {row.made_by_id}) - {None})


def _is_asked(asked: Asked, row: Bulletin) -> bool:
    """Whether nothing of a consultation stands against signing any more."""
    if row.snapshot.is_demo or row.restates_id is not None:
        return True
    found = next((one for one in _consultations(asked) if one.snapshot_id == row.snapshot_id), None)
    if found is None:
        return not _terms(asked)[row.quality_year_id].consultation_days
    return found.ends_at <= asked.now


@kind(
    "bulletin_draft",
    _("待起草、编号的通报"),
    whom=SIDE_OFFICE,
    order=123,
    page="courts:bulletins",
    of_court=False,
    for_offices=True,
)
def issues_to_write(asked: Asked) -> Iterator[OpenItem]:
    """Closed months without an issue, and drafts without number or date. Three queries."""
    for row in snapshots_without_issue(_snapshots(asked)):
        year = _year(asked, row.quality_year_id)
        if asked.user is None or may_write_bulletin(asked.user, year, row.side_codes):
            yield OpenItem(
                view="courts:bulletins",
                args=(year.code,),
                year=year,
                since=row.made_at,
                month=_month(asked, row),
                side=row.side_codes[0] if len(row.side_codes) == 1 else "",
                is_demo=row.is_demo,
            )
    for issue in _issues(asked):
        if issue.state == State.DRAFT and (issue.number is None or issue.dated_on is None):
            year = _year(asked, issue.quality_year_id)
            if asked.user is None or may_write_bulletin(asked.user, year, issue.sides):
                yield _issue(asked, issue, view="courts:bulletin_edit")


@kind(
    "bulletin_sign",
    _("待签发的通报"),
    whom=_("负责该类数据的部门，编辑和关账的人除外"),
    order=124,
    page="courts:consultations",
    of_court=False,
    for_offices=True,
)
def issues_to_sign(asked: Asked) -> Iterator[OpenItem]:
    """Drafts with a number and date whose courts were asked, and that somebody has yet to sign."""
    for row in _issues(asked):
        open_sides = row.sides - signed_sides(row)
        is_ready = row.number is not None and row.dated_on is not None and _is_asked(asked, row)
        if row.state != State.DRAFT or not open_sides or not is_ready:
            continue
        own = asked.user is None or sign_sides(asked.user, row, _firsts(asked, row)) & open_sides
        if own:
            yield _issue(asked, row)


@kind(
    "bulletin_publish",
    _("待发布的通报"),
    whom=_("负责该类数据的部门，编辑和关账的人除外"),
    order=125,
    page="courts:consultations",
    of_court=False,
    for_offices=True,
)
def issues_to_publish(asked: Asked) -> Iterator[OpenItem]:
    """Issues that every office signed."""
    for row in _issues(asked):
        if row.state != State.SIGNED:
            continue
        if asked.user is None or sign_sides(asked.user, row, _firsts(asked, row)):
            yield _issue(asked, row)


def _issue(asked: Asked, row: Bulletin, view: str = "courts:bulletin_sign") -> OpenItem:
    year = _year(asked, row.quality_year_id)
    return OpenItem(
        view=view,
        args=(year.code, row.pk),
        year=year,
        since=row.made_at,
        title=row.title,
        is_demo=row.snapshot.is_demo,
    )


@kind(
    "objection_answer",
    _("待答复的通报异议"),
    whom=_("负责该类数据的部门，异议人除外"),
    order=126,
    page="courts:objections",
    for_offices=True,
)
def objections_to_answer(asked: Asked) -> Iterator[OpenItem]:
    """Objections to published issues that wait for their office. One query."""

    def write() -> QuerySet[Objection]:
        rows = Objection.objects.filter(
            bulletin__quality_year__in=asked.years, outcome=Objection.Outcome.WAITING
        ).select_related("bulletin", "court__parent", "by")
        return rows.defer("bulletin__prose")

    for row in asked.rows("objections to issues", write):
        year = _year(asked, row.bulletin.quality_year_id)
        if not asked.takes_part(row.court_id, year.pk):
            continue
        if asked.user is None or may_answer_objection(asked.user, row):
            yield OpenItem(
                view="courts:objection",
                args=(year.code, row.pk),
                year=year,
                since=row.at,
                court=row.court,
                month=Month(year.year, row.bulletin.month),
                side=row.side,
                note=row.text,
                by=str(row.by),
            )


@kind(
    "restatement_approve",
    _("待批准的更正"),
    whom=_("负责该类数据的部门，提出人除外"),
    order=127,
    page="courts:restatements",
    of_court=False,
    for_offices=True,
)
def restatements_to_approve(asked: Asked) -> Iterator[OpenItem]:
    """Restatements that wait for a second person. One query."""

    def write() -> QuerySet[Restatement]:
        rows = Restatement.objects.filter(
            quality_year__in=asked.years, state=Restatement.State.PROPOSED
        )
        return rows.select_related("quality_year__court", "proposed_by")

    for row in asked.rows("restatements", write):
        if asked.user is None or may_approve_restatement(asked.user, row, row.side_codes):
            year = _year(asked, row.quality_year_id)
            yield OpenItem(
                view="courts:restatement",
                args=(year.code, row.pk),
                year=year,
                since=row.proposed_at,
                title=str(row.get_kind_display()),
                note=row.reason,
                by=str(row.proposed_by or ""),
            )
