"""Owns finding actions for an account, and what the list and the page of one show.

Desks see the actions of their own court; what tells a place of the ranking is left out for whoever
is kept from places. A constant number of queries, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts import database_clock
from courts.actions.selectors.effects import ActionEffect, effects_of
from courts.actions.selectors.registers import FoundCause, cause_label, found_causes
from courts.actions.selectors.sentences import alarm_sentence, shows_places, subject_label
from courts.files.attachments import MOST_BYTES, MOST_FILES
from courts.frame.choices import Choice
from courts.models import (
    Action,
    ActionAnswer,
    ActionFile,
    ActionMeasure,
    CaseAttachment,
    Court,
    QualityYear,
)
from courts.permissions import (
    Account,
    action_courts,
    may_answer_action,
    may_check_answer,
    may_supervise,
    may_view_action,
    may_view_actions,
    own_points_only,
    review_sides,
    sees_all_actions,
)
from courts.wording.explanations import side_label
from courts.wording.months import month_name
from courts.years.court_changes import court_label
from courts.years.selectors.supervision import supervision_of
from courts.years.selectors.years import courts_of, rulebook_of
from scoring.facts import Month
from scoring.schema import Rulebook

State = Action.State
USUAL_DAYS = 30


class NoActionError(LookupError):
    """The year has no such action, or it is not for the account."""


@dataclass(frozen=True, slots=True)
class ActionSearch:
    """What the list is narrowed to; empty is everything."""

    court: str = ""
    state: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One action in the list."""

    pk: int
    number: int
    court: str
    court_name: str
    department: str
    side: str
    side_label: str
    subject: str
    subject_label: str
    month: Month
    month_name: str
    state: str
    state_label: str
    asks: str
    cause: str
    due_on: date
    is_overdue: bool
    measures: int
    done: int
    opened_at: datetime
    waits_for_me: bool


@dataclass(frozen=True, slots=True)
class ActionsPage:
    """The actions of a year that the account sees, the latest first."""

    lines: tuple[ActionLine, ...]
    total: int
    courts: tuple[Choice, ...]
    states: tuple[Choice, ...]
    may_open: bool
    sees_all: bool
    is_demo: bool


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One thing to be done."""

    row: ActionMeasure
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer with its files."""

    row: ActionAnswer
    files: tuple[ActionFile, ...]


@dataclass(frozen=True, slots=True)
class ActionPage:
    """One action, what it came from, what was done and what the account can do now."""

    line: ActionLine
    row: Action
    version: int
    alarm: str
    alarm_label: str
    cause_label: str
    causes: tuple[Choice, ...]
    found: tuple[FoundCause, ...]
    measures: tuple[MeasureLine, ...]
    answers: tuple[AnswerLine, ...]
    effect: ActionEffect | None
    is_item: bool
    is_demo: bool
    may_supervise: bool
    may_answer: bool
    may_check: bool
    may_close: bool
    today: date
    most_files: int
    most_megabytes: int

    @property
    def is_open(self) -> bool:
        return self.row.state in Action.OPEN

    @property
    def may_plan(self) -> bool:
        """Whether the account adds measures and says what the cause is."""
        return self.is_open and (self.may_supervise or self.may_answer)

    @property
    def next_step(self) -> str:
        """Whose turn it is, and to do what."""
        steps = {
            State.ORDERED: _("等法院答复。"),
            State.RETURNED: _("答复已退回，等法院补充。"),
            State.ANSWERED: _("法院已答复，等管理部门检查。"),
            State.ACCEPTED: _("答复已通过检查；整改措施完成后办结。"),
            State.CLOSED: _("已办结。"),
            State.WITHDRAWN: _("已撤销。"),
        }
        return steps[State(self.row.state)]


@dataclass(frozen=True, slots=True)
class OrderPage:
    """What a new action can be about; `found` are the causes that registers name."""

    courts: tuple[Choice, ...]
    subjects: tuple[tuple[str, tuple[Choice, ...]], ...]
    sides: tuple[Choice, ...]
    causes: tuple[Choice, ...]
    found: tuple[FoundCause, ...]
    months: tuple[tuple[int, str], ...]
    due_on: date


def check_actions(user: Account, year: QualityYear) -> None:
    """`PermissionDenied` unless actions are the account's business."""
    if not may_view_actions(user, year):
        raise PermissionDenied(_("督导供有关法院、管理部门、领导小组和院党组查看。"))


def actions_page(user: Account, year: QualityYear, search: ActionSearch) -> ActionsPage:
    """The list of a year. Five queries."""
    check_actions(user, year)
    language = get_language() or ""
    rows = list(visible(user, year))
    courts = {row.court.code: row.court.label(language) for row in rows}
    shown = [
        row
        for row in rows
        if search.court in ("", row.court.code)
        and search.state in ("", row.state)
        and search.subject in ("", row.subject)
    ]
    return ActionsPage(
        lines=tuple(action_line(user, year, row) for row in shown),
        total=len(rows),
        courts=tuple(Choice(code, name, code == search.court) for code, name in courts.items()),
        states=tuple(Choice(s.value, str(s.label), s.value == search.state) for s in State),
        may_open=any(may_supervise(user, year, side) for side in review_sides(user)),
        sees_all=sees_all_actions(user, year),
        is_demo=any(is_made(row) for row in rows),
    )


def is_made(row: Action) -> bool:
    """Whether the action belongs to the demonstration, as its own words say."""
    return row.asks.startswith("演示")


def visible(user: Account, year: QualityYear) -> QuerySet[Action]:
    """The actions of the year that the account sees, with their courts and measures."""
    rows = Action.objects.filter(quality_year=year)
    if not sees_all_actions(user, year):
        rows = rows.filter(court__in=action_courts(user, year))
    rows = rows.select_related("quality_year__court", "quality_year__edition", "court__parent")
    return rows.prefetch_related("measures").order_by("-number")


def find_action(user: Account, year: QualityYear, pk: int) -> Action:
    """One action; `NoActionError`, `PermissionDenied`."""
    check_actions(user, year)
    rows = Action.objects.filter(quality_year=year, pk=pk).select_related(
        "quality_year__court",
        "quality_year__edition",
        "court__parent",
        "proposal",
        "opened_by",
        "closed_by",
    )
    row = rows.first()
    if row is None:
        raise NoActionError(_("没有这项督导。请从列表里重新打开。"))
    if not may_view_action(user, row):
        raise PermissionDenied(_("只能查看本院的督导。"))
    return row


def find_action_file(
    user: Account, year: QualityYear, pk: int, file_pk: int
) -> tuple[str, CaseAttachment.Kind, bytes]:
    """Name, kind and bytes of a file of an answer; `NoActionError`, `PermissionDenied`."""
    action = find_action(user, year, pk)
    row = ActionFile.objects.filter(answer__action=action, pk=file_pk).first()
    if row is None:
        raise NoActionError(_("没有这个附件。请从列表里重新打开。"))
    return row.name, CaseAttachment.Kind(row.kind), bytes(row.content)


def action_line(user: Account, year: QualityYear, row: Action) -> ActionLine:
    """The action as the list shows it; its measures are read."""
    month = Month(row.quality_year.year, row.month)
    rulebook = rulebook_of(row.quality_year, month)
    measures = list(row.measures.all())
    today = database_clock.today()
    return ActionLine(
        pk=row.pk,
        number=row.number,
        court=row.court.code,
        court_name=court_label(year, row.court, month),
        department=row.department,
        side=row.side,
        side_label=side_label(rulebook, row.side),
        subject=row.subject,
        subject_label=subject_label(rulebook, row.subject) if row.subject else "",
        month=month,
        month_name=month_name(month),
        state=row.state,
        state_label=row.get_state_display(),
        asks=row.asks,
        cause=row.cause,
        due_on=row.due_on,
        is_overdue=is_overdue(row, measures, today),
        measures=len(measures),
        done=sum(one.done_on is not None for one in measures),
        opened_at=row.opened_at,
        waits_for_me=_waits(user, row),
    )


def is_overdue(row: Action, measures: Iterable[ActionMeasure], today: date) -> bool:
    """Whether an answer, or a measure of an action under way, is past its day."""
    late = row.state in Action.WITH_COURT and row.due_on < today
    return late or (
        row.state in Action.OPEN and any(measure_is_overdue(one, today) for one in measures)
    )


def measure_is_overdue(row: ActionMeasure, today: date) -> bool:
    """Whether a measure was not carried out by its last day; on that day it is not late."""
    return row.done_on is None and row.due_on < today


def _waits(user: Account, row: Action) -> bool:
    if row.state in Action.WITH_COURT:
        return may_answer_action(user, row)
    is_office = may_supervise(user, row.quality_year, row.side)
    return row.state in (State.ANSWERED, State.ACCEPTED) and is_office


def action_page(user: Account, row: Action) -> ActionPage:
    """Everything about one action."""
    year, today = row.quality_year, database_clock.today()
    language = get_language() or ""
    month = Month(year.year, row.month)
    rulebook = rulebook_of(year, month)
    rules = supervision_of(year)
    measures = list(row.measures.all())
    answers = list(row.answers.select_related("by", "checked_by").prefetch_related("files"))
    last = answers[-1].by_id if answers else None
    proposal = row.proposal
    kind = rules.proposal(proposal.rule) if proposal else None
    hides = proposal is not None and shows_places(proposal.figures) and own_points_only(user, year)
    chosen = rules.cause(row.cause_code)
    metrics = _metrics(rulebook, row.subject)
    found = found_causes(user, year, row.court, metrics, month)
    supervises = may_supervise(user, year, row.side)
    return ActionPage(
        line=action_line(user, year, row),
        row=row,
        version=row.version,
        alarm="" if proposal is None or hides else alarm_sentence(proposal.figures, rulebook),
        alarm_label=kind.label.get(language) if kind else "",
        cause_label=chosen.label.get(language)
        if chosen
        else cause_label(year, metrics, row.cause_code),
        causes=causes_of_side(year, row.side, row.cause_code, found),
        found=found,
        measures=tuple(MeasureLine(one, measure_is_overdue(one, today)) for one in measures),
        answers=tuple(AnswerLine(one, tuple(one.files.all())) for one in answers),
        effect=effects_of(year, [row]).get(row.pk),
        is_item=row.subject in rulebook.item_by_code,
        is_demo=is_made(row),
        may_supervise=supervises,
        may_answer=may_answer_action(user, row),
        may_check=row.state == State.ANSWERED and may_check_answer(user, row, last),
        may_close=supervises and row.state == State.ACCEPTED,
        today=today,
        most_files=MOST_FILES,
        most_megabytes=MOST_BYTES // 1024 // 1024,
    )


def causes_of_side(
    year: QualityYear, side: str, current: str, found: Sequence[FoundCause] = ()
) -> tuple[Choice, ...]:
    """The causes to choose from: those that registers name, then the scheme's for that side."""
    language = get_language() or ""
    choices = {one.code: one.label for one in found}
    for one in supervision_of(year).causes:
        if not side or side in {each.value for each in one.sides}:
            choices.setdefault(one.code, one.label.get(language))
    return tuple(Choice(code, label, code == current) for code, label in choices.items())


def _metrics(rulebook: Rulebook, subject: str) -> tuple[str, ...]:
    """The figures that an item or metric is about."""
    item = rulebook.item_by_code.get(subject)
    metrics = item.metrics if item is not None else (subject,) if subject else ()
    return tuple(dict.fromkeys(metrics))


def order_page(user: Account, year: QualityYear, court: str, subject: str, month: int) -> OrderPage:
    """What the account's office can ask a court about."""
    sides = review_sides(user)
    if not any(may_supervise(user, year, side) for side in sides):
        raise PermissionDenied(_("只有管理部门可以发出督导。"))
    language = get_language() or ""
    at = Month(year.year, month)
    rulebook = rulebook_of(year, at)
    known = Court.objects.in_month(year, month).select_related("parent").filter(code=court).first()
    metrics = _metrics(rulebook, subject)
    found = found_causes(user, year, known, metrics, at) if known and metrics else ()
    groups = []
    for share in rulebook.sides:
        if share.side.value in sides:
            items = [
                Choice(one.code, f"{one.code} {one.label.get(language)}", one.code == subject)
                for one in rulebook.items
                if one.side is share.side
            ]
            figures = [
                Choice(one.code, one.label.get(language), one.code == subject)
                for one in rulebook.metrics_of(share.side)
            ]
            groups.append((share.label.get(language), (*items, *figures)))
    return OrderPage(
        courts=tuple(
            Choice(one.code, one.label(language), one.code == court) for one in courts_of(year, at)
        ),
        subjects=tuple((label, tuple(choices)) for label, choices in groups),
        sides=tuple(Choice(one, side_label(rulebook, one), False) for one in sorted(sides)),
        causes=causes_of_side(year, "", "", found),
        found=found,
        months=tuple((n, month_name(Month(year.year, n))) for n in range(1, 13)),
        due_on=database_clock.today() + timedelta(days=USUAL_DAYS),
    )


def side_of(year: QualityYear, month: int, subject: str) -> str:
    """The side of an item or metric; empty where the rules know none such."""
    rulebook = rulebook_of(year, Month(year.year, month))
    item, metric = rulebook.item_by_code.get(subject), rulebook.metrics.get(subject)
    return item.side.value if item else metric.side.value if metric else ""
