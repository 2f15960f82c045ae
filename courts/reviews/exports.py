"""Owns the lists the offices take away as files: their columns, in the words of the pages."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.files.lists import Column, ListFile, figure_cell, named, number
from courts.models import QualityYear
from courts.returns.selectors.histories import AuditLine
from courts.reviews.selectors.completeness_pages import CompletenessPage, ShownCell, ShownCourt
from courts.reviews.selectors.review_pages import QueuePage, WaitingLine


def of_queue(page: QueuePage, year: QualityYear) -> ListFile:
    """The returns that wait to be verified."""
    columns: list[Column[WaitingLine]] = [
        Column(_("法院代码"), lambda one: one.line.slot.court.code),
        Column(_("法院"), lambda one: one.court),
        Column(_("月份"), lambda one: one.line.slot.month),
        Column(_("类别"), lambda one: one.line.side_label),
        Column(_("第几次提交"), lambda one: one.line.round),
        Column(_("提交人"), lambda one: one.line.submitted_by),
        Column(_("提交时间"), lambda one: one.line.submitted_at),
        Column(_("错误"), lambda one: one.line.errors),
        Column(_("提醒"), lambda one: one.line.warnings),
        Column(_("未填"), lambda one: one.line.blanks),
        Column(_("不能核实的原因"), lambda one: one.line.why_not),
    ]
    return ListFile(
        name=named(_("%(year)s年") % {"year": year.year}, _("待核实报表")),
        title=_("待核实报表"),
        about=[(_("质量年"), year.code)],
        columns=columns,
        rows=page.lines,
        is_demo=page.is_demo,
    )


def of_completeness(page: CompletenessPage, year: QualityYear) -> ListFile:
    """Every return of the year, a line each, with the court's name of the month."""
    language = get_language() or ""
    columns: list[Column[tuple[ShownCourt, ShownCell]]] = [
        Column(_("法院代码"), lambda row: row[0].court.code),
        Column(_("法院"), lambda row: row[1].cell.court.label(language)),
        Column(_("月份"), lambda row: row[1].cell.month),
        Column(_("类别"), lambda row: row[1].side_label),
        Column(_("状态"), lambda row: row[1].cell.state_label),
        Column(_("报送"), lambda row: row[1].cell.label),
        Column(_("天数"), lambda row: row[1].cell.days),
        Column(_("已填"), lambda row: row[1].cell.filled),
        Column(_("应填"), lambda row: row[1].cell.total),
        Column(_("报送时间"), lambda row: row[1].cell.handed_in_at),
    ]
    return ListFile(
        name=named(_("%(year)s年") % {"year": year.year}, _("报送情况")),
        title=_("报送情况"),
        about=[
            (_("质量年"), year.code),
            (_("应报"), page.of_year.expected),
            (_("已报"), page.of_year.actual),
            (_("报送率（%）"), number(page.of_year.rate_text or "—")),
            (_("按时报送率（%）"), number(page.of_year.rate_on_time_text or "—")),
        ],
        columns=columns,
        rows=[(court, shown) for court in page.courts for month in court.months for shown in month],
        is_demo=page.is_demo,
    )


def of_audit(lines: Sequence[AuditLine], year: QualityYear) -> ListFile:
    """Every write of a figure that was found."""
    columns: list[Column[AuditLine]] = [
        Column(_("时间"), lambda line: line.at),
        Column(_("操作人"), lambda line: line.by or _("命令行")),
        Column(_("法院代码"), lambda line: line.court),
        Column(_("法院"), lambda line: line.court_name),
        Column(_("月份"), lambda line: line.month),
        Column(_("类别"), lambda line: line.side_label),
        Column(_("指标"), lambda line: line.metric),
        Column(_("指标名称"), lambda line: line.label),
        Column(_("原值"), lambda line: figure_cell(line.before, line.places)),
        Column(_("现值"), lambda line: figure_cell(line.after, line.places)),
        Column(_("版本"), lambda line: line.version),
        Column(_("原因"), lambda line: line.reason),
    ]
    return ListFile(
        name=named(_("%(year)s年") % {"year": year.year}, _("数据修改记录")),
        title=_("数据修改记录"),
        about=[(_("质量年"), year.code)],
        columns=columns,
        rows=lines,
        is_demo=any(line.is_demo for line in lines),
    )
