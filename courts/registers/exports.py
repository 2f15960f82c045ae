"""Owns registers as files: nothing personal is in any of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.files.lists import Cell, Column, ListFile, named
from courts.models import Court, QualityYear, RegisterLine
from courts.registers.selectors.described import Described
from courts.registers.selectors.lines import as_cell, state_label
from courts.registers.selectors.reconciliation import ReconciledRow
from courts.registers.selectors.statistics import Statistics
from scoring.facts import Month
from scoring.registers import FieldType, RegisterField

# A file of more lines takes a browser's patience; what is left out is said.
MOST_LINES = 20_000


def of_lines(
    year: QualityYear,
    described: Described,
    rows: Sequence[RegisterLine],
    courts: Mapping[int, Court],
    total: int,
) -> ListFile:
    """The lines by number, state and what is not personal.

    `total` is how many there are; a file that does not hold all of them says so.
    """
    language = get_language() or ""
    names = {pk: court.label(language) for pk, court in courts.items()}

    def value(one: RegisterField, row: RegisterLine) -> Cell:
        return as_cell(one, row.values.get(one.code), names)

    about = [(_("质量年"), year.code), (_("个人信息"), _("不导出"))]
    if len(rows) < total:
        text = _("共%(total)s条，本表是最近的%(count)s条；请按法院、月份分别导出。")
        about.append((_("条数"), text % {"total": total, "count": len(rows)}))
    columns: list[Column[RegisterLine]] = [
        Column(_("法院"), lambda row: names[row.court_id]),
        Column(_("序号"), lambda row: row.number),
        Column(_("状态"), lambda row: state_label(described, row.state)),
        Column(_("月份"), lambda row: row.month and Month(year.year, row.month)),
        Column(_("本环节期限"), lambda row: row.due_on),
        *(
            Column(one.label.get(language), partial(value, one))
            for one in described.register.fields
            if not one.personal and one.type is not FieldType.FILE
        ),
    ]
    return ListFile(
        name=named(_("%(year)s年") % {"year": year.year}, described.title),
        title=described.title,
        about=about,
        columns=columns,
        rows=rows,
        is_demo=any(row.is_made for row in rows),
    )


def of_statistics(
    year: QualityYear, described: Described, tables: Sequence[Statistics], *, is_demo: bool
) -> ListFile:
    """The numbers of all tables, a line for each court and value; blank where one is kept back."""
    rows = [
        (table.label, row.court, value, number)
        for table in tables
        for row in table.rows
        for value, number in zip(table.values, row.numbers, strict=True)
    ]
    return ListFile(
        name=named(_("%(year)s年") % {"year": year.year}, described.title, _("统计")),
        title=described.title,
        about=[(_("质量年"), year.code), (_("空白"), _("小于3的数，以及能推算出它的数，不公开"))],
        columns=[_("按什么"), _("法院"), _("值"), _("条数")],
        rows=rows,
        is_demo=is_demo,
    )


def of_reconciliation(
    year: QualityYear, month: int, rows: Sequence[ReconciledRow], *, is_demo: bool
) -> ListFile:
    """Figures of a month beside the lines of registers."""
    columns: list[Column[ReconciledRow]] = [
        Column(_("法院"), lambda row: row.court_name),
        Column(_("台账"), lambda row: row.register_title),
        Column(_("指标"), lambda row: row.label),
        Column(_("报表数"), lambda row: row.figure),
        Column(_("台账条数"), lambda row: row.lines),
        Column(_("相差"), lambda row: row.by_how_much),
    ]
    title = _("%(year)s年%(month)s月台账核对表") % {"year": year.year, "month": month}
    return ListFile(
        name=title,
        title=title,
        about=[(_("质量年"), year.code)],
        columns=columns,
        rows=rows,
        is_demo=is_demo,
    )


def of_blank(described: Described, fields: Sequence[RegisterField]) -> ListFile:
    """An empty table to fill in and bring back: the columns that an import reads."""
    return ListFile(
        name=named(described.title, _("空白表")),
        title=described.title,
        about=[],
        columns=blank_headings(fields),
        rows=[],
    )


def blank_headings(fields: Sequence[RegisterField]) -> list[str]:
    """The headings of that table."""
    language = get_language() or ""
    return [str(_("法院")), *(one.label.get(language) for one in fields)]


def preview_headings(described: Described) -> list[str]:
    """What stands above the lines of a preview: the court and the columns of the list."""
    language = get_language() or ""
    fields = [described.register.field[code] for code in described.register.columns]
    return [str(_("法院")), *(one.label.get(language) for one in fields)]
