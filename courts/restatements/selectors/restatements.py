"""Owns what a restatement would do to closed months: the inputs that change, points and ranks.

Terms: the *head* of a closed month is its newest snapshot that is not void, whether or not the
issue with it was published; a restatement starts from heads. Points come from snapshots alone: the
old one and the one scored anew with the changed inputs. Never writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from courts.closings.selectors.frozen import read_snapshot
from courts.closings.selectors.snapshots import inputs_of, inputs_within, stored
from courts.frame.refusals import ReturnError
from courts.models import Bulletin, QualityYear, Snapshot
from courts.scores.selectors.shifts import any_rank, any_total
from courts.snapshots import Parts, SnapshotError
from courts.snapshots.inputs import BALLOTS, CAP, Contents, InputLine, with_lines
from courts.wording.amounts import percent, written
from courts.wording.explanations import metric_name
from courts.wording.months import month_name
from scoring.facts import Month
from scoring.schema import Rulebook

HIDDEN = ("decisions",)
# What of an item is one input, in words.
ITEM_FORMS: dict[str, str | Promise] = {
    "targets": gettext_lazy("%(item)s的目标值"),
    "decisions": gettext_lazy("%(item)s的单独评分"),
    "assessed": gettext_lazy("%(item)s的评定分"),
}


@dataclass(frozen=True, slots=True)
class LineWords:
    """One input that changes, in words."""

    court: str
    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ItemChange:
    """An item whose points differ; None: no points."""

    code: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class CourtCorrection:
    """A court before and after; totals and ranks are empty where one side was closed alone."""

    code: str
    name: str
    total_before: str
    total_after: str
    rank_before: int | None
    rank_after: int | None
    items: tuple[ItemChange, ...]

    @property
    def moves(self) -> bool:
        return bool(self.items) or (self.total_before, self.rank_before) != (
            self.total_after,
            self.rank_after,
        )

    @property
    def moved(self) -> Decimal:
        """By how much the total changes; positive when it rises."""
        if not self.total_before or not self.total_after:
            return Decimal(0)
        return Decimal(self.total_after) - Decimal(self.total_before)


@dataclass(frozen=True)
class MonthChange:
    """What becomes of one head: the changed inputs, and every court before and after."""

    snapshot: Snapshot
    lines: tuple[InputLine, ...]
    reason: str

    @cached_property
    def parts(self) -> Parts:
        """The month scored anew with the lines put in. `ReturnError` where they do not fit."""
        base = self.snapshot.restates if _is_waiting(self.snapshot) else self.snapshot
        old = (base or self.snapshot).sha256
        try:
            return with_lines(stored(self.snapshot), self.lines, restates=old, reason=self.reason)
        except SnapshotError as error:
            raise ReturnError(str(error)) from error

    @property
    def month(self) -> Month:
        return Month(self.snapshot.quality_year.year, self.snapshot.month)

    @property
    def month_name(self) -> str:
        return month_name(self.month)

    @property
    def words(self) -> tuple[LineWords, ...]:
        return line_words(self.snapshot, self.lines)

    @property
    def courts(self) -> tuple[CourtCorrection, ...]:
        return court_corrections(stored(self.snapshot), self.parts)

    @property
    def has_total(self) -> bool:
        """Whether the rules add the sides of any court up."""
        return any_total(self.courts)

    @property
    def has_ranks(self) -> bool:
        """Whether the rules rank any court."""
        return any_rank(self.courts)

    @property
    def moving(self) -> tuple[CourtCorrection, ...]:
        """The courts whose points or rank change."""
        return tuple(court for court in self.courts if court.moves)


def heads(year: QualityYear) -> tuple[Snapshot, ...]:
    """The heads of a year's closed months, in order. One query.

    Months closed on made-up figures are left out as soon as one was closed on real ones; so is a
    side that was closed first and that nobody wrote of before both were in one snapshot.
    """
    issues = Bulletin.objects.filter(snapshot=OuterRef("pk"), state__in=Bulletin.STANDING)
    rows = (
        Snapshot.objects.filter(quality_year=year, voided_at__isnull=True)
        .annotate(is_told=Exists(issues))
        .select_related("quality_year__court", "quality_year__edition")
        .order_by("is_demo", "month", "number")
    )
    found: dict[tuple[int, str], Snapshot] = {}
    told: set[tuple[int, str]] = set()
    for row in rows:
        if row.is_demo and any(not one.is_demo for one in found.values()):
            break
        found[row.month, row.sides] = row
        if row.is_told or row.published_at is not None or row.restates_id is not None:
            told.add((row.month, row.sides))
    return tuple(
        row for place, row in found.items() if place in told or not _is_within(row, found.values())
    )


def _is_within(row: Snapshot, others: Iterable[Snapshot]) -> bool:
    """Whether a later snapshot of the month has this one's sides and more."""
    sides = set(row.side_codes)
    return any(
        one.month == row.month and one.number > row.number and sides < set(one.side_codes)
        for one in others
    )


def year_after(year: QualityYear) -> QualityYear | None:
    """The prefecture's next quality year, whose baseline this one is. One query."""
    found = QualityYear.objects.filter(court=year.court_id, year=year.year + 1)
    return found.select_related("court", "edition").first()


def live_contents(year: QualityYear, snapshots: Iterable[Snapshot]) -> Mapping[int, Contents]:
    """What inputs each snapshot would have of the data as they stand now, by its key.

    `year` is an object that keeps nothing from before.
    """
    found: dict[int, Contents] = {}
    read: dict[int, Any] = {}
    for one in snapshots:
        if one.month not in read:
            month = Month(year.year, one.month)
            read[one.month] = inputs_of(year, month, with_before=False)
        found[one.pk] = inputs_within(read[one.month], one.side_codes)
    return found


def rebased(head: Contents, lines: Iterable[InputLine]) -> tuple[InputLine, ...]:
    """The lines as changes of the head: its own values are the old ones; what stays is left out."""
    found = []
    for line in lines:
        held: Any = head[line.part]
        for key in line.path:
            held = held.get(key) if isinstance(held, Mapping) else None
        if held != line.new:
            found.append(InputLine(line.part, line.path, held, line.new))
    return tuple(found)


def _is_waiting(snapshot: Snapshot) -> bool:
    """Whether the snapshot restates another and its own issue is still to be published."""
    return snapshot.restates_id is not None and snapshot.published_at is None


def court_corrections(before: Parts, after: Parts) -> tuple[CourtCorrection, ...]:
    """Every court of the snapshots, in their order."""
    language = get_language() or ""
    found = []
    for code, old in before.courts.items():
        new = after.courts[code]
        points = {item["item"]: item["points"] for item in new["score"]["items"]}
        known = {item["item"]: item["points"] for item in old["score"]["items"]}
        found.append(
            CourtCorrection(
                code=code,
                name=_court_name(old, language),
                total_before=old["score"]["total"] or "",
                total_after=new["score"]["total"] or "",
                rank_before=old["score"]["rank"],
                rank_after=new["score"]["rank"],
                items=tuple(
                    ItemChange(item, known.get(item), points.get(item))
                    for item in dict.fromkeys([*known, *points])
                    if known.get(item) != points.get(item)
                ),
            )
        )
    return tuple(found)


def line_words(snapshot: Snapshot, lines: Iterable[InputLine]) -> tuple[LineWords, ...]:
    """The changed inputs in words, in the active language."""
    frozen, language = read_snapshot(snapshot), get_language() or ""
    names = {code: _court_name(content, language) for code, content in frozen.parts.courts.items()}
    return tuple(
        LineWords(
            names.get(line.court, line.court),
            _what(frozen.rulebook, line, Month(snapshot.quality_year.year, snapshot.month)),
            _value(frozen.rulebook, line, line.old),
            _value(frozen.rulebook, line, line.new),
        )
        for line in lines
        if line.path != HIDDEN
    )


def _court_name(content: Mapping[str, Any], language: str) -> str:
    names = content["names"]
    is_korean = language.startswith("ko") and names["ko"]
    return str(names["ko"] if is_korean else names["short"])


def _what(rulebook: Rulebook, line: InputLine, month: Month) -> str:
    language = get_language() or ""
    if line.path == ("sources",):
        return _("规则版本")
    if line.path == BALLOTS:
        return _("无记名评分")
    if line.path == CAP:
        return _("控制目标")
    kind, code = line.path[-2], line.path[-1]
    if kind == "readings":
        reading = rulebook.reading_by_code.get(code)
        return reading.question.get(language) if reading else code
    if kind in ITEM_FORMS:
        item = rulebook.item_by_code.get(code)
        name = f"{code} {item.label.get(language)}" if item else code
        return str(ITEM_FORMS[kind]) % {"item": name}
    name = metric_name(rulebook, code, language)
    if kind == "current":
        return name
    baseline = rulebook.baseline_year
    when = Month(baseline, month.month if kind == "baseline_month" else 12)
    return _("%(metric)s（%(month)s）") % {"metric": name, "month": month_name(when)}


def _value(rulebook: Rulebook, line: InputLine, value: Any) -> str:
    if value is None:
        return "—"
    if line.path == ("sources",):
        # A text is known by its length here; the page of the edition shows it.
        return _("%(count)s字") % {"count": sum(len(text) for text in value.values())}
    if line.path == BALLOTS:
        return _("%(count)s票，合计%(points)s分") % value
    if line.path == CAP:
        return str(value["cap_cases"])
    kind, code = line.path[-2], line.path[-1]
    if kind == "readings":
        reading = rulebook.reading_by_code.get(code)
        if reading is None or value not in reading.values:
            return str(value)
        return reading.option(value).label.get(get_language() or "")
    if kind == "targets":
        return percent(str(value))
    if kind in ("decisions", "assessed"):
        return _("%(points)s分（%(reference)s）") % value
    return written(value, rulebook, code)


def effect_data(change: MonthChange) -> list[dict[str, Any]]:
    """Points and ranks before and after, as they are kept when a restatement is approved."""
    return [
        {
            "court": court.code,
            "total": [court.total_before, court.total_after],
            "rank": [court.rank_before, court.rank_after],
            "items": {item.code: [item.before, item.after] for item in court.items},
        }
        for court in change.moving
    ]
