"""Owns the list of a year's court changes as a file."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from courts.changes.selectors.pages import ChangeLine
from courts.files.lists import Column, ListFile, named
from courts.models import QualityYear


def of_changes(lines: Sequence[ChangeLine], year: QualityYear) -> ListFile:
    """The changes as the page shows them, courts by their names of then."""
    columns: list[Column[ChangeLine]] = [
        Column(_("法院代码"), lambda line: line.code),
        Column(_("法院"), lambda line: line.court),
        Column(_("变动"), lambda line: line.kind_label),
        Column(_("接收或者新设的法院代码"), lambda line: line.other_code),
        Column(_("变动后的法院"), lambda line: line.becomes),
        Column(_("自几月起"), lambda line: line.month),
        Column(_("依据文件"), lambda line: line.document),
        Column(_("文件日期"), lambda line: line.decided_on),
        Column(_("提出人"), lambda line: line.moved_by),
        Column(_("确认人"), lambda line: line.confirmed_by),
    ]
    return ListFile(
        name=named(_("%(year)s年") % {"year": year.year}, _("法院变动")),
        title=_("法院变动"),
        about=[(_("质量年"), year.code)],
        columns=columns,
        rows=lines,
    )
