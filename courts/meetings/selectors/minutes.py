"""Owns the minutes of a meeting as a plain document (会商纪要)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from courts.meetings.selectors.meetings import MeetingPage, TopicLine
from courts.papers.document import (
    SERIES,
    START,
    Block,
    Cell,
    Column,
    Document,
    Heading,
    HeadLine,
    Marks,
    Paragraph,
    Row,
    Table,
    Text,
)
from courts.permissions import offices_label
from courts.wording.months import day_name
from courts.years.court_changes import court_label, court_names
from courts.years.selectors.years import rulebook_of

NUMERALS = "〇一二三四五六七八九十"


def minutes(page: MeetingPage) -> Document:
    """Who met, and on each topic what the figures said, what was decided, and the tasks."""
    row = page.row
    blocks: list[Block] = []
    if row.present:
        blocks.append(_said(_("出席：%(people)s") % {"people": row.present}))
    for number, topic in enumerate(page.topics, 1):
        blocks += _topic(page, number, topic)
    if not page.is_open and row.closed_by is not None:
        blocks.append(_said(_("记录：%(name)s") % {"name": str(row.closed_by)}))
    else:
        blocks.append(_said(_("会商尚未结束，本稿不是定稿。")))
    day = row.held_on
    return Document(
        carrier=SERIES,
        language="zh",
        head=(HeadLine(court_names(row.quality_year, row.quality_year.court, page.month)[1]),),
        number="",
        title=(row.title, _("会商纪要")),
        addressee="",
        blocks=tuple(blocks),
        signature=(),
        issuer=offices_label(rulebook_of(row.quality_year)),
        date=day_name(day),
        day=day.isoformat(),
        marks=Marks(demo=_("演示数据") if page.is_demo else ""),
    )


def numeral(number: int) -> str:
    """A number as headings of official papers write it: 一, 十二, 二十; up to 99."""
    tens, ones = divmod(number, 10)
    if not tens:
        return NUMERALS[ones]
    return ("" if tens == 1 else NUMERALS[tens]) + "十" + (NUMERALS[ones] if ones else "")


def _topic(page: MeetingPage, number: int, topic: TopicLine) -> list[Block]:
    blocks: list[Block] = [Heading(1, (Text(f"{numeral(number)}、{topic.title}"),))]
    if topic.text:
        blocks.append(_said(topic.text))
    lines = [line for line in topic.decision.splitlines() if line.strip()]
    blocks += [_said(line) for line in lines] or [_said(_("没有作出决定。"))]
    if topic.tasks:
        blocks.append(_tasks(page, topic))
    return blocks


def _tasks(page: MeetingPage, topic: TopicLine) -> Table:
    year = page.row.quality_year
    rows = [
        (
            task.text,
            court_label(year, task.court, page.month) + task.department,
            task.due_on.isoformat(),
            "" if task.action is None else _("督导%(number)s") % {"number": task.action.number},
        )
        for task in topic.tasks
    ]
    return Table(
        caption=(Text(_("任务")),),
        columns=(
            Column(_("任务"), width=6, align=START),
            Column(_("责任单位"), width=3),
            Column(_("期限"), width=2),
            Column(_("督导"), width=2),
        ),
        rows=tuple(Row(tuple(Cell((Text(text),)) for text in row)) for row in rows),
    )


def _said(text: str) -> Paragraph:
    return Paragraph((Text(text),))
