"""Owns the list of special cases as a file (附件1·五): computed and decided points side by side."""

from __future__ import annotations

from django.utils.translation import gettext as _

from courts.cases.selectors.special_cases import CaseLine, CasesPage
from courts.files.lists import Column, ListFile, named, number
from courts.models import QualityYear


def of_cases(page: CasesPage, year: QualityYear, *, is_demo: bool) -> ListFile:
    """The applications of the page, in its order."""
    columns: list[Column[CaseLine]] = [
        Column(_("法院代码"), lambda line: line.court),
        Column(_("法院"), lambda line: line.court_name),
        Column(_("月份"), lambda line: line.month),
        Column(_("考核项"), lambda line: line.item),
        Column(_("名称"), lambda line: line.item_label),
        Column(_("类别"), lambda line: line.side_label),
        Column(_("状态"), lambda line: line.state_label),
        Column(_("申请理由"), lambda line: line.reasons),
        Column(_("申请人"), lambda line: line.applied_by),
        Column(_("申请时间"), lambda line: line.applied_at),
        Column(_("核实期限"), lambda line: line.due_on),
        Column(_("决定时按数据计的分数"), lambda line: number(line.computed)),
        Column(_("决定的分数"), lambda line: number(line.points)),
        Column(_("会议名称（次数）"), lambda line: line.meeting),
        Column(_("会议日期"), lambda line: line.meeting_on),
        Column(_("意见或原因"), lambda line: line.closing_note),
    ]
    return ListFile(
        name=named(_("%(year)s年") % {"year": year.year}, _("单独评分申请")),
        title=_("单独评分申请"),
        about=[(_("质量年"), year.code)],
        columns=columns,
        rows=page.lines,
        is_demo=is_demo,
    )
