"""Owns reading lines of registers: a list narrowed to what is asked, one line, its history.

Whoever asks is told what he or she may see: what is personal is for the line's own court and its
office. A constant number of queries, however many lines. Never writes, not even who looked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts import database_clock
from courts.frame.listing import enumerated
from courts.models import (
    Court,
    QualityYear,
    RegisterFile,
    RegisterLine,
    RegisterLineChange,
)
from courts.permissions import Account, register_keepers
from courts.registers.selectors.described import Described, NoRegisterError, register_of
from courts.years.selectors.years import courts_in
from scoring.registers import FieldType, RegisterField

MOST_VIEWS = 50


# What a field holds that nothing was filled into.
EMPTY: tuple[object, ...] = (None, "", {})


@dataclass(frozen=True, slots=True)
class Search:
    """What a list is narrowed to; empty does not narrow it. `choices` are values by field."""

    court: str = ""
    state: str = ""
    month: str = ""
    through: str = ""
    metrics: tuple[str, ...] = ()
    overdue: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShownField:
    """One value of a line, in words; `file` is the key of what can be opened."""

    field: RegisterField
    label: str
    text: str
    file: int | None = None


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of a list."""

    row: RegisterLine
    court_name: str
    state: str
    cells: tuple[str, ...]
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One act on a line: who, when, from which state to which, what changed and why."""

    row: RegisterLineChange
    from_state: str
    to_state: str
    fields: tuple[tuple[str, str, str], ...]
    note: str


def keepers_of(
    user: Account, year: QualityYear, described: Described, court: Court | None = None
) -> frozenset[str]:
    """As what the account meets a court's lines of this register."""
    sides = {side.value for side in described.register.side.sides}
    return register_keepers(user, year, court, sides)


def kept_courts(user: Account, year: QualityYear, described: Described) -> list[Court]:
    """The courts of the year whose lines the account sees, in order. One query, or none."""
    if not keepers_of(user, year, described):
        return []
    return [court for court in courts_in(year) if keepers_of(user, year, described, court)]


def kept_register(
    user: Account, year: QualityYear, code: str
) -> tuple[Described, dict[int, Court]]:
    """A register and the courts whose lines the account sees; `PermissionDenied` for none."""
    described = register_of(year, code)
    courts = {court.pk: court for court in kept_courts(user, year, described)}
    if not courts:
        raise PermissionDenied(_("台账的记录只给本院和管理部门看；您可以看统计和教训。"))
    return described, courts


def searched(
    year: QualityYear, described: Described, courts: Mapping[int, Court], search: Search
) -> QuerySet[RegisterLine]:
    """The lines of these courts that are asked for, the latest first."""
    asked = [pk for pk, court in courts.items() if search.court in ("", court.code)]
    rows = RegisterLine.objects.filter(quality_year=year, register=described.code, court__in=asked)
    if search.state in described.register.state:
        rows = rows.filter(state=search.state)
    if search.month.isdecimal():
        rows = rows.filter(month=int(search.month))
    if search.metrics:
        counted: dict[str, object] = {"tallies__metric__in": search.metrics}
        if search.through.isdecimal():
            counted["tallies__month__lte"] = int(search.through)
        rows = rows.filter(**counted).distinct()
    if search.overdue:
        rows = rows.filter(due_on__lt=database_clock.today())
    for code, value in search.choices.items():
        one = described.register.field.get(code)
        if one is not None and value and not one.personal:
            rows = rows.filter(**{f"values__{code}": value})
    return rows.order_by("-month", "-pk")


def listed(
    described: Described, courts: Mapping[int, Court], rows: Sequence[RegisterLine]
) -> list[LineRow]:
    """The lines as a list shows them. No query."""
    today, language = database_clock.today(), get_language() or ""
    fields = [described.register.field[code] for code in described.register.columns]
    names = {pk: court.label(language) for pk, court in courts.items()}
    return [
        LineRow(
            row=row,
            court_name=names[row.court_id],
            state=state_label(described, row.state),
            cells=tuple(
                in_words(one, values_of(row).get(one.code), names, is_erased=bool(row.erased_at))
                for one in fields
            ),
            is_overdue=row.due_on is not None and row.due_on < today,
        )
        for row in rows
    ]


def find_line(
    user: Account, year: QualityYear, code: str, pk: int
) -> tuple[Described, RegisterLine, frozenset[str]]:
    """A line, and as what the account meets it; `NoRegisterError` or `PermissionDenied`."""
    described = register_of(year, code)
    row = (
        RegisterLine.objects.filter(quality_year=year, register=code, pk=pk)
        .select_related("court__parent", "quality_year__court", "opened_by", "draw")
        .first()
    )
    if row is None:
        raise NoRegisterError(_("台账里没有这一条。请从列表里重新打开。"))
    keepers = keepers_of(user, year, described, row.court)
    if not keepers:
        raise PermissionDenied(_("台账的记录只给本院和管理部门看。"))
    return described, row, keepers


def find_file(
    user: Account, year: QualityYear, code: str, pk: int, file_pk: int
) -> tuple[RegisterLine, RegisterFile]:
    """A file of a line that the account may open."""
    _described, row, _keepers = find_line(user, year, code, pk)
    file = RegisterFile.objects.filter(line=row, pk=file_pk).first()
    if file is None:
        raise NoRegisterError(_("这一条没有这个附件。请从列表里重新打开。"))
    return row, file


def shown(described: Described, row: RegisterLine, names: Mapping[int, str]) -> list[ShownField]:
    """Everything a line says, in the order of its fields. One query."""
    language = get_language() or ""
    files = {one.field: one for one in row.files.defer("content")}
    found = []
    for one in described.register.fields:
        file = files.get(one.code)
        text = (
            file.name
            if file
            else in_words(one, values_of(row).get(one.code), names, is_erased=bool(row.erased_at))
        )
        found.append(ShownField(one, one.label.get(language), text, file.pk if file else None))
    return found


def history(described: Described, row: RegisterLine, names: Mapping[int, str]) -> list[ChangeRow]:
    """The acts on a line, the latest first. One query."""
    language = get_language() or ""
    found = []
    for change in row.changes.select_related("by", "payload").order_by("-version"):
        payload = getattr(change, "payload", None)
        lines = []
        for code in change.fields:
            one = described.register.field.get(code)
            label = one.label.get(language) if one else code
            before, after = ("", "")
            if payload is not None and one is not None:
                before = in_words(one, payload.before.get(code), names)
                after = in_words(one, payload.after.get(code), names)
            lines.append((label, before, after))
        found.append(
            ChangeRow(
                row=change,
                from_state=state_label(described, change.from_state),
                to_state=state_label(described, change.to_state),
                fields=tuple(lines),
                note=payload.note if payload else "",
            )
        )
    return found


def viewers(row: RegisterLine) -> list[tuple[str, str, datetime]]:
    """Who opened the line or a file of it, the latest first. One query."""
    rows = row.views.select_related("by").order_by("-at", "-pk")[:MOST_VIEWS]
    return [(str(one.by), str(one.get_way_display()), one.at) for one in rows]


def values_of(row: RegisterLine) -> dict[str, object]:
    """All values of a line by field, personal or not."""
    return {**row.values, **row.personal}


def state_label(described: Described, code: str) -> str:
    """The state in words; the code where the register in force has it no more."""
    state = described.register.state.get(code)
    return state.label.get(get_language() or "") if state else code


def in_words(
    one: RegisterField,
    value: object,
    names: Mapping[int, str],
    *,
    is_erased: bool = False,
) -> str:
    """A value as a page shows it."""
    if value in EMPTY:
        return _("已按规定清除") if is_erased and one.personal else ""
    language = get_language() or ""
    if one.type is FieldType.CHOICE:
        return one.choice_label(str(value)).get(language)
    if one.type is FieldType.COURT:
        return names.get(int(str(value)), str(value))
    if one.type is FieldType.COURT_NUMBERS and isinstance(value, dict):
        return enumerated(f"{names.get(int(pk), pk)} {number}" for pk, number in value.items())
    if one.type is FieldType.FILE:
        return _("有文件")
    return str(value)


def as_cell(one: RegisterField, value: object, names: Mapping[int, str]) -> str | int | date:
    """A value as a file holds it: numbers and days as such, other values in words."""
    if value not in EMPTY and one.type is FieldType.NUMBER:
        return int(str(value))
    if value not in EMPTY and one.type is FieldType.DATE:
        return date.fromisoformat(str(value))
    return in_words(one, value, names)


def days_left(due_on: date | None) -> int | None:
    """Days until the line should have moved on, negative once that is past."""
    return None if due_on is None else (due_on - database_clock.today()).days


def court_names(year: QualityYear) -> dict[int, str]:
    """The courts of the year by key, in the active language. One query."""
    language = get_language() or ""
    return {court.pk: court.label(language) for court in Court.objects.of_year(year)}
