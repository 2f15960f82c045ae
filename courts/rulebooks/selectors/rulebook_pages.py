"""Owns what the pages of the rulebook in force show, in the active language; states no rule itself.

Terms: the *attainable* maximum is the most any figures could bring a court in the month, given its
baseline and its targets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.utils.translation import get_language
from django.utils.translation import gettext as _

import scoring
from courts.figures.selectors.facts import gather
from courts.models import QualityYear
from courts.permissions import Account, Basis, may_view_points
from courts.wording import rule_texts
from courts.wording.amounts import level_name, relation_sign
from courts.wording.explanations import metric_name
from courts.wording.months import month_name
from courts.years.selectors.counted_months import months_with_figures
from courts.years.selectors.readings import readings_in_force
from courts.years.selectors.years import edition_of, rulebook_of
from scoring.facts import Month
from scoring.rates import MONTHS_OF_YEAR
from scoring.rounding import to_text
from scoring.schema import OPEN_POINTS, Check, Item, Level, Metric, Rulebook, Severity
from scoring.symbols import plain


class NoItemError(LookupError):
    """The rulebook has no item of that code."""


@dataclass(frozen=True, slots=True)
class LevelPoints:
    """The full points of an item for one level of courts."""

    level: str
    points: str


@dataclass(frozen=True, slots=True)
class MetricLine:
    """One figure of the returns."""

    code: str
    label: str
    definition: str
    unit: str
    kind: str
    source: str
    side: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A check on returns, in words."""

    severity: str
    text: str


@dataclass(frozen=True, slots=True)
class ReadingLink:
    """A reading that touches an item, and how it is taken."""

    code: str
    question: str
    answer: str
    is_default: bool


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One item: what it is worth, how it is computed, where that stands."""

    code: str
    label: str
    short: str
    paragraph: str
    points: tuple[LevelPoints, ...]
    words: tuple[str, ...]
    symbols: str
    target: str
    origin: str
    readings: tuple[ReadingLink, ...]

    @property
    def points_text(self) -> str:
        return " / ".join(f"{one.level} {one.points}" for one in self.points)


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """The items that stand under one heading of the notice."""

    label: str
    items: tuple[RuleLine, ...]


@dataclass(frozen=True, slots=True)
class RuleSide:
    """One side of the assessment: its share of the total, its full points, its items."""

    label: str
    weight: str
    points: str
    groups: tuple[RuleGroup, ...]


@dataclass(frozen=True, slots=True)
class RuleNote:
    """What a paragraph of the notice says beside the items."""

    paragraph: str
    text: str


@dataclass(frozen=True, slots=True)
class RulebookPage:
    """The edition in force for the latest month with figures."""

    title: str
    document: str
    edition: str
    month: str
    month_name: str
    sides: tuple[RuleSide, ...]
    metrics: tuple[MetricLine, ...]
    checks: tuple[CheckLine, ...]
    notes: tuple[RuleNote, ...]

    @property
    def items(self) -> tuple[RuleLine, ...]:
        return tuple(item for side in self.sides for group in side.groups for item in group.items)


@dataclass(frozen=True, slots=True)
class Attainable:
    """The most a court can earn for an item; `points` is None where nothing can be scored yet."""

    court: str
    name: str
    level: str
    points: str | None
    full: str
    is_short: bool
    clashes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One item with its figures, checks and readings, and what it can bring each court."""

    line: RuleLine
    side: str
    month: str
    month_name: str
    metrics: tuple[MetricLine, ...]
    checks: tuple[CheckLine, ...]
    courts: tuple[Attainable, ...]
    before: str
    after: str
    is_demo: bool


def rulebook_page(year: QualityYear) -> RulebookPage:
    """The whole rulebook. Three queries."""
    month = shown_month(year)
    rulebook = rulebook_of(year, month)
    language = get_language() or ""
    return RulebookPage(
        title=rulebook.title.get(language),
        document=rulebook.document.get(language),
        edition=edition_of(year, month).sha256[:8],
        month=str(month),
        month_name=month_name(month),
        sides=_sides(year, month, rulebook),
        metrics=tuple(_metric(metric, rulebook) for metric in rulebook.metrics.values()),
        checks=tuple(_check(check, rulebook) for check in rulebook.checks),
        notes=tuple(RuleNote(note.paragraph, note.text.get(language)) for note in rulebook.notes),
    )


def item_page(user: Account, year: QualityYear, code: str) -> ItemPage:
    """One item; `NoItemError` when the rulebook has none of that code.

    What a court can earn hangs on its figures, so it stands there for those who see its points.
    """
    month = shown_month(year)
    rulebook = rulebook_of(year, month)
    item = rulebook.item_by_code.get(code)
    if item is None:
        raise NoItemError(_("规则里没有“%(item)s”这一项。") % {"item": code})
    taken = readings_in_force(year, month, rulebook)
    gathered = gather(year, [month], Basis.VERIFIED)
    language = get_language() or ""
    courts = []
    for court, facts in zip(gathered.courts, gathered.facts[month], strict=True):
        if court.level not in item.points or not may_view_points(user, year, court.code):
            continue
        full = item.points[court.level]
        best = scoring.attainable(rulebook, month, facts, taken)[code]
        clashes = [
            clash.unreachable if clash.met == code else clash.met
            for clash in scoring.contradictions(rulebook, month, facts, taken)
            if code in (clash.met, clash.unreachable)
        ]
        courts.append(
            Attainable(
                court=court.code,
                name=court.label(language),
                level=level_name(rulebook, court.level),
                points=_best(best),
                full=_level_points(item, court.level),
                is_short=best is not None and best < full < OPEN_POINTS,
                clashes=tuple(dict.fromkeys(clashes)),
            )
        )
    codes = [one.code for one in rulebook.items]
    place = codes.index(code)
    metrics = set(item.metrics)
    return ItemPage(
        line=_rule(item, rulebook, taken),
        side=next(share.label.get(language) for share in rulebook.sides if share.side is item.side),
        month=str(month),
        month_name=month_name(month),
        metrics=tuple(_metric(rulebook.metrics[code], rulebook) for code in item.metrics),
        checks=tuple(
            _check(check, rulebook)
            for check in rulebook.checks
            if metrics & {*check.left, *check.right}
        ),
        courts=tuple(courts),
        before=codes[place - 1] if place else "",
        after=codes[place + 1] if place + 1 < len(codes) else "",
        is_demo=bool(gathered.demo[month]),
    )


def shown_month(year: QualityYear) -> Month:
    """The latest month with verified figures, else the year's last."""
    months = months_with_figures(year, Basis.VERIFIED)
    return months[-1] if months else Month(year.year, MONTHS_OF_YEAR)


def _sides(year: QualityYear, month: Month, rulebook: Rulebook) -> tuple[RuleSide, ...]:
    language = get_language() or ""
    taken = readings_in_force(year, month, rulebook)
    groups = {(group.side, group.code): group.label.get(language) for group in rulebook.groups}
    return tuple(
        RuleSide(
            label=share.label.get(language),
            weight=plain(share.weight),
            points=plain(share.points),
            groups=tuple(
                RuleGroup(
                    groups[share.side, code], tuple(_rule(item, rulebook, taken) for item in items)
                )
                for code, items in groupby(
                    (item for item in rulebook.items if item.side is share.side),
                    key=lambda item: item.group,
                )
            ),
        )
        for share in rulebook.sides
    )


def _best(points: Decimal | None) -> str | None:
    """The most that a court can earn; nothing tells it where nothing caps the item."""
    if points is None:
        return None
    return _("不封顶") if points >= OPEN_POINTS else to_text(points)


def _level_points(item: Item, level: Level) -> str:
    """What the item can bring at a level; a bonus that nothing caps says so."""
    points = item.points[level]
    return _("不封顶") if points >= OPEN_POINTS else to_text(points)


def _rule(item: Item, rulebook: Rulebook, taken: Mapping[str, str]) -> RuleLine:
    language = get_language() or ""
    return RuleLine(
        code=item.code,
        label=item.label.get(language),
        short=item.short.get(language),
        paragraph=item.paragraph,
        points=tuple(
            LevelPoints(level_name(rulebook, level), _level_points(item, level))
            for level in rulebook.label_of_level
            if level in item.points
        ),
        words=rule_texts.in_words(item, rulebook),
        symbols=rule_texts.in_symbols(item),
        target=rule_texts.target_text(item),
        origin=rule_texts.target_origin(item),
        readings=tuple(
            ReadingLink(
                reading.code,
                reading.question.get(language),
                reading.option(taken[reading.code]).label.get(language),
                taken[reading.code] == reading.default,
            )
            for reading in rulebook.readings
            if item.code in reading.items
        ),
    )


def _metric(metric: Metric, rulebook: Rulebook) -> MetricLine:
    language = get_language() or ""
    kinds = {"count": _("累计数"), "stock": _("时点数"), "sum": _("累计值")}
    return MetricLine(
        code=metric.code,
        label=metric.label.get(language),
        definition=metric.definition.get(language),
        unit=metric.unit.get(language),
        kind=kinds[metric.kind.value],
        source=metric.source.get(language),
        side=next(s.label.get(language) for s in rulebook.sides if s.side is metric.side),
        items=tuple(item.code for item in rulebook.items if metric.code in item.metrics),
    )


def _check(check: Check, rulebook: Rulebook) -> CheckLine:
    left, right = (
        " + ".join(metric_name(rulebook, code) for code in side)
        for side in (check.left, check.right)
    )
    severity = _("错误") if check.severity is Severity.ERROR else _("提醒")
    return CheckLine(severity, f"{left} {relation_sign(check.operator)} {right}")
