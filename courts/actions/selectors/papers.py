"""Owns the papers of an action as plain documents: the order (督办单) and the reply (整改回复)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from courts.actions.selectors.actions import ActionPage, is_made
from courts.frame.listing import addressed
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
from courts.permissions import office_label
from courts.wording.months import day_name
from courts.years.selectors.years import rulebook_of

ORDER, REPLY = "order", "reply"
PAPERS = (ORDER, REPLY)


def action_paper(page: ActionPage, kind: str) -> Document:
    """The paper of that kind; KeyError for another. In the active language."""
    return {ORDER: _order, REPLY: _reply}[kind](page)


def _order(page: ActionPage) -> Document:
    row, line = page.row, page.line
    blocks: list[Block] = []
    if page.alarm:
        blocks += [_heading(_("一、督导原因")), _said(page.alarm)]
    else:
        blocks += [_heading(_("一、督导原因")), _said(line.subject_label or _("见督导要求。"))]
    blocks += [_heading(_("二、督导要求")), *_paragraphs(row.asks)]
    blocks += [_heading(_("三、答复期限"))]
    said = _("请于%(day)s前书面答复，写明原因、措施、责任人和完成期限。")
    blocks.append(_said(said % {"day": _day(row.due_on)}))
    if row.visit_on:
        text = _("拟于%(day)s到院实地督导调研。")
        blocks.append(_said(text % {"day": _day(row.visit_on)}))
    day = timezone.localtime(row.opened_at).date()
    return _document(
        page,
        _("督办单"),
        addressed(row.court.name),
        blocks,
        office_label(rulebook_of(row.quality_year), row.side),
        day,
    )


def _reply(page: ActionPage) -> Document:
    row = page.row
    blocks: list[Block] = [_heading(_("一、原因")), *_paragraphs(_cause(page))]
    if row.findings:
        text = _("%(day)s实地督导发现：%(findings)s")
        values = {"day": _day(row.visited_on) if row.visited_on else "", "findings": row.findings}
        blocks.append(_said(text % values))
    blocks.append(_heading(_("二、整改措施")))
    blocks.append(_measures(page) if page.measures else _said(_("没有列出措施。")))
    blocks.append(_heading(_("三、答复")))
    day = timezone.localtime(row.opened_at).date()
    for answer in page.answers:
        day = timezone.localtime(answer.row.at).date()
        blocks += _paragraphs(answer.row.text)
        for file in answer.files:
            blocks.append(_said(_("附：%(name)s") % {"name": file.name}))
        if answer.row.check_note:
            text = _("检查（%(outcome)s）：%(note)s")
            outcome = answer.row.get_outcome_display()
            blocks.append(_said(text % {"outcome": outcome, "note": answer.row.check_note}))
    if not page.answers:
        blocks.append(_said(_("尚未答复。由法院的填报岗答复。")))
    if page.effect is not None:
        blocks += [_heading(_("四、效果")), _said(page.effect.sentence)]
    to = addressed(office_label(rulebook_of(row.quality_year), row.side))
    return _document(page, _("整改回复"), to, blocks, row.court.name, day)


def _cause(page: ActionPage) -> str:
    return page.row.cause or page.cause_label or _("尚未查明。由法院答复时写明。")


def _measures(page: ActionPage) -> Table:
    rows = [
        (
            one.row.text,
            one.row.owner,
            one.row.due_on.isoformat(),
            one.row.done_on.isoformat() if one.row.done_on else _("未完成"),
            one.row.note,
        )
        for one in page.measures
    ]
    return Table(
        caption=(Text(_("整改措施")),),
        columns=(
            Column(_("措施"), width=5, align=START),
            Column(_("责任人"), width=2),
            Column(_("期限"), width=2),
            Column(_("完成"), width=2),
            Column(_("完成情况"), width=4, align=START),
        ),
        rows=tuple(Row(tuple(Cell((Text(text),)) for text in row)) for row in rows),
    )


def _document(
    page: ActionPage,
    title: str,
    addressee: str,
    blocks: Sequence[Block],
    issuer: str,
    day: date,
) -> Document:
    row = page.row
    number = _("第%(number)s号") % {"number": row.number}
    about = page.line.subject_label
    name = f"{row.court.name}{row.department}"
    return Document(
        carrier=SERIES,
        language="zh",
        head=(HeadLine(row.quality_year.court.name),),
        number=number,
        title=tuple(filter(None, (title, name, about))),
        addressee=addressee,
        blocks=tuple(blocks),
        signature=(issuer,),
        issuer=issuer,
        date=_day(day),
        day=day.isoformat(),
        marks=Marks(demo=_("演示数据") if is_made(row) else ""),
    )


def _day(day: date) -> str:
    return day_name(day)


def _said(text: str) -> Paragraph:
    return Paragraph((Text(text),))


def _paragraphs(text: str) -> list[Block]:
    return [_said(line) for line in text.splitlines() if line.strip()]


def _heading(text: str) -> Heading:
    return Heading(1, (Text(text),))
