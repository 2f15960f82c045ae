"""Owns the list of courts as a file."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from courts.files.lists import Column, ListFile
from courts.models import Court
from courts.wording.amounts import level_label


def of_courts(rows: Sequence[Court]) -> ListFile:
    """The courts: names, level and tree."""
    columns: list[Column[Court]] = [
        Column(_("代码"), lambda row: row.code),
        Column(_("序号"), lambda row: row.order),
        Column(_("简称"), lambda row: row.short_name),
        Column(_("全称"), lambda row: row.name),
        Column(_("朝鲜文名称"), lambda row: row.name_ko),
        Column(_("英文名称"), lambda row: row.name_en),
        Column(_("审级"), lambda row: level_label(row.level)),
        Column(_("上级法院"), lambda row: row.parent.code if row.parent else None),
    ]
    title = _("法院名单")
    return ListFile(name=title, title=title, about=[], columns=columns, rows=rows)
