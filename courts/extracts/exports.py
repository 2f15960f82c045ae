"""Owns the lists that the pages of extracts and differences give away as files."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from courts.extracts.selectors.differences import DifferenceLine
from courts.extracts.selectors.extract_pages import ExtractFileLine
from courts.files.lists import Column, ListFile, figure_cell, named
from courts.models import QualityYear


def of_extracts(lines: Sequence[ExtractFileLine], year: QualityYear) -> ListFile:
    """The extracts that were taken in."""
    columns: list[Column[ExtractFileLine]] = [
        Column(_("上传时间"), lambda line: line.at),
        Column(_("上传人"), lambda line: line.by),
        Column(_("来源系统"), lambda line: line.source),
        Column(_("类别"), lambda line: line.side_label),
        Column(_("文件"), lambda line: line.file_name),
        Column("SHA-256", lambda line: line.sha256),
        Column(_("数据项数"), lambda line: line.figures),
        Column(_("现行项数"), lambda line: line.current),
    ]
    return ListFile(
        name=named(_("%(year)s年") % {"year": year.year}, _("提取数据")),
        title=_("提取数据"),
        about=[(_("质量年"), year.code)],
        columns=columns,
        rows=lines,
    )


def of_differences(lines: Sequence[DifferenceLine], year: QualityYear) -> ListFile:
    """What differs between extracts and returns."""
    columns: list[Column[DifferenceLine]] = [
        Column(_("法院代码"), lambda line: line.slot.court.code),
        Column(_("法院"), lambda line: line.court_name),
        Column(_("月份"), lambda line: line.slot.month),
        Column(_("类别"), lambda line: line.slot.side_label),
        Column(_("指标"), lambda line: line.metric),
        Column(_("指标名称"), lambda line: line.label),
        Column(_("提取数据"), lambda line: figure_cell(line.extract_value, line.places)),
        Column(_("法院填报"), lambda line: figure_cell(line.court_value, line.places)),
        Column(_("相差"), lambda line: figure_cell(line.by_how_much, line.places)),
        Column(_("状态"), lambda line: line.state_label),
        Column(_("法院说明"), lambda line: line.explanation),
        Column(_("说明人"), lambda line: line.explained_by),
        Column(_("说明时间"), lambda line: line.explained_at),
        Column(_("处理意见"), lambda line: line.note),
        Column(_("处理人"), lambda line: line.settled_by),
        Column(_("处理时间"), lambda line: line.settled_at),
        Column(_("来源系统"), lambda line: line.source),
        Column(_("提取时间"), lambda line: line.extracted_at),
    ]
    return ListFile(
        name=named(_("%(year)s年") % {"year": year.year}, _("数据差异")),
        title=_("数据差异"),
        about=[(_("质量年"), year.code)],
        columns=columns,
        rows=lines,
        is_demo=any(line.is_demo for line in lines),
    )
