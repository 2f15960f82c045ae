"""Owns how many lines have which value, and what others may know of that.

A reader who keeps a register's lines sees every number. Everybody else sees no number under three,
nor what would give one away by subtraction (`scoring.suppression`), of the whole year only, since
two months apart would tell what came between; and where points of other courts are kept back, no
number of another court. Judges are counted for their own court alone. Two queries, however many
lines.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.models import Court, QualityYear, RegisterLine
from courts.permissions import Account, may_view_counts, may_view_registers
from courts.registers.selectors.described import Described
from courts.registers.selectors.lines import in_words, keepers_of
from scoring.registers import FieldType, RegisterField
from scoring.suppression import Row, kept_back, sums

MOST_LESSONS = 50
NOTHING = ""


@dataclass(frozen=True, slots=True)
class StatisticsRow:
    """A court's numbers by value, None where one is kept back; `total` too."""

    court: str
    numbers: Row
    total: int | None


@dataclass(frozen=True, slots=True)
class Statistics:
    """One table: a field, its values in words, a row for each court, and the sums."""

    field: RegisterField
    label: str
    values: tuple[str, ...]
    rows: tuple[StatisticsRow, ...]
    totals: Row
    has_kept_back: bool


@dataclass(frozen=True, slots=True)
class Lesson:
    """What others may learn of a line: its texts for all, no court, no month, no name."""

    label: str
    text: str


def check_views(user: Account, year: QualityYear) -> None:
    """`PermissionDenied` unless registers are the account's business."""
    if not may_view_registers(user, year):
        raise PermissionDenied(_("您的账号看不到台账。如果您的工作需要，请联系系统管理员。"))


def statistics(
    user: Account, year: QualityYear, described: Described, month: int | None = None
) -> list[Statistics]:
    """A table for each field that the register counts by. A month is for its keepers alone."""
    check_views(user, year)
    courts = [
        court
        for court in Court.objects.of_year(year).select_related("parent")
        if may_view_counts(user, year, court.code)
    ]
    kept = {court.pk for court in courts if keepers_of(user, year, described, court)}
    is_keeper = len(kept) == len(courts)
    found = []
    for code in described.register.statistics:
        one = described.register.field[code]
        own = getattr(user, "court_id", None)
        listed = [c for c in courts if one.type is not FieldType.STAFF or c.pk in {own} & kept]
        if listed:
            numbers = numbers_by_value(year, described, one, listed, month if is_keeper else None)
            found.append(_table(one, listed, numbers, kept))
    return found


def numbers_by_value(
    year: QualityYear,
    described: Described,
    one: RegisterField,
    courts: list[Court],
    month: int | None,
) -> dict[int, Counter[str]]:
    """By court's key, how many lines have which value; empty for none. Nothing is kept back."""
    rows = RegisterLine.objects.filter(
        quality_year=year, register=described.code, court__in=[court.pk for court in courts]
    )
    if month is not None:
        rows = rows.filter(month=month)
    place = "personal" if one.personal else "values"
    found: dict[int, Counter[str]] = defaultdict(Counter)
    counted = rows.order_by().values_list("court_id", f"{place}__{one.code}")
    for court, value, lines in counted.annotate(lines=Count("pk")):
        found[court][NOTHING if value is None else str(value)] += lines
    return found


def _table(
    one: RegisterField, courts: list[Court], numbers: dict[int, Counter[str]], kept: set[int]
) -> Statistics:
    language = get_language() or ""
    names = {court.pk: court.label(language) for court in courts}
    present = {value for counter in numbers.values() for value in counter}
    known = [choice.code for choice in one.choices]
    # All choices, whether any line has them or not: a missing column would tell, too.
    values = [*known, *sorted(present - {*known, NOTHING}), NOTHING]
    rows, shown = [], []
    for court in courts:
        counter = numbers.get(court.pk, Counter())
        exact = tuple(counter[value] for value in values)
        seen = exact if court.pk in kept else kept_back(exact)
        shown.append(seen)
        total = None if None in seen else sum(exact)
        rows.append(StatisticsRow(names[court.pk], seen, total))
    labels = [in_words(one, value, names) if value else _("未填") for value in values]
    return Statistics(
        field=one,
        label=one.label.get(language),
        values=tuple(labels),
        rows=tuple(rows),
        totals=sums(shown),
        has_kept_back=any(None in seen for seen in shown),
    )


def lessons(year: QualityYear, described: Described, metric: str = "") -> list[Lesson]:
    """The latest texts that are for all, whose court does not stand beside them. One query."""
    language = get_language() or ""
    shared = [one for one in described.register.fields if one.shared]
    if not shared:
        return []
    rows = RegisterLine.objects.filter(quality_year=year, register=described.code)
    if metric:
        rows = rows.filter(tallies__metric=metric)
    filled = rows.filter(**{f"values__{shared[0].code}__isnull": False})
    found = [
        Lesson(one.label.get(language), str(values[one.code]))
        for values in filled.order_by("-opened_at", "-pk").values_list("values", flat=True)[
            :MOST_LESSONS
        ]
        for one in shared
        if values.get(one.code)
    ]
    # The same text once, so that nobody counts lines by counting texts.
    return list(dict.fromkeys(found))
