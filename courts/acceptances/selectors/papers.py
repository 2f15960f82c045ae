"""Owns the acceptance as plain documents: one paper a court, and the table of the whole year.

Words come finished from `acceptance` or stand here, in the active language; every number of points
is a field that names its place in the snapshot. Renderers add no word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _

from courts.acceptances.selectors.acceptance import (
    SHOWN_OF_HASH,
    AcceptedCourt,
    AcceptedItem,
    AcceptedSide,
    YearAcceptance,
    day_of,
)
from courts.frame.listing import enumerated, noted, phrases
from courts.papers.document import (
    SERIES,
    START,
    Block,
    Cell,
    Column,
    Document,
    Field,
    Heading,
    HeadLine,
    Marks,
    Paragraph,
    Row,
    Run,
    Table,
    Text,
)
from courts.wording.months import day_name


def court_paper(page: YearAcceptance, court: AcceptedCourt) -> Document:
    """One court's paper: annex 1 filled, then everything that stands behind it."""
    blocks: list[Block] = [_said(_basis(page)), _said(_sum(page, court))]
    numbered = iter(_numbers())
    for side in court.sides:
        blocks += [_heading(next(numbered), side.label), _side_table(court, side)]
    if page.has_ballots:
        blocks.append(_heading(next(numbered), _("无记名投票评分及记录")))
        blocks += _lines(
            [
                _(
                    "%(title)s（%(month)s）：有效票%(counted)s张，平均%(mean)s分；封存校验值%(hash)s。"
                )
                % {
                    "title": one.title,
                    "month": one.month,
                    "counted": one.counted,
                    "mean": one.mean,
                    "hash": one.close_hash[:SHOWN_OF_HASH] or "—",
                }
                for one in court.rounds
            ],
            _("没有已开票的轮次。"),
        )
    blocks.append(_heading(next(numbered), _("单独评分（附注）")))
    blocks += _lines(
        [f"[{note.number}] {note.text}" for note in court.footnotes], _("没有单独评分。")
    )
    blocks.append(_heading(next(numbered), _("更正")))
    blocks += _lines(
        [
            _restated(page)
            % {
                "month": one.month,
                "total": one.total,
                "rank": one.rank,
                "reason": one.reason,
                "old": one.old_sha256[:SHOWN_OF_HASH],
                "new": one.new_sha256[:SHOWN_OF_HASH],
            }
            for one in court.restatements
        ],
        _("没有更正。"),
    )
    if court.readings:
        blocks.append(_heading(next(numbered), _("所用解读")))
        blocks += _lines(
            [
                f"{one.paragraph}　{one.question}　{noted(one.option, one.decision)}"
                for one in court.readings
            ],
            _("没有需要解读的条文。"),
        )
    for slot in court.slots:
        blocks.append(_heading(next(numbered), slot.title))
        blocks += _lines(slot.lines, slot.text)
    blocks.append(_said(_("领导小组签署：＿＿＿＿＿＿　＿＿＿＿＿＿")))
    return _document(page, (court.name, _title(page)), blocks, is_demo=court.is_demo)


def table_paper(page: YearAcceptance) -> Document:
    """The table that goes into the appraisal by targets (目标责任制考核)."""
    columns = [
        Column(_("法院"), width=4, align=START),
        *(Column(label, width=2) for label in page.side_labels),
        *([Column(_("总分"), width=2)] if page.has_total else []),
        *([Column(_("名次"), width=1)] if page.has_ranks else []),
        Column(_("说明"), width=3),
    ]
    rows = []
    for court in page.courts:
        total = (_points(f"court/{court.code}/score/total", court.total),)
        rank = (_points(f"court/{court.code}/score/rank", court.rank),)
        cells = [
            (Text(court.name),),
            *(
                (_points(f"court/{court.code}/score/halves/{side.code}", side.points),)
                for side in court.sides
            ),
            *([total] if page.has_total else []),
            *([rank] if page.has_ranks else []),
            (Text(_("暂定") if court.is_provisional else ""),),
        ]
        is_apart = page.has_ranks and not court.is_ranked
        rows.append(Row(tuple(Cell(runs) for runs in cells), is_apart=is_apart))
    table = Table(
        caption=(Text(_("%(year)s年度各法院得分") % {"year": page.year}),),
        columns=tuple(columns),
        rows=tuple(rows),
        notes=tuple(Paragraph((Text(sentence),)) for sentence in page.unranked),
    )
    blocks: list[Block] = [
        _said(_basis(page)),
        table,
        _said(_("领导小组签署：＿＿＿＿＿＿　＿＿＿＿＿＿")),
    ]
    title = (_title(page), _("纳入目标责任制考核得分表"))
    return _document(page, title, blocks, is_demo=page.is_demo)


def _restated(page: YearAcceptance) -> str:
    """How a line tells of a month that was restated: with what the rules have of it."""
    if page.has_ranks:
        return _("%(month)s：总分%(total)s，名次%(rank)s。原因：%(reason)s（%(old)s → %(new)s）")
    if page.has_total:
        return _("%(month)s：总分%(total)s。原因：%(reason)s（%(old)s → %(new)s）")
    return _("%(month)s。原因：%(reason)s（%(old)s → %(new)s）")


def _title(page: YearAcceptance) -> str:
    return _("%(year)s年“审判执行质量年”年终验收") % {"year": page.year}


def _basis(page: YearAcceptance) -> str:
    """From what the paper was made."""
    if page.missing:
        return _("未定稿，不得签署：%(missing)s") % {"missing": "".join(page.missing)}
    text = _("依据12月已通报的数据快照（校验值%(hash)s）编制。")
    return text % {"hash": enumerated(one[:SHOWN_OF_HASH] for one in page.snapshots)}


def _sum(page: YearAcceptance, court: AcceptedCourt) -> str:
    halves = phrases(f"{side.label}{side.points}" for side in court.sides)
    values = {"halves": halves, "total": court.total, "rank": court.rank}
    text = _("%(halves)s，总分%(total)s") % values if page.has_total else halves
    if court.is_ranked:
        text += _("，第%(rank)s名") % values
    return text + (_("（暂定）。") if court.is_provisional else _("。"))


def _side_table(court: AcceptedCourt, side: AcceptedSide) -> Table:
    columns = (
        Column(_("考核项"), width=2),
        Column(_("内容"), width=6, align=START),
        Column(_("满分"), width=2),
        Column(_("完成"), width=3),
        Column(_("目标"), width=3),
        Column(_("得分"), width=2),
        Column(_("说明"), width=3),
    )
    rows = [Row(tuple(Cell(runs) for runs in _item(court, item))) for item in side.items]
    total = (
        (Text(_("合计")),),
        *((Text(""),) for _column in range(4)),
        (_points(f"court/{court.code}/score/halves/{side.code}", side.points),),
        (Text(""),),
    )
    rows.append(Row(tuple(Cell(runs) for runs in total), is_apart=True))
    return Table(
        caption=(Text(_("逐项得分（%(side)s）") % {"side": side.label}),),
        columns=columns,
        rows=tuple(rows),
    )


def _item(court: AcceptedCourt, item: AcceptedItem) -> Sequence[tuple[Run, ...]]:
    place = f"court/{court.code}/score/items/{item.code}"
    notes = "".join(f"[{number}]" for number in item.notes)
    return (
        (Text(item.code),),
        (Text(item.label),),
        (_points(f"{place}/max_points", item.max_points, item.paragraph),),
        (_points(f"{place}/value", item.value, item.paragraph),),
        (_points(f"{place}/target", item.target, item.paragraph),),
        (_points(f"{place}/points", item.points, item.paragraph),),
        (Text(item.status + notes),),
    )


def _points(key: str, text: str, source: str = "") -> Run:
    """A number with its place in the snapshot; a dash is no number."""
    return Text(text) if text == "—" else Field(key, text, source)


def _said(text: str) -> Paragraph:
    return Paragraph((Text(text),))


def _heading(number: str, text: str) -> Heading:
    return Heading(1, (Text(f"{number}{text}"),))


def _lines(lines: Sequence[str], without: str) -> list[Block]:
    return [_said(line) for line in lines] or [_said(without)]


def _numbers() -> Iterable[str]:
    """The numbers of first-level headings, as official papers write them."""
    return (f"{sign}、" for sign in "一二三四五六七八九十")


def _document(
    page: YearAcceptance, title: tuple[str, ...], blocks: Sequence[Block], *, is_demo: bool
) -> Document:
    day: date = day_of(page)
    return Document(
        carrier=SERIES,
        language="zh",
        head=(HeadLine(page.root_name),),
        number="",
        title=title,
        addressee="",
        blocks=tuple(blocks),
        signature=(),
        issuer=_("“审判执行质量年”活动领导小组"),
        date=day_name(day),
        day=day.isoformat(),
        marks=Marks(demo=_("演示数据") if is_demo else ""),
        stamp=page.snapshots[0] if page.snapshots else "",
    )
