"""Owns what waits for somebody about actions and alarms: answers, checks, measures, visits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from courts.actions.selectors.sentences import subject_label
from courts.models import Action, ActionAnswer, Proposal, QualityYear
from courts.permissions import may_answer_action, may_check_answer, may_supervise
from courts.years.open_work import Asked, OpenItem, kind
from courts.years.selectors.entry_windows import local_day, start_of
from courts.years.selectors.years import rulebook_of
from courts.years.work_sides import DESK, OFFICE
from scoring.facts import Month

State = Action.State


def _rows(asked: Asked) -> Sequence[Action]:
    """The actions under way, with their measures and answers. Three queries."""

    def write() -> QuerySet[Action]:
        rows = Action.objects.filter(quality_year__in=asked.years, state__in=Action.OPEN)
        rows = rows.select_related("quality_year__court", "court__parent")
        return rows.prefetch_related("measures", "answers")

    def read() -> Sequence[Action]:
        found = asked.rows("actions", write)
        return [row for row in found if asked.takes_part(row.court_id, row.quality_year_id)]

    return asked.once("actions", read)


def _answers(asked: Asked, row: Action) -> bool:
    return asked.user is None or may_answer_action(asked.user, row)


def _supervises(asked: Asked, row: Action) -> bool:
    return asked.user is None or may_supervise(asked.user, row.quality_year, row.side)


@kind(
    "action_answer",
    _("待答复的督导"),
    whom=DESK,
    order=25,
    page="courts:actions",
    holds_month=False,
)
def to_answer(asked: Asked) -> Iterator[OpenItem]:
    """Actions that a court has to answer, or to answer again."""
    for row in _rows(asked):
        if row.state in Action.WITH_COURT and _answers(asked, row):
            last = max(
                (one.checked_at for one in row.answers.all() if one.checked_at), default=None
            )
            yield _item(asked, row, last or row.opened_at, _after(row.due_on))


@kind(
    "action_measure",
    _("待完成的整改措施"),
    whom=DESK,
    order=26,
    page="courts:actions",
    holds_month=False,
)
def to_carry_out(asked: Asked) -> Iterator[OpenItem]:
    """Measures that are not done yet."""
    for row in _rows(asked):
        if not _answers(asked, row):
            continue
        for measure in row.measures.all():
            if measure.done_on is None:
                yield _item(asked, row, row.opened_at, _after(measure.due_on), measure.text)


@kind(
    "action_check",
    _("待检查的整改答复"),
    whom=OFFICE,
    order=55,
    page="courts:actions",
    holds_month=False,
)
def to_check(asked: Asked) -> Iterator[OpenItem]:
    """Answers that the office has to check."""
    for row in _rows(asked):
        answers: list[ActionAnswer] = list(row.answers.all())
        if row.state != State.ANSWERED or not answers:
            continue
        last = answers[-1]
        if asked.user is None or may_check_answer(asked.user, row, last.by_id):
            yield _item(asked, row, last.at)


@kind(
    "action_close",
    _("可以办结的督导"),
    whom=OFFICE,
    order=56,
    page="courts:actions",
    holds_month=False,
)
def to_close(asked: Asked) -> Iterator[OpenItem]:
    """Actions whose answer was accepted and whose measures are all done."""
    for row in _rows(asked):
        is_done = all(one.done_on is not None for one in row.measures.all())
        if row.state == State.ACCEPTED and is_done and _supervises(asked, row):
            checked = [one.checked_at for one in row.answers.all() if one.checked_at]
            yield _item(asked, row, max(checked, default=row.opened_at))


@kind(
    "action_visit",
    _("待进行的实地督导"),
    whom=OFFICE,
    order=57,
    page="courts:actions",
    holds_month=False,
)
def to_visit(asked: Asked) -> Iterator[OpenItem]:
    """Visits that are planned and not recorded yet."""
    for row in _rows(asked):
        if row.visit_on and not row.visited_on and _supervises(asked, row):
            yield _item(asked, row, row.opened_at, _after(row.visit_on))


@kind(
    "action_overdue",
    _("逾期的督导"),
    whom=OFFICE,
    order=58,
    page="courts:actions",
    holds_month=False,
)
def overdue(asked: Asked) -> Iterator[OpenItem]:
    """Actions whose answer or measure a court is late with: the office reminds it."""
    today = local_day(asked.now)
    for row in _rows(asked):
        days = [one.due_on for one in row.measures.all() if one.done_on is None]
        if row.state in Action.WITH_COURT:
            days.append(row.due_on)
        late = [day for day in days if day < today]
        if late and _supervises(asked, row):
            yield _item(asked, row, row.opened_at, _after(min(late)))


@kind(
    "proposal_due",
    _("到期再议的督导建议"),
    whom=OFFICE,
    order=59,
    page="courts:proposals",
    holds_month=False,
    # Proposals are for offices and leaders: no court waits for one, or hears of it.
    of_court=False,
    for_offices=True,
)
def put_off(asked: Asked) -> Iterator[OpenItem]:
    """Alarms that were put off until a day that has come. One query."""
    day = local_day(asked.now)

    def write() -> QuerySet[Proposal]:
        rows = Proposal.objects.filter(
            quality_year__in=asked.years,
            state=Proposal.State.POSTPONED,
            until__lte=day,
        )
        return rows.select_related("quality_year__court", "court__parent")

    for row in asked.rows(("proposals", day), write):
        if not asked.takes_part(row.court_id, row.quality_year_id):
            continue
        if asked.user is not None and not may_supervise(asked.user, row.quality_year, row.side):
            continue
        year = asked.year_of(row.quality_year.year)
        yield OpenItem(
            view="courts:proposals",
            args=(year.code,),
            year=year,
            since=row.at,
            until=start_of(row.until) if row.until else None,
            court=row.court,
            month=Month(year.year, row.month),
            side=row.side,
            title=_subject(year, row.month, row.subject),
            note=row.reason,
        )


def _subject(year: QualityYear, month: int, subject: str) -> str:
    """What an item or metric is called by the rules of its month; nothing for none."""
    return subject_label(rulebook_of(year, Month(year.year, month)), subject) if subject else ""


def _after(day: date) -> datetime:
    """The first moment after a day."""
    return start_of(day, days_later=1)


def _item(
    asked: Asked,
    row: Action,
    since: datetime,
    until: datetime | None = None,
    note: str = "",
) -> OpenItem:
    year = asked.year_of(row.quality_year.year)
    return OpenItem(
        view="courts:action",
        args=(year.code, row.pk),
        year=year,
        since=since,
        until=until,
        court=row.court,
        month=Month(year.year, row.month),
        side=row.side,
        title=_subject(year, row.month, row.subject) or row.asks[:30],
        note=note or row.department,
        is_demo=row.asks.startswith("演示"),
    )
