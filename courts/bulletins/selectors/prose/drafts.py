"""Owns the draft of a bulletin: its parts in order, and the ledger of its live numbers.

The same snapshot gives the same draft in the same language, number by number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from django.utils import translation
from django.utils.translation import gettext as _

from courts.bulletins.selectors.prose.annexes import annexes, points_table
from courts.bulletins.selectors.prose.blocks import Block, heading, paragraph
from courts.bulletins.selectors.prose.goals import goal_text
from courts.bulletins.selectors.prose.items import is_of, item_text
from courts.bulletins.selectors.prose.month import BulletinMonth
from courts.bulletins.selectors.prose.numbers import Ledger
from courts.bulletins.selectors.prose.offered import offer
from courts.bulletins.selectors.prose.opening import opening
from courts.bulletins.selectors.prose.overall import overall
from courts.bulletins.selectors.prose.pen import Pen
from courts.bulletins.selectors.prose.problems import measures, problems
from courts.papers.document import Annex, Table
from courts.papers.tokens import pieces
from scoring.rates import MONTHS_OF_YEAR
from scoring.schema import Side

ACTIVE = {"zh": "zh-hans", "ko": "ko"}
_SENTENCE_END = re.compile(r"\.(?=[^\s.)])")
NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class ProseDraft:
    """The title as it is proposed, the blocks in order, every number they hold, and the tables."""

    title: str
    blocks: tuple[Block, ...]
    ledger: Ledger
    points: Table
    annexes: tuple[Annex, ...]


def draft(month: BulletinMonth, language: str = "zh") -> ProseDraft:
    """The draft in a language, `zh` or `ko`."""
    pen = Pen(month, language, Ledger())
    with translation.override(ACTIVE[language]):
        blocks = tuple(_blocks(pen))
        if language == "ko":
            blocks = tuple(replace(block, text=spaced(block.text)) for block in blocks)
        offer(pen)
        return ProseDraft(title_of(pen), blocks, pen.ledger, points_table(pen), annexes(pen))


def spaced(text: str) -> str:
    """Sentences put side by side, with the blank between them that Korean has."""
    found = ""
    for piece in pieces(text):
        if found.endswith("."):
            found += " "
        found += piece.text if piece.key is not None else _SENTENCE_END.sub(". ", piece.text)
    return found


def title_of(pen: Pen) -> str:
    """The title in plain words; `\\n` where it is broken on paper."""
    year, last = pen.month.month
    months = _("%(year)s年%(month)s月") % {"year": year, "month": last}
    if last > 1:
        months = _("%(year)s年%(first)s—%(month)s月") % {"year": year, "first": 1, "month": last}
    said = pen.month.words.heading.get(pen.language) % {"months": months}
    title = said or _("关于%(months)s考核情况的通报") % {"months": months}
    if pen.month.is_whole:
        return title
    sides = "".join(pen.month.side_label(side, pen.language) for side in pen.month.sides)
    return _("%(title)s（%(side)s）") % {"title": title, "side": sides}


def _blocks(pen: Pen) -> Iterator[Block]:
    yield from opening(pen)
    for number, (key, title, part) in enumerate(_parts(pen)):
        yield heading(f"{key}.heading", numbered(pen, number, title))
        yield from part(pen)


def _parts(pen: Pen) -> Iterator[tuple[str, str, Callable[[Pen], Iterator[Block]]]]:
    yield "overall", _("总体情况"), overall
    for side in pen.month.sides:
        title = _("%(side)s案件情况") % {"side": pen.month.side_label(side, pen.language)}
        yield side, title, _side(side)
    yield "problems", _("存在的问题"), problem_blocks
    yield "measures", _("下一步工作要求"), measure_blocks


def numbered(pen: Pen, number: int, title: str) -> str:
    """一、 in Chinese, 1. in Korean."""
    return _("%(number)s、%(title)s") % {"number": numeral(pen, number), "title": title}


def numeral(pen: Pen, number: int) -> str:
    """How a heading is numbered in the language of the draft; `number` counts from 0."""
    return NUMERALS[number] if pen.language == "zh" else str(number + 1)


def _side(side: str) -> Callable[[Pen], Iterator[Block]]:
    """The part of one side: its groups of items, then its goals."""

    def part(pen: Pen) -> Iterator[Block]:
        groups = [
            group
            for group in pen.month.rulebook.groups
            if group.side == Side(side) and any(is_of(item, group) for item in pen.month.items)
        ]
        for number, group in enumerate(groups):
            title = _("（%(number)s）%(title)s") % {
                "number": numeral(pen, number),
                "title": group.label.get(pen.language),
            }
            yield heading(f"{side}.{group.code}.heading", title, level=2)
            for item in pen.month.items:
                if is_of(item, group):
                    yield _item(pen, item.code)
        for number, goal in enumerate(pen.month.words.goals, start=1):
            if goal.side == Side(side):
                text = goal_text(pen, goal)
                if text:
                    yield paragraph(f"{side}.goal{number}", text)

    return part


def _item(pen: Pen, code: str) -> Block:
    item = pen.month.item[code]
    label = _("%(label)s。") % {"label": item.label.get(pen.language)}
    return paragraph(
        f"{item.side.value}.{code}", label + item_text(pen, item), is_annual=is_annual(pen, code)
    )


def is_annual(pen: Pen, code: str) -> bool:
    """Whether the item's figures of the year before are known for the whole year alone."""
    if pen.month.month.month == MONTHS_OF_YEAR:
        return False
    hows = {
        step["how"]
        for court in pen.month.courts
        if code in court.items
        for one in court.content["score"]["items"]
        if one["item"] == code
        for step in one["steps"]
        if step["kind"] == "baseline"
    }
    return bool(hows) and "same_month" not in hows


def problem_blocks(pen: Pen) -> Iterator[Block]:
    """The problems that the rules find, or a sentence that there are none."""
    found = [block for _problem, block in problems(pen)]
    yield from found or [paragraph("problems.none", _("按现有规则，没有发现需要通报的问题。"))]


def measure_blocks(pen: Pen) -> Iterator[Block]:
    """What is asked of courts because of the problems found, or a sentence that all goes on."""
    codes = frozenset(problem.code for problem, _block in problems(pen))
    found = list(measures(pen, codes))
    yield from found or [paragraph("measures.none", _("各院继续按要求做好各项工作。"))]
