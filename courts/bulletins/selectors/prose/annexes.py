"""Owns the tables of a bulletin: points and ranks in its body, and its annexes.

Every number of a table is a field, as in the prose. An annex that would be empty is left out, and
the others are counted on.

Long because every table of a bulletin is built from the same few cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courts.bulletins.selectors.prose.month import Area, BulletinMonth, CourtMonth
from courts.bulletins.selectors.prose.pen import Pen, printed
from courts.models import MonthlyReturn
from courts.papers.document import (
    END,
    START,
    Annex,
    Cell,
    Column,
    Field,
    Paragraph,
    Row,
    Run,
    Table,
    Text,
)
from courts.wording.amounts import written
from courts.wording.explanations import metric_name
from scoring.bulletins import BaseTable
from scoring.caps import capped_metrics
from scoring.rates import PERCENT, total
from scoring.rounding import to_text

NOTHING = "—"
# The annex of an issue that corrects another, by its title.
CORRECTIONS = gettext_lazy("更正说明")
NAME_WIDTH, ITEM_WIDTH, TEXT_WIDTH = 4, 2, 6


def words_cell(text: str) -> Cell:
    """A cell of words."""
    return Cell((Text(text),))


def number_cell(key: str, text: str | None, source: str = "") -> Cell:
    """A cell of one number; a dash where there is none."""
    run: Run = Text(NOTHING) if text is None else Field(key, text, source)
    return Cell((run,))


def ordered(month: BulletinMonth) -> list[CourtMonth]:
    """Ranked courts by rank, then those that stand apart."""
    courts = sorted(
        month.of_area(Area.RANKED),
        key=lambda court: (court.rank is None, court.rank or 0, court.content["order"]),
    )
    return [*courts, *month.of_area(Area.OTHERS)]


def points_table(pen: Pen) -> Table:
    """Points of each side, total, rank, and the change since the month before."""
    month, language = pen.month, pen.language
    columns = [
        *([Column(_("名次"), width=2)] if month.has_totals else []),
        Column(_("法院"), width=NAME_WIDTH, align=START),
        *(Column(month.side_label(side, language), width=3) for side in month.sides),
        *([Column(_("总分"), width=3)] if month.has_totals else []),
        *([Column(_("总分比上月"), width=3)] if _has_before(month) else []),
    ]
    rows = []
    for court in ordered(month):
        key = f"court/{court.code}"
        name = court.name(language) + (_("（暂定）") if court.is_provisional else "")
        rank = None if court.rank is None else str(court.rank)
        cells = [
            *([number_cell(f"{key}:rank:value", rank)] if month.has_totals else []),
            words_cell(name),
            *(number_cell(f"{key}:{side}:points", court.half(side)) for side in month.sides),
            *([number_cell(f"{key}:total:points", court.total)] if month.has_totals else []),
            *([_change_cell(court)] if _has_before(month) else []),
        ]
        rows.append(Row(tuple(cells), is_apart=court.level is not month.rulebook.ranked_level))
    caption = _("各院得分情况（单位：分）")
    return Table((Text(caption),), tuple(columns), tuple(rows))


def _has_before(month: BulletinMonth) -> bool:
    return month.has_totals and any(court.before is not None for court in month.courts)


def _change_cell(court: CourtMonth) -> Cell:
    """The change of the total, a difference of printed totals, with its sign."""
    before = court.before
    if before is None or before["total"] is None or court.total is None:
        return words_cell(NOTHING)
    difference = Fraction(court.total) - Fraction(before["total"])
    text = to_text(difference)
    sign = "+" if difference > 0 else ""
    return number_cell(f"court/{court.code}:total:change", sign + printed(text))


def annexes(pen: Pen) -> tuple[Annex, ...]:
    """The annexes with their numbers: 附件1 and on."""
    made = list(_annexes(pen))
    return tuple(
        Annex(_("附件%(number)s") % {"number": number}, title, blocks)
        for number, (title, blocks) in enumerate(made, start=1)
    )


def annex_list(made: Sequence[Annex]) -> tuple[str, ...]:
    """The lines below the body that name the annexes."""
    if not made:
        return ()
    if len(made) == 1:
        return (_("附件：%(title)s") % {"title": made[0].title},)
    lines = []
    for number, one in enumerate(made, start=1):
        values = {"number": number, "title": one.title}
        first = _("附件：%(number)s.%(title)s")
        lines.append((first if number == 1 else _("%(number)s.%(title)s")) % values)
    return tuple(lines)


def _annexes(pen: Pen) -> Iterator[tuple[str, tuple[Table | Paragraph, ...]]]:
    yield _("各院各项得分表"), (_all_points(pen),)
    capped = _cap_table(pen)
    if capped is not None:
        yield _("控制目标完成情况表"), (capped,)
    for number, one in enumerate(pen.month.words.tables, start=1):
        based = _base_table(pen, number, one)
        if based is not None:
            yield one.label.get(pen.language), (based,)
    yield _("报送情况表"), (returns_table(pen),)
    decided = decided_table(pen)
    if decided is not None:
        yield _("单独评分情况表"), (decided,)
    restated = _restated(pen)
    if restated:
        yield str(CORRECTIONS), restated


def _all_points(pen: Pen) -> Table:
    """Points of every court in every item."""
    month, language = pen.month, pen.language
    groups = {
        (group.side, group.code): group.label.get(language) for group in month.rulebook.groups
    }
    columns = [Column(_("法院"), width=NAME_WIDTH, align=START)]
    columns += [
        Column(f"{item.code} {item.short.get(language)}", groups[item.side, item.group], ITEM_WIDTH)
        for item in month.items
    ]
    if month.has_totals:
        columns.append(Column(_("总分"), width=ITEM_WIDTH))
    rows = []
    for court in ordered(month):
        cells = [words_cell(court.name(language))]
        for item in month.items:
            held = court.items.get(item.code)
            points = None if held is None else held.points
            cells.append(
                number_cell(f"court/{court.code}:{item.code}:points", points, item.paragraph)
            )
        if month.has_totals:
            cells.append(number_cell(f"court/{court.code}:total:points", court.total))
        rows.append(Row(tuple(cells), is_apart=court.level is not month.rulebook.ranked_level))
    note = _("“—”表示没有得分：数据未报、没有目标、没有分母或基数、尚未计票，或不适用。")
    return Table(
        (Text(_("单位：分")),),
        tuple(columns),
        tuple(rows),
        landscape=True,
        again=_("续表"),
        notes=(Paragraph((Text(note),)),),
    )


def _cap_table(pen: Pen) -> Table | None:
    """The capped sum, last year's beside this one's, with the cap and how much of it is used."""
    month, language = pen.month, pen.language
    rule = month.rulebook.caps
    if rule is None or rule.item not in month.item:
        return None
    codes = capped_metrics(month.rulebook)
    last = _("%(year)s年全年") % {"year": month.rulebook.baseline_year}
    columns = [Column(_("法院"), width=NAME_WIDTH, align=START)]
    labels = [month.rulebook.metrics[code].label.get(language) for code in codes]
    for group in (last, plain_months(month)):
        columns += [Column(label, group, ITEM_WIDTH) for label in labels]
        columns.append(Column(_("合计"), group, ITEM_WIDTH))
    columns.append(Column(_("全年上限"), width=ITEM_WIDTH))
    columns.append(Column(_("占上限（%）"), width=ITEM_WIDTH))
    rows = []
    for court in month.courts:
        key = f"court/{court.code}"
        cells = [words_cell(court.name(language))]
        for period, figures in (
            ("annual", court.facts.baseline_annual),
            ("current", court.facts.current),
        ):
            cells += [_figure_cell(month, key, period, code, figures) for code in codes]
            cases = total(figures, codes)
            text = None if cases is None else str(cases)
            cells.append(number_cell(f"{key}:{rule.item}:{period}_sum", text, rule.paragraph))
        now, cap = total(court.facts.current, codes), court.cap_cases
        cells.append(number_cell(f"{key}:{rule.item}:cap", None if cap is None else str(cap)))
        share = to_text(Fraction(PERCENT * now, cap)) if now is not None and cap else None
        cells.append(number_cell(f"{key}:{rule.item}:cap_share", share))
        rows.append(Row(tuple(cells)))
    rows.append(_cap_totals(pen, codes, rule.item))
    unit = pen.unit(month.item[rule.item])
    caption = _("单位：%(unit)s") % {"unit": unit}
    return Table((Text(caption),), tuple(columns), tuple(rows), landscape=True, again=_("续表"))


def _cap_totals(pen: Pen, codes: Sequence[str], item: str) -> Row:
    """The last row: all courts together; a dash where one of them did not report."""
    courts = pen.month.courts
    cells = [words_cell(_("合计"))]
    sums: dict[str, int | None] = {}
    for period in ("annual", "current"):
        for one in (*((code,) for code in codes), tuple(codes)):
            found = [total(_period(court, period), one) for court in courts]
            summed = None if None in found else sum(value for value in found if value is not None)
            name = one[0] if len(one) == 1 else item
            sums[period] = summed
            text = None if summed is None else str(summed)
            cells.append(number_cell(f"all:{name}:{period}_sum", text))
    caps = [court.cap_cases for court in courts]
    cap = None if None in caps else sum(value for value in caps if value is not None)
    cells.append(number_cell(f"all:{item}:cap", None if cap is None else str(cap)))
    now = sums["current"]
    share = to_text(Fraction(PERCENT * now, cap)) if now is not None and cap else None
    cells.append(number_cell(f"all:{item}:cap_share", share))
    return Row(tuple(cells), is_apart=True)


def _period(court: CourtMonth, period: str) -> Mapping[str, int]:
    return court.facts.baseline_annual if period == "annual" else court.facts.current


def _figure_cell(
    month: BulletinMonth, key: str, period: str, code: str, figures: Mapping[str, int]
) -> Cell:
    return number_cell(f"{key}:{code}:{period}", _figure(month, figures, code))


def plain_months(month: BulletinMonth) -> str:
    """The months in the head of a table, without tokens."""
    year, last = month.month
    if last == 1:
        return _("%(year)s年%(month)s月") % {"year": year, "month": last}
    return _("%(year)s年%(first)s—%(month)s月") % {"year": year, "first": 1, "month": last}


def _base_table(pen: Pen, number: int, held: BaseTable) -> Table | None:
    """Figures of this year beside those of the whole year before, in the shape of an annex."""
    month, language = pen.month, pen.language
    codes = [
        code
        for code in held.metrics
        if code in month.rulebook.metrics and month.rulebook.metrics[code].side.value in month.sides
    ]
    if not codes:
        return None
    last = _("%(year)s年全年") % {"year": month.rulebook.baseline_year}
    columns = [Column(_("法院"), width=NAME_WIDTH, align=START)]
    for code in codes:
        label = month.rulebook.metrics[code].label.get(language)
        columns += [
            Column(last, label, ITEM_WIDTH),
            Column(plain_months(month), label, ITEM_WIDTH),
        ]
    rows = []
    for court in month.courts:
        cells = [words_cell(court.name(language))]
        for code in codes:
            for period in ("annual", "current"):
                figures = _period(court, period)
                cells.append(_figure_cell(month, f"court/{court.code}", period, code, figures))
        rows.append(Row(tuple(cells)))
    sums = [words_cell(_("合计"))]
    for code in codes:
        for period in ("annual", "current"):
            values = [_period(court, period).get(code) for court in month.courts]
            there = [value for value in values if value is not None]
            summed = sum(there) if len(there) == len(values) else None
            text = written(summed, month.rulebook, code) or None
            sums.append(number_cell(f"all:{code}:{period}_sum", text))
    rows.append(Row(tuple(sums), is_apart=True))
    caption = _("单位：%(unit)s") % {"unit": month.rulebook.metrics[codes[0]].unit.get(language)}
    return Table((Text(caption),), tuple(columns), tuple(rows), landscape=True, again=_("续表"))


def returns_table(pen: Pen) -> Table:
    """When each return was handed in and verified, and by whom."""
    month, language = pen.month, pen.language
    columns = [Column(_("法院"), width=NAME_WIDTH, align=START)]
    for side in month.sides:
        group = month.side_label(side, language)
        columns += [
            Column(_("报送时间"), group, TEXT_WIDTH),
            Column(_("核实"), group, TEXT_WIDTH, END),
        ]
    rows = []
    for court in month.courts:
        cells = [words_cell(court.name(language))]
        for side in month.sides:
            held = court.return_of(side)
            key = f"court/{court.code}:return/{side}"
            day = None if held is None else _day(held["submitted_at"] or held["verified_at"])
            cells.append(number_cell(f"{key}:submitted", day))
            cells.append(words_cell(_state(held)))
        rows.append(Row(tuple(cells)))
    return Table((Text(_("各院报表报送和核实情况")),), tuple(columns), tuple(rows))


def _day(text: str | None) -> str | None:
    moment = None if text is None else parse_datetime(text)
    if moment is None:
        return None
    day = timezone.localtime(moment)
    return _("%(year)s年%(month)s月%(day)s日") % {
        "year": day.year,
        "month": day.month,
        "day": day.day,
    }


def _state(held: Mapping[str, object] | None) -> str:
    if held is None:
        return _("未报")
    if held["counts"]:
        return _("已核实")
    return str(MonthlyReturn.State(str(held["state"])).label)


def decided_table(pen: Pen) -> Table | None:
    """Points that were decided beside those that the figures come to (附件1·五)."""
    month, language = pen.month, pen.language
    rows = []
    for court in month.courts:
        for item in month.items:
            held = court.items.get(item.code)
            if held is None or not held.is_decided:
                continue
            key = f"court/{court.code}:{item.code}"
            decision = court.facts.decisions[item.code]
            rows.append(
                Row(
                    (
                        words_cell(court.name(language)),
                        words_cell(item.label.get(language)),
                        number_cell(f"{key}:computed", held.computed, item.paragraph),
                        number_cell(f"{key}:points", held.points, item.paragraph),
                        number_cell(f"{key}:reference", decision.reference or None),
                    )
                )
            )
    if not rows:
        return None
    columns = (
        Column(_("法院"), width=NAME_WIDTH, align=START),
        Column(_("考核项"), width=TEXT_WIDTH, align=START),
        Column(_("按数据计分"), width=3),
        Column(_("决定的分数"), width=3),
        Column(_("依据"), width=TEXT_WIDTH),
    )
    return Table((Text(_("单位：分")),), columns, tuple(rows))


def _restated(pen: Pen) -> tuple[Table | Paragraph, ...]:
    """What is corrected and why; empty where the month restates nothing."""
    reason = pen.month.head["reason"]
    if not pen.month.head["restates"] or not reason:
        return ()
    text = _("本期更正此前已发布的同月通报，原因：")
    runs = (Text(text), Field("month:reason", reason), Text(_("。")))
    old = pen.month.restated
    if old is None:
        return (Paragraph(runs),)
    return (Paragraph(runs), changes_table(pen, old))


def changes_table(pen: Pen, old: BulletinMonth) -> Table:
    """Old and new figures, points, totals and ranks of what changed."""
    rows = []
    for court in pen.month.courts:
        before = old.court.get(court.code)
        if before is None:
            continue
        name, key = court.name(pen.language), f"court/{court.code}"
        pairs = [
            (metric_name(pen.month.rulebook, code, pen.language), code, *values)
            for code, values in _figures_of(pen.month, before, court).items()
        ]
        pairs += [
            (item.label.get(pen.language), item.code, *_points_of(before, court, item.code))
            for item in pen.month.items
        ]
        pairs.append((_("总分"), "total", before.total, court.total))
        ranks = [None if one.rank is None else str(one.rank) for one in (before, court)]
        pairs.append((_("名次"), "rank", ranks[0], ranks[1]))
        rows += [
            Row(
                (
                    words_cell(name),
                    words_cell(label),
                    number_cell(f"{key}:{code}:restated_from", was),
                    number_cell(f"{key}:{code}:restated_to", now),
                )
            )
            for label, code, was, now in pairs
            if was != now
        ]
    columns = (
        Column(_("法院"), width=NAME_WIDTH, align=START),
        Column(_("项目"), width=TEXT_WIDTH, align=START),
        Column(_("更正前"), width=3),
        Column(_("更正后"), width=3),
    )
    return Table((Text(_("更正前后对照")),), columns, tuple(rows))


def _figures_of(
    month: BulletinMonth, before: CourtMonth, court: CourtMonth
) -> Mapping[str, tuple[str | None, str | None]]:
    """The court's figures of the year, before and now, by code."""
    was, now = before.facts.current, court.facts.current
    return {
        code: (_figure(month, was, code), _figure(month, now, code))
        for code in sorted({*was, *now})
    }


def _figure(month: BulletinMonth, figures: Mapping[str, int], code: str) -> str | None:
    """A figure as people write it; None where there is none."""
    return written(figures.get(code), month.rulebook, code) or None


def _points_of(before: CourtMonth, court: CourtMonth, code: str) -> tuple[str | None, str | None]:
    one, other = before.items.get(code), court.items.get(code)
    return (None if one is None else one.points), (None if other is None else other.points)
