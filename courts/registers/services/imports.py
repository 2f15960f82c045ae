"""Owns bringing lines of a register in from a file: read once, previewed, then written as shown.

A line of a file begins in the register's first state. Files have no attachments.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts import database_clock
from courts.files.resources import Outcome, PreviewLine, outcome_of
from courts.files.sheets import Column, Problem, Row, SourceFile, read
from courts.frame import events
from courts.frame.listing import enumerated
from courts.models import Court, QualityYear, RegisterLine, User
from courts.permissions import Account
from courts.registers.selectors.described import Described
from courts.registers.selectors.fields import fillable
from courts.registers.selectors.lines import in_words, keepers_of, kept_courts
from courts.registers.services.lines import (
    IMPORTED,
    Values,
    identity_of,
    missing_of,
    write_lines,
)
from scoring.registers import FieldType, RegisterField

COURT = "court"
MOST_LINES = 5000
LONGEST = {FieldType.TEXT: 200, FieldType.LONG_TEXT: 2000, FieldType.STAFF: 20}
UNREAD = (FieldType.FILE, FieldType.COURT_NUMBERS)


def import_fields(user: Account, year: QualityYear, described: Described) -> list[RegisterField]:
    """The fields that a file of this account may bring."""
    keepers = keepers_of(user, year, described)
    return [one for one in fillable(described.register, keepers) if one.type not in UNREAD]


def import_courts(user: Account, year: QualityYear, described: Described) -> list[Court]:
    """The courts whose lines the account may open."""
    openers = {str(one) for one in described.register.opened_by}
    return [
        court
        for court in kept_courts(user, year, described)
        if keepers_of(user, year, described, court) & openers
    ]


def columns_of(described: Described, fields: Sequence[RegisterField]) -> list[Column]:
    """The columns of a file: the court, where there are several, and the fields by any label.

    A column may be missing unless a new line needs it.
    """
    needed = described.register.needed(described.register.first.code)
    return [
        Column(COURT, ("法院", "법원", "Court"), optional=True),
        *(
            Column(
                one.code,
                tuple({one.label.zh, one.label.ko, one.label.en} - {""}),
                optional=one not in needed,
            )
            for one in fields
        ),
    ]


def import_lines(
    *, user: User, year: QualityYear, described: Described, file: SourceFile, apply: bool
) -> Outcome:
    """What a file would bring, or has brought; nothing is written where anything is wrong.

    Raises `PermissionDenied`.
    """
    courts = import_courts(user, year, described)
    if not courts:
        raise PermissionDenied(
            _("您的账号不能在这本台账里登记。如果您的工作需要，请联系系统管理员。")
        )
    fields = import_fields(user, year, described)
    rows, problems = read(file, columns_of(described, fields))
    if len(rows) > MOST_LINES:
        text = _("一次最多导入%(most)s条，请分开导入。") % {"most": MOST_LINES}
        return outcome_of([Problem(file.name, None, "", "", text)], (), (), 0)
    by_name = {
        name.casefold(): court
        for court in courts
        for name in (court.code, court.short_name, court.name, court.name_ko, court.name_en)
        if name
    }
    held = set(
        RegisterLine.objects.filter(quality_year=year, register=described.code)
        .exclude(identity="")
        .values_list("court_id", "identity")
    )
    lines: list[tuple[Court, Values]] = []
    unchanged, seen = 0, set()
    for row in rows:
        court, own = _court_of(row, courts, by_name)
        values, faults = _values_of(row, fields, by_name)
        faults = [*own, *faults]
        if court is not None and not faults:
            faults = _lacking(row, described, values)
        problems.extend(faults)
        if court is None or faults:
            continue
        key = (court.pk, identity_of(described.register, values))
        if key[1] and key in seen:
            problems.append(
                Problem(row.file, row.number, "", "", _("文件里有两条同样的记录。请删去一条。"))
            )
        elif key[1] and key in held:
            unchanged += 1
        else:
            seen.add(key)
            lines.append((court, values))
    if not problems and apply and lines:
        write_lines(year=year, described=described, lines=lines, user=user, at=database_clock.now())
        events.record(
            action=IMPORTED,
            year=year,
            actor=user,
            data={"register": described.code, "lines": len(lines), "sha256": file.sha256},
        )
    names = {court.pk: court.label(get_language() or "") for court in courts}
    shown = [described.register.field[code] for code in described.register.columns]
    preview = [
        PreviewLine(
            cells=(
                names[court.pk],
                *(in_words(one, values.get(one.code), names) for one in shown),
            ),
            old="",
            new=_("新增"),
            is_new=True,
        )
        for court, values in lines
    ]
    return outcome_of(problems, (), preview, unchanged)


def _court_of(
    row: Row, courts: Sequence[Court], by_name: Mapping[str, Court]
) -> tuple[Court | None, list[Problem]]:
    text = str(row.cells.get(COURT, "") or "")
    if not text and len(courts) == 1:
        return courts[0], []
    court = by_name.get(text.casefold())
    if court is None:
        place = COURT if COURT in row.cells else ""
        return None, [
            Problem(
                row.file,
                row.number,
                place,
                text,
                _("不是您可以登记的法院。请改成本院，或者删去这一行。"),
            )
        ]
    return court, []


def _values_of(
    row: Row, fields: Sequence[RegisterField], by_name: Mapping[str, Court]
) -> tuple[dict[str, object], list[Problem]]:
    values: dict[str, object] = {}
    problems = []
    for one in fields:
        cell = row.cells.get(one.code, "")
        if cell == "":
            continue
        value, expected = _value_of(one, cell, by_name)
        if expected:
            problems.append(row.problem(one.code, expected))
        else:
            values[one.code] = value
    return values, problems


def _value_of(one: RegisterField, cell: object, by_name: Mapping[str, Court]) -> tuple[object, str]:
    """The value, or what is expected instead."""
    if one.type is FieldType.DATE:
        return _date_of(cell)
    if one.type is FieldType.NUMBER:
        text = str(cell)
        number = int(text) if text.isascii() and text.isdecimal() else -1
        values = {"low": one.low, "high": one.high}
        fits = one.low <= number <= one.high
        return number, "" if fits else _("应为%(low)s至%(high)s的整数。") % values
    text = str(cell).strip() if isinstance(cell, str | int | Decimal) else ""
    if not text:
        return None, _("应为文字。")
    if one.type is FieldType.CHOICE:
        for choice in one.choices:
            if text in (choice.code, choice.label.zh, choice.label.ko, choice.label.en):
                return choice.code, ""
        known = enumerated(choice.label.zh for choice in one.choices)
        return None, _("应为其中之一：%(known)s。") % {"known": known}
    if one.type is FieldType.COURT:
        court = by_name.get(text.casefold())
        return (str(court.pk), "") if court else (None, _("没有这家法院。"))
    longest = LONGEST[one.type]
    return text, "" if len(text) <= longest else _("最多%(most)s字。请删减。") % {"most": longest}


def _date_of(cell: object) -> tuple[object, str]:
    if isinstance(cell, date):
        return cell.isoformat()[:10], ""
    text = str(cell).strip().replace("/", "-").replace(".", "-")
    try:
        return date.fromisoformat(text).isoformat(), ""
    except ValueError:
        return None, _("应为 2019-12-31 这样的日期。")


def _lacking(row: Row, described: Described, values: Values) -> list[Problem]:
    lacking = missing_of(described.register, values, described.register.first.code)
    if not lacking:
        return []
    text = _("还没有填：%(fields)s。请填好后再提交。") % {"fields": enumerated(lacking)}
    return [Problem(row.file, row.number, "", "", text)]
