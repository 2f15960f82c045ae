"""Owns scores as text for the command line: JSON, CSV, and tables that line up.

The JSON is a public format: its keys and codes do not change with the language. Tables and
explanations speak the active language. Nothing is computed here.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.files.lists import defused
from courts.frame.listing import phrases
from courts.scores.selectors.scores import MonthScores, halves_of
from courts.wording.amounts import with_unit
from courts.wording.explanations import sentence, side_label, spoken, status_label
from scoring.overrides import TOTAL, applied_words
from scoring.results import ItemScore, Overridden, Scorecard
from scoring.rounding import to_decimal, to_text
from scoring.schema import Rulebook, Side

WIDE = "WF"
GAP = "  "


def as_json(scores: MonthScores, cards: Sequence[Scorecard], *, exact: bool = False) -> str:
    """The scorecards as JSON, points as texts with two decimals.

    With `exact`, each item has its unrounded value as well, as a fraction `n/d`, or null.
    """
    context = scores.scoreboard.context
    answer: dict[str, Any] = {
        "rulebook": context.rulebook.code,
        "month": str(context.month),
        "readings": dict(context.readings),
    }
    if scores.is_demo:
        answer["demo"] = True
    answer["courts"] = [_court(context.rulebook, card, exact=exact) for card in cards]
    return json.dumps(answer, ensure_ascii=False, indent=2)


def _court(rulebook: Rulebook, card: Scorecard, *, exact: bool) -> dict[str, Any]:
    court = {
        "court": card.court,
        "level": card.level.value,
        "rank": card.rank,
        "total": total_text(rulebook, card),
        "provisional": card.provisional,
        **{share.side.value: _half(card, share.side) for share in rulebook.sides},
        "items": [_item(score, exact=exact) for score in card.items],
    }
    if card.overrides:
        court["overrides"] = [_overridden(applied) for applied in card.overrides]
    return court


def total_text(rulebook: Rulebook, card: Scorecard) -> str | None:
    """The total; None where the edition has none, or assesses no court of the level."""
    return to_text(card.total) if rulebook.has_total and card.items else None


def _half(card: Scorecard, side: Side) -> str | None:
    """The points of a side; None for a court that is not assessed."""
    return to_text(card.half(side)) if card.items else None


def _overridden(applied: Overridden) -> dict[str, Any]:
    override = applied.override
    return {
        "override": override.code,
        "on": TOTAL if override.on is None else override.on.value,
        "before": to_text(to_decimal(applied.before)),
        "after": to_text(to_decimal(applied.after)),
        "not_ranked": override.not_ranked,
        "paragraph": override.paragraph,
    }


def _item(score: ItemScore, *, exact: bool) -> dict[str, Any]:
    item: dict[str, Any] = {
        "item": score.item.code,
        "points": _text(score.points),
        "max": _text(score.cap),
        "status": score.status.value,
        "value": _text(score.value),
        "unit": score.unit.value,
        "target": _text(score.target),
        "steps": [step.as_dict() for step in score.steps],
    }
    if exact:
        value = score.value
        item["exact"] = None if value is None else f"{value.numerator}/{value.denominator}"
    return item


def origin(scores: MonthScores) -> str:
    """In words, where the points are from: a closed month's snapshot, or the data as they are."""
    rulebook = scores.scoreboard.context.rulebook
    sides = [share.side.value for share in rulebook.sides]
    frozen = [side for side in sides if side in scores.snapshots]
    if not frozen:
        return _("按现有数据计算。")
    named = phrases(f"{side_label(rulebook, side)} {scores.snapshots[side]}" for side in frozen)
    if len(frozen) < len(sides):
        text = _("取自已关账月份的快照：%(named)s；其余按现有数据计算。")
    else:
        text = _("取自已关账月份的快照：%(named)s。")
    return text % {"named": named}


def as_csv(scores: MonthScores, cards: Sequence[Scorecard]) -> str:
    """One line a court with its points per item; an item without points is empty."""
    rulebook = scores.scoreboard.context.rulebook
    items = [item.code for item in rulebook.items]
    sides = [share.side for share in rulebook.sides]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns = ("court", "name", "level", "rank", "total", "provisional", "demo")
    writer.writerow([*columns, *(side.value for side in sides), *items])
    for card in cards:
        points = {score.item.code: score.points for score in card.items}
        writer.writerow(
            [
                card.court,
                defused(scores.courts[card.court].name),
                card.level.value,
                "" if card.rank is None else card.rank,
                total_text(rulebook, card) or "",
                int(card.provisional),
                int(card.court in scores.demo),
                *(_half(card, side) or "" for side in sides),
                *(_text(points.get(code)) or "" for code in items),
            ]
        )
    return out.getvalue()


def as_table(scores: MonthScores, cards: Sequence[Scorecard]) -> str:
    """The ranking as a table that lines up, whatever the width of its characters."""
    language = get_language() or ""
    rulebook = scores.scoreboard.context.rulebook
    labels = [share.label.get(language) for share in rulebook.sides]
    ranks = [] if rulebook.ranked_level is None else [_("名次")]
    totals = [_("总分")] if rulebook.has_total else []
    header = [*ranks, _("法院"), *labels, *totals, ""]
    lines = []
    for card in cards:
        points = [to_text(half.points) for half in halves_of(rulebook, card)]
        rank = "—" if card.rank is None else str(card.rank)
        lines.append(
            [
                *(rank for _title in ranks),
                scores.courts[card.court].label(language),
                *(text if card.items else "—" for text in points),
                *(total_text(rulebook, card) or "—" for _title in totals),
                _("暂定") if card.provisional else "",
            ]
        )
    title = _heading(scores)
    numbers = {*range(len(ranks)), *range(len(ranks) + 1, len(header) - 1)}
    return "\n".join([title, *aligned([header, *lines], numbers=numbers)])


def _heading(scores: MonthScores) -> str:
    context = scores.scoreboard.context
    title = f"{context.rulebook.title.get(get_language() or '')} {context.month}"
    return f"{title}【{_('演示数据')}】" if scores.is_demo else title


def as_explanation(scores: MonthScores, cards: Sequence[Scorecard]) -> str:
    """Every item of the courts with the sentences that lead to its points."""
    language = get_language() or ""
    rulebook = scores.scoreboard.context.rulebook
    names = {code: court.label(language) for code, court in scores.courts.items()}
    lines = [_heading(scores)]
    for card in cards:
        rank = "" if card.rank is None else _("，第%(rank)s名") % {"rank": card.rank}
        values = {
            "court": names[card.court],
            "total": total_text(rulebook, card) or "—",
            "halves": phrases(
                f"{half.label} {to_text(half.points)}" for half in halves_of(rulebook, card)
            ),
            "rank": rank,
            "provisional": _("（暂定）") if card.provisional else "",
        }
        text = _("%(court)s：%(halves)s%(provisional)s")
        if rulebook.has_total:
            text = _("%(court)s：总分 %(total)s%(provisional)s（%(halves)s）%(rank)s")
        lines += ["", text % values]
        lines += [f"  {one}" for one in _overrides(rulebook, card)]
        for score in card.items:
            lines.append("")
            lines.append(_item_heading(score, language))
            lines += [f"    {line}" for line in _sentences(score, rulebook, names)]
    return "\n".join(lines)


def _overrides(rulebook: Rulebook, card: Scorecard) -> Iterator[str]:
    """What overrides make of the points, a line each."""
    for applied in card.overrides:
        label = applied.override.label.get(get_language() or "")
        words = spoken(applied_words(rulebook, applied), rulebook)
        yield _("%(label)s：%(text)s") % {"label": label, "text": words}


def _item_heading(score: ItemScore, language: str) -> str:
    points = "—" if score.points is None else to_text(score.points)
    parts = [
        score.item.code,
        score.item.label.get(language),
        points if score.cap is None else f"{points} / {to_text(score.cap)}",
        status_label(score.status),
    ]
    if score.value is not None:
        parts.append(with_unit(to_text(score.value), score.unit))
    return GAP.join(parts)


def _sentences(score: ItemScore, rulebook: Rulebook, names: dict[str, str]) -> Iterator[str]:
    for step in score.steps:
        yield sentence(step, rulebook, names)


def aligned(rows: Sequence[Sequence[str]], numbers: Iterable[int] = ()) -> list[str]:
    """Lines of a table, columns padded to one width; those of numbers end at the same place."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    right = set(numbers)
    return [
        GAP.join(
            _padded(cell, width, right=place in right)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _padded(text: str, width: int, *, right: bool) -> str:
    blanks = " " * (width - _width(text))
    return blanks + text if right else text + blanks


def _width(text: str) -> int:
    """How many columns of a terminal the text takes; Chinese and Korean take two a character."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in WIDE else 1
        for sign in text
    )


def _text(value: Decimal | Fraction | None) -> str | None:
    return None if value is None else to_text(value)
