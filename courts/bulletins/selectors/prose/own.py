"""Owns what one court's own paper says where courts see their own rows only (正文四·1).

It is drafted from the parts of the snapshot that the court may have: its own row, the rules, and
means of points over the grassroots courts where `courts.snapshots.aggregates` lets them pass. All
aggregates of a paper are over the same courts, so that none less another tells of fewer. Nothing
that a person wrote stands in it: a text about all courts may name any of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from courts.bulletins.selectors.prose.annexes import (
    CORRECTIONS,
    changes_table,
    decided_table,
    number_cell,
    plain_months,
    returns_table,
    words_cell,
)
from courts.bulletins.selectors.prose.blocks import Block, heading, paragraph, table
from courts.bulletins.selectors.prose.drafts import (
    ACTIVE,
    ProseDraft,
    is_annual,
    measure_blocks,
    numbered,
    numeral,
    problem_blocks,
    spaced,
)
from courts.bulletins.selectors.prose.goals import goal_text
from courts.bulletins.selectors.prose.items import area_text, is_of, suffix, target_text
from courts.bulletins.selectors.prose.month import Area, BulletinMonth, CourtMonth
from courts.bulletins.selectors.prose.numbers import Ledger
from courts.bulletins.selectors.prose.opening import opening
from courts.bulletins.selectors.prose.overall import moves_text, of_cap
from courts.bulletins.selectors.prose.pen import Pen, printed, sentence
from courts.bulletins.selectors.prose.sums import summed
from courts.frame.listing import phrases
from courts.papers.document import START, Annex, Column, Row, Table, Text
from courts.snapshots.aggregates import told_mean, told_together
from courts.snapshots.verification import frozen
from courts.wording.amounts import figure_text, level_name
from scoring.rounding import to_text
from scoring.schema import Item

NAME_WIDTH, NUMBER_WIDTH = 7, 3


class OwnMonth(BulletinMonth):
    """A month of which nothing is here but one court; it is what every area comes to."""

    @property
    def head(self) -> Mapping[str, Any]:
        """What was closed, without what was missing of all courts, and the reasons for it.

        An extract has neither, except of a snapshot of before they were a part of its own.
        """
        held = self.parts.head
        closings = [{**one, "gaps": [], "reason": ""} for one in held["closings"]]
        return {**held, "closings": closings, "reason": ""}

    @property
    def own(self) -> CourtMonth:
        return self.courts[0]

    def area_name(self, area: Area, language: str) -> str:
        """The court's own name."""
        return self.own.name(language)


@dataclass(frozen=True, slots=True)
class Means:
    """Means of printed points over the ranked courts: by side, and of the total.

    Means of items are not told: a mean as large as an item's points would tell those of each court.
    Empty where none may be told. None where a court has no points, or all have the most or none.
    """

    courts: int
    points: Mapping[str, str | None]


def own_month(month: BulletinMonth, code: str) -> OwnMonth:
    """The month, those before and the one it corrects, cut to one court."""
    earlier = tuple(own_month(one, code) for one in month.earlier if code in one.court)
    old = month.restated
    cut = month.parts.extract([code])
    restated = own_month(old, code) if old is not None and code in old.court else None
    return OwnMonth(cut, frozen(cut), earlier, restated, month.changes, month.keys)


def released_means(month: BulletinMonth, own: str) -> Means:
    """The means that the court may have beside its own row."""
    levels = {court.code: court.level.value for court in month.courts}
    told = told_together(levels, month.rulebook.ranked_level, own)
    courts = [court for court in month.courts if court.code in told]
    if not courts:
        return Means(0, {})
    points = {side: _mean(month, courts, own, side) for side in month.sides}
    if month.has_totals:
        # Of total and one side the other could be worked out.
        is_told = None not in points.values()
        totals = [court.total for court in courts if court.total is not None]
        points["total"] = mean_of(totals) if is_told and len(totals) == len(courts) else None
    return Means(len(courts), points)


def _mean(month: BulletinMonth, courts: Sequence[CourtMonth], own: str, side: str) -> str | None:
    """The mean of a side; None where the other courts' points are all of them, or none."""
    earned = {court.code: Fraction(court.half(side)) for court in courts}
    mean = told_mean(earned, {court.code: _most(month, court, side) for court in courts}, own)
    return None if mean is None else to_text(mean)


def _most(month: BulletinMonth, court: CourtMonth, side: str) -> Fraction:
    """The points that a court could have earned on a side."""
    items = ((month.item[code], one) for code, one in court.items.items())
    held = (one for item, one in items if item.side.value == side and not item.is_bonus)
    return sum((Fraction(one.max_points or 0) for one in held), Fraction())


def mean_of(points: Sequence[str]) -> str:
    """The mean of printed points, rounded as they are."""
    return to_text(sum(map(Fraction, points), Fraction()) / len(points))


def own_draft(month: OwnMonth, means: Means, language: str) -> ProseDraft:
    """What the court's paper says, in a language."""
    pen = Pen(month, language, Ledger())
    with translation.override(ACTIVE[language]):
        blocks = tuple(_blocks(pen, month, means))
        if language == "ko":
            blocks = tuple(replace(block, text=spaced(block.text)) for block in blocks)
        return ProseDraft(
            "", blocks, pen.ledger, _standing(pen, month, means), _annexes(pen, month)
        )


def _blocks(pen: Pen, month: OwnMonth, means: Means) -> Iterator[Block]:
    yield from opening(pen)
    sides = [(side, _("%(side)s案件情况") % {"side": month.side_label(side, pen.language)})
             for side in month.sides]  # fmt: skip
    parts: list[tuple[str, str, Iterator[Block]]] = [
        ("overall", _("总体情况"), _overall(pen, month, means)),
        *((side, title, _side(pen, month, side)) for side, title in sides),
        ("problems", _("存在的问题"), problem_blocks(pen)),
        ("measures", _("下一步工作要求"), measure_blocks(pen)),
    ]
    for number, (key, title, part) in enumerate(parts):
        yield heading(f"{key}.heading", numbered(pen, number, title))
        yield from part


def _overall(pen: Pen, month: OwnMonth, means: Means) -> Iterator[Block]:
    rule = month.rulebook.caps
    if rule is not None and rule.item in month.item:
        told = summed(month, month.item[rule.item], Area.ALL)
        if told is not None and told.value is not None:
            cap = of_cap(pen, told.item, Area.ALL, told.value)
            yield paragraph("overall.cap", sentence(phrases((area_text(pen, told), cap))))
    court = month.own
    values = {"court": court.name(pen.language)}
    if court.total is not None and month.has_totals:
        key = f"court/{court.code}:total:points"
        values["points"] = pen.plain(key, court.total, _("总分"))
        text = _("%(court)s总分%(points)s分") % values
        if court.rank is not None:
            rank = pen.plain(f"court/{court.code}:rank:value", court.rank, _("名次"))
            text = phrases((text, _("列第%(rank)s位") % {"rank": rank}))
        yield paragraph(
            "overall.points", sentence(phrases((text, _mean_text(pen, means, "total"))))
        )
    yield table("table.points")
    moves = moves_text(pen)
    if moves:
        yield paragraph("overall.moves", moves)


def _mean_text(pen: Pen, means: Means, what: str) -> str:
    """The mean of the ranked courts; empty where there is none for the court."""
    mean = means.points.get(what)
    if mean is None:
        return ""
    area = level_name(pen.month.rulebook, pen.month.rulebook.ranked_level)
    token = pen.plain(f"ranked:{what}:mean", mean, area)
    return _("%(area)s平均%(mean)s分") % {"area": area, "mean": token}


def _side(pen: Pen, month: OwnMonth, side: str) -> Iterator[Block]:
    groups = [
        group
        for group in month.rulebook.groups
        if group.side.value == side
        and any(is_of(item, group) and item.code in month.own.items for item in month.items)
    ]
    for number, group in enumerate(groups):
        title = _("（%(number)s）%(title)s") % {
            "number": numeral(pen, number),
            "title": group.label.get(pen.language),
        }
        yield heading(f"{side}.{group.code}.heading", title, level=2)
        for item in month.items:
            if is_of(item, group) and item.code in month.own.items:
                text = _item(pen, month, item)
                yield paragraph(f"{side}.{item.code}", text, is_annual=is_annual(pen, item.code))
    for number, goal in enumerate(month.words.goals, start=1):
        if goal.side.value == side:
            text = goal_text(pen, goal)
            if text:
                yield paragraph(f"{side}.goal{number}", text)


def _item(pen: Pen, month: OwnMonth, item: Item) -> str:
    """One item: target, value, change and points."""
    label = _("%(label)s。") % {"label": item.label.get(pen.language)}
    told = summed(month, item, Area.ALL)
    said = ""
    if told is not None and told.courts:
        said = target_text(pen, item) + sentence(area_text(pen, told))
    held = month.own.items[item.code]
    if held.points is None:
        points = _("尚未计分")
    else:
        key = f"court/{month.own.code}:{item.code}"
        earned = pen.plain(f"{key}:points", held.points, item.label.get(pen.language))
        if held.max_points is None or item.is_bonus:
            points = _("得%(points)s分") % {"points": earned}
        else:
            most = pen.plain(f"{key}:most", held.max_points, item.label.get(pen.language))
            points = _("得%(points)s分，满分%(most)s分") % {"points": earned, "most": most}
    return label + said + sentence(points)


def _standing(pen: Pen, month: OwnMonth, means: Means) -> Table:
    """The court's points of each side and in total, above the mean of the ranked courts."""
    court, language = month.own, pen.language
    whats = [*month.sides, *(["total"] if month.has_totals else [])]
    labels = {side: month.side_label(side, language) for side in month.sides}
    columns = [Column(_("法院"), width=NAME_WIDTH, align=START)]
    columns += [Column(labels.get(what, _("总分")), width=NUMBER_WIDTH) for what in whats]
    own = {side: court.half(side) for side in month.sides} | {"total": court.total}
    name = court.name(language) + (_("（暂定）") if court.is_provisional else "")
    rows = [_row(name, ((f"court/{court.code}:{what}:points", own[what]) for what in whats))]
    if means.courts:
        area = level_name(month.rulebook, month.rulebook.ranked_level)
        mean = _("%(area)s平均") % {"area": area}
        told = ((f"ranked:{what}:mean", means.points[what]) for what in whats)
        rows.append(replace(_row(mean, told), is_apart=True))
    return Table((Text(_("得分情况（单位：分）")),), tuple(columns), tuple(rows))


def _row(name: str, numbers: Iterator[tuple[str, str | None]]) -> Row:
    return Row((words_cell(name), *(number_cell(key, text) for key, text in numbers)))


def _annexes(pen: Pen, month: OwnMonth) -> tuple[Annex, ...]:
    made = [
        (_("各项得分表"), _points_table(pen, month)),
        (_("考核基础数据"), _figures_table(pen, month)),
        (_("报送情况表"), returns_table(pen)),
    ]
    decided = decided_table(pen)
    if decided is not None:
        made.append((_("单独评分情况表"), decided))
    if month.restated is not None:
        made.append((str(CORRECTIONS), changes_table(pen, month.restated)))
    return tuple(
        Annex(_("附件%(number)s") % {"number": number}, title, (one,))
        for number, (title, one) in enumerate(made, start=1)
    )


def _points_table(pen: Pen, month: OwnMonth) -> Table:
    court, language = month.own, pen.language
    columns = [
        Column(_("考核项"), width=NAME_WIDTH, align=START),
        Column(_("数值"), width=NUMBER_WIDTH),
        Column(_("得分"), width=NUMBER_WIDTH),
        Column(_("满分"), width=NUMBER_WIDTH),
    ]
    rows = []
    for item in month.items:
        held = court.items.get(item.code)
        if held is None:
            continue
        key = f"court/{court.code}:{item.code}"
        value = None if held.value is None else printed(held.value) + suffix(held.unit)
        cells = [
            words_cell(item.label.get(language)),
            number_cell(f"{key}:value", value, item.paragraph),
            number_cell(f"{key}:points", held.points, item.paragraph),
            number_cell(f"{key}:most", held.max_points, item.paragraph),
        ]
        rows.append(Row(tuple(cells)))
    return Table((Text(_("单位：分")),), tuple(columns), tuple(rows))


def _figures_table(pen: Pen, month: OwnMonth) -> Table:
    """Every figure of the court, this year's beside that of the whole year before."""
    facts, rulebook = month.own.facts, month.rulebook
    last = _("%(year)s年全年") % {"year": rulebook.baseline_year}
    columns = (
        Column(_("指标"), width=NAME_WIDTH, align=START),
        Column(last, width=NUMBER_WIDTH),
        Column(plain_months(month), width=NUMBER_WIDTH),
    )
    rows = []
    for code, metric in rulebook.metrics.items():
        if metric.side.value not in month.sides:
            continue
        key = f"court/{month.own.code}:{code}"
        before, now = facts.baseline_annual.get(code), facts.current.get(code)
        if before is None and now is None:
            continue
        told = ((f"{key}:annual", before), (f"{key}:current", now))
        numbers = ((place, figure_text(value, metric.places) or None) for place, value in told)
        rows.append(_row(metric.label.get(pen.language), numbers))
    return Table((), columns, tuple(rows))
