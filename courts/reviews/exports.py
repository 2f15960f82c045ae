"""Owns the lists the offices take away as files: their columns, in the words of the pages."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from courts.files.lists import ListFile, moment
from courts.models import QualityYear
from courts.returns.selectors.histories import AuditLine
from courts.reviews.selectors.completeness_pages import CompletenessPage
from courts.reviews.selectors.review_pages import QueuePage


def of_queue(page: QueuePage, year: QualityYear) -> ListFile:
    """The returns that wait to be verified."""
    return ListFile(
        name=f"reviews-{year.code}",
        title=_("待核实报表"),
        about=[(_("质量年"), year.code)],
        columns=[
            _("法院代码"),
            _("法院"),
            _("月份"),
            _("类别"),
            _("第几次提交"),
            _("提交人"),
            _("提交时间"),
            _("错误"),
            _("提醒"),
            _("未填"),
            _("不能核实的原因"),
        ],
        rows=[
            [
                one.line.slot.court.code,
                one.court,
                str(one.line.slot.month),
                one.line.side_label,
                one.line.round,
                one.line.submitted_by,
                moment(one.line.submitted_at),
                one.line.errors,
                one.line.warnings,
                one.line.blanks,
                one.line.why_not,
            ]
            for one in page.lines
        ],
        is_demo=page.is_demo,
    )


def of_completeness(page: CompletenessPage, year: QualityYear) -> ListFile:
    """Every return of the year, a line each."""
    return ListFile(
        name=f"completeness-{year.code}",
        title=_("报送情况"),
        about=[
            (_("质量年"), year.code),
            (_("应报"), str(page.of_year.expected)),
            (_("已报"), str(page.of_year.actual)),
            (_("报送率（%）"), page.of_year.rate_text or "—"),
            (_("按时报送率（%）"), page.of_year.rate_on_time_text or "—"),
        ],
        columns=[
            _("法院代码"),
            _("法院"),
            _("月份"),
            _("类别"),
            _("状态"),
            _("报送"),
            _("天数"),
            _("已填"),
            _("应填"),
            _("报送时间"),
        ],
        rows=[
            [
                court.court.code,
                court.name,
                str(shown.cell.month),
                shown.side_label,
                shown.cell.state_label,
                shown.cell.label,
                shown.cell.days,
                shown.cell.filled,
                shown.cell.total,
                moment(shown.cell.handed_in_at),
            ]
            for court in page.courts
            for month in court.months
            for shown in month
        ],
        is_demo=page.is_demo,
    )


def of_audit(lines: Sequence[AuditLine], year: QualityYear) -> ListFile:
    """Every write of a figure that was found."""
    return ListFile(
        name=f"audit-{year.code}",
        title=_("数据修改记录"),
        about=[(_("质量年"), year.code)],
        columns=[
            _("时间"),
            _("操作人"),
            _("法院代码"),
            _("法院"),
            _("月份"),
            _("类别"),
            _("指标"),
            _("指标名称"),
            _("原值"),
            _("现值"),
            _("版本"),
            _("原因"),
        ],
        rows=[
            [
                moment(line.at),
                line.by or _("命令行"),
                line.court,
                line.court_name,
                str(line.month),
                line.side_label,
                line.metric,
                line.label,
                line.before,
                line.after,
                line.version,
                line.reason,
            ]
            for line in lines
        ],
        is_demo=any(line.is_demo for line in lines),
    )
