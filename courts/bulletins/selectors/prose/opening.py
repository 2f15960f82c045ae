"""Owns the opening: why, up to when, from which systems, by which rules, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from courts.bulletins.selectors.prose.blocks import Block, paragraph
from courts.bulletins.selectors.prose.pen import Pen, sentence
from courts.closings.selectors.close_steps import amount_of, label_of
from courts.frame.listing import clauses, enumerated
from courts.permissions import office_label
from scoring.schema import Side


def opening(pen: Pen) -> Iterator[Block]:
    """The paragraphs before the first part."""
    yield paragraph("intro.purpose", _purpose(pen))
    yield paragraph("intro.data", _data(pen) + _rules(pen))
    gaps = "".join((_missing(pen), _closed_with_gaps(pen), _provisional(pen)))
    if gaps:
        yield paragraph("intro.gaps", gaps)


def _purpose(pen: Pen) -> str:
    months = pen.months()
    said = pen.month.words.purpose.get(pen.language)
    if said:
        return said % {"months": months}
    return _("现将%(months)s考核情况通报如下。") % {"months": months}


def _data(pen: Pen) -> str:
    """Up to when the data stand, from which systems, and who verified them."""
    day = timezone.localtime(pen.month.data_at)
    date = pen.plain(
        "month:data_at",
        _("%(year)s年%(month)s月%(day)s日")
        % {"year": day.year, "month": day.month, "day": day.day},
        _("数据截止日"),
    )
    lines = [
        _("%(side)s数据取自%(source)s，由%(office)s核实")
        % {
            "side": pen.month.side_label(side, pen.language),
            "source": _source(pen, side),
            "office": office_label(pen.month.rulebook, side),
        }
        for side in pen.month.sides
    ]
    text = _("数据截至%(date)s。%(sources)s。因系统原因，数据可能与实际略有误差。")
    return text % {"date": date, "sources": clauses(lines)}


def _source(pen: Pen, side: str) -> str:
    """The systems that the figures of a side come from, each once."""
    sources = {
        metric.source.get(pen.language): None
        for metric in pen.month.rulebook.metrics_of(Side(side))
    }
    return enumerated(sources)


def _rules(pen: Pen) -> str:
    """The edition in force, and the readings that were decided."""
    edition = pen.month.head["edition"]
    rulebook = pen.month.rulebook
    parts = [
        _("考核依据%(document)s（规则校验值%(hash)s）。")
        % {
            "document": pen.plain(
                "rules:document", rulebook.document.get(pen.language), _("依据文件")
            ),
            "hash": pen.plain("rules:sha256", edition["sha256"][:8], _("规则校验值")),
        }
    ]
    decided = [one["reading"] for one in pen.month.parts.rules["decisions"]]
    if not rulebook.readings:
        return "".join(parts)
    if not decided:
        return "".join((*parts, _("对规则的各项解读均取默认值。")))
    readings = []
    for code in decided:
        reading = rulebook.reading_by_code[code]
        option = reading.option(pen.month.frozen.readings[code])
        readings.append(
            _("“%(question)s”取“%(option)s”")
            % {
                "question": reading.question.get(pen.language),
                "option": option.label.get(pen.language),
            }
        )
    text = _("以下解读经决定采用：%(readings)s；其余取默认值。")
    return "".join((*parts, text % {"readings": clauses(readings)}))


def _missing(pen: Pen) -> str:
    """Whose returns are in none of the numbers."""
    lines = []
    for side in pen.month.sides:
        courts = [
            court
            for court in pen.month.courts
            if not (court.return_of(side) or {}).get("counts", False)
        ]
        if courts:
            lines.append(
                _("%(side)s报表尚未核实的有%(courts)s")
                % {
                    "side": pen.month.side_label(side, pen.language),
                    "courts": pen.names(courts),
                }
            )
    return sentence(clauses(lines))


def _closed_with_gaps(pen: Pen) -> str:
    """What was missing when the month was closed, and the reason as it was given."""
    found = []
    for one in pen.month.head["closings"]:
        if one["reason"]:
            side = one["side"]
            reason = pen.plain(f"month:{side}_reason", one["reason"], _("仍予关账的理由"))
            values = {
                "side": pen.month.side_label(side, pen.language),
                "gaps": enumerated(_gap(pen, side, gap) for gap in one["gaps"]),
                "reason": reason,
            }
            text = _("%(side)s数据在尚有未完成事项时关账，理由是：%(reason)s。")
            if values["gaps"]:
                text = _("%(side)s数据在尚有未完成事项（%(gaps)s）时关账，理由是：%(reason)s。")
            found.append(text % values)
    return "".join(found)


def _gap(pen: Pen, side: str, gap: Mapping[str, Any]) -> str:
    """One thing that was missing, with how much of it in its own unit."""
    code, label = gap["code"], label_of(gap["code"])
    if not label:
        return pen.plain(f"month:{side}_gap_{code}", gap["sentence"], _("未完成事项"))
    count = pen.plain(f"month:{side}_gap_{code}", gap["count"], label)
    return _("%(label)s%(amount)s") % {"label": label, "amount": amount_of(code, count)}


def _provisional(pen: Pen) -> str:
    if not any(court.is_provisional for court in pen.month.courts):
        return ""
    if not pen.month.has_totals:
        return _("部分考核项尚未计分，得分为暂定。")
    return _("部分考核项尚未计分，得分和名次为暂定。")
