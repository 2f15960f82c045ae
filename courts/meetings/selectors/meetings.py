"""Owns finding meetings, and what their pages and one topic's screen show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts import database_clock
from courts.actions.selectors.alarms import Alarm, alarms
from courts.actions.selectors.proposals import decided_in, is_open_again
from courts.actions.selectors.sentences import alarm_sentence, subject_label
from courts.frame.choices import Choice
from courts.models import Meeting, MeetingTask, MeetingTopic, QualityYear
from courts.permissions import Account, may_hold_meetings, may_view_meetings
from courts.wording.explanations import side_label
from courts.wording.months import month_name
from courts.years.selectors.counted_months import months_with_figures
from courts.years.selectors.entry_windows import local_day
from courts.years.selectors.periods import Period
from courts.years.selectors.years import courts_of, rulebook_of
from scoring.facts import Month
from scoring.schema import Rulebook

State = Meeting.State
USUAL_DAYS = 30


class NoMeetingError(LookupError):
    """The year has no such meeting or topic."""


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """One meeting in the list."""

    pk: int
    title: str
    month_name: str
    held_on: date
    state: str
    state_label: str
    topics: int


@dataclass(frozen=True, slots=True)
class MeetingsPage:
    """The meetings of a year; `months` are those that one can be called about."""

    lines: tuple[MeetingLine, ...]
    months: tuple[tuple[int, str], ...]
    today: date
    may_hold: bool


@dataclass(frozen=True, slots=True)
class TopicLine:
    """One topic: what the figures said, what was decided, and its tasks."""

    pk: int
    position: int
    title: str
    text: str
    court: str
    subject: str
    is_item: bool
    decision: str
    version: int
    tasks: tuple[MeetingTask, ...]


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """A meeting with all of its topics."""

    row: Meeting
    month: Month
    month_name: str
    topics: tuple[TopicLine, ...]
    is_open: bool
    may_write: bool
    is_demo: bool

    @property
    def tasks(self) -> int:
        return sum(len(topic.tasks) for topic in self.topics)


@dataclass(frozen=True, slots=True)
class TopicPage:
    """One topic on one screen; `previous` and `following` are positions, 0 for none."""

    meeting: MeetingPage
    topic: TopicLine
    previous: int
    following: int
    courts: tuple[Choice, ...]
    sides: tuple[Choice, ...]
    due_on: date


def check_meetings(user: Account, year: QualityYear) -> None:
    """`PermissionDenied` unless meetings are the account's business."""
    if not may_view_meetings(user, year):
        raise PermissionDenied(_("会商供管理部门、领导小组和院党组查看。"))


def meetings_page(user: Account, year: QualityYear) -> MeetingsPage:
    """The meetings of a year, the latest first. Two queries."""
    check_meetings(user, year)
    rows = Meeting.objects.filter(quality_year=year).annotate(number=Count("topics"))
    known = months_with_figures(year)
    return MeetingsPage(
        lines=tuple(
            MeetingLine(
                row.pk,
                row.title,
                month_name(Month(year.year, row.month)),
                row.held_on,
                row.state,
                row.get_state_display(),
                row.number,
            )
            for row in rows.order_by("-held_on", "-pk")
        ),
        months=tuple((month.month, month_name(month)) for month in reversed(known)),
        today=database_clock.today(),
        may_hold=may_hold_meetings(user, year),
    )


def agenda(period: Period, now: datetime) -> Sequence[tuple[Alarm, str]]:
    """The alarms of a month that nobody decided about, each with the title of its topic."""
    language = get_language() or ""
    decided, today = decided_in(period.year, period.month), local_day(now)
    found = []
    for alarm in alarms(period, now):
        row = decided.get(alarm.key)
        if row is None or is_open_again(row, today):
            name = f"{alarm.court.label(language)} · {alarm.kind.label.get(language)}"
            found.append((alarm, name))
    return found


def find_meeting(user: Account, year: QualityYear, pk: int) -> Meeting:
    """One meeting; `NoMeetingError`, `PermissionDenied`."""
    check_meetings(user, year)
    row = (
        Meeting.objects.filter(quality_year=year, pk=pk)
        .select_related("quality_year__court", "quality_year__edition", "made_by", "closed_by")
        .first()
    )
    if row is None:
        raise NoMeetingError(_("没有这次会商。请从列表里重新打开。"))
    return row


def meeting_page(user: Account, row: Meeting) -> MeetingPage:
    """A meeting with its topics and tasks. Three queries."""
    month = Month(row.quality_year.year, row.month)
    rulebook = rulebook_of(row.quality_year, month)
    topics = row.topics.select_related("court").prefetch_related("tasks__court", "tasks__action")
    is_open = row.state == State.OPEN
    return MeetingPage(
        row=row,
        month=month,
        month_name=month_name(month),
        topics=tuple(_topic(topic, rulebook) for topic in topics),
        is_open=is_open,
        may_write=is_open and may_hold_meetings(user, row.quality_year),
        is_demo=row.title.startswith("演示"),
    )


def _topic(row: MeetingTopic, rulebook: Rulebook) -> TopicLine:
    text = alarm_sentence(row.figures, rulebook)
    if not text and row.subject:
        text = subject_label(rulebook, row.subject)
    return TopicLine(
        pk=row.pk,
        position=row.position,
        title=row.title,
        text=text,
        court=row.court.code if row.court else "",
        subject=row.subject,
        is_item=row.subject in rulebook.item_by_code,
        decision=row.decision,
        version=row.version,
        tasks=tuple(row.tasks.all()),
    )


def topic_page(user: Account, row: Meeting, position: int) -> TopicPage:
    """One topic; `NoMeetingError` for a position that the agenda does not have."""
    page = meeting_page(user, row)
    positions = [topic.position for topic in page.topics]
    if position not in positions:
        raise NoMeetingError(_("没有这个议题。请刷新页面后再选。"))
    place = positions.index(position)
    topic = page.topics[place]
    language = get_language() or ""
    rulebook = rulebook_of(row.quality_year, page.month)
    own = next((one for one in row.topics.all() if one.pk == topic.pk), None)
    return TopicPage(
        meeting=page,
        topic=topic,
        previous=positions[place - 1] if place else 0,
        following=positions[place + 1] if place + 1 < len(positions) else 0,
        courts=tuple(
            Choice(one.code, one.label(language), one.code == topic.court)
            for one in courts_of(row.quality_year, page.month)
        ),
        sides=tuple(
            Choice(
                side.value,
                side_label(rulebook, side),
                own is not None and own.side == side.value,
            )
            for side in rulebook.share_of
        ),
        due_on=database_clock.today() + timedelta(days=USUAL_DAYS),
    )
