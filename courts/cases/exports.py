"""Owns the list of special cases as a file (附件1·五): computed and decided points side by side."""

from __future__ import annotations

from django.utils.translation import gettext as _

from courts.cases.selectors.special_cases import CasesPage
from courts.files.lists import ListFile, day, moment
from courts.models import QualityYear


def of_cases(page: CasesPage, year: QualityYear) -> ListFile:
    """The applications of the page, in its order."""
    return ListFile(
        name=f"special-cases-{year.code}",
        title=_("单独评分申请"),
        about=[(_("质量年"), year.code)],
        columns=[
            _("法院代码"),
            _("法院"),
            _("月份"),
            _("考核项"),
            _("名称"),
            _("类别"),
            _("状态"),
            _("申请理由"),
            _("申请人"),
            _("申请时间"),
            _("核实期限"),
            _("决定时按数据计的分数"),
            _("决定的分数"),
            _("会议届次"),
            _("会议日期"),
            _("意见或原因"),
        ],
        rows=[
            [
                line.court,
                line.court_name,
                str(line.month),
                line.item,
                line.item_label,
                line.side_label,
                line.state_label,
                line.reasons,
                line.applied_by,
                moment(line.applied_at),
                day(line.due_on),
                line.computed,
                line.points,
                line.meeting,
                day(line.meeting_on),
                line.closing_note,
            ]
            for line in page.lines
        ],
    )
