"""Owns the lists that the pages of extracts and differences give away as files."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from courts.extracts.selectors.differences import DifferenceLine
from courts.extracts.selectors.extract_pages import ExtractFileLine
from courts.files.lists import ListFile, moment
from courts.models import QualityYear


def of_extracts(lines: Sequence[ExtractFileLine], year: QualityYear) -> ListFile:
    """The extracts that were taken in."""
    return ListFile(
        name=f"extracts-{year.code}",
        title=_("提取数据"),
        about=[(_("质量年"), year.code)],
        columns=[
            _("上传时间"),
            _("上传人"),
            _("来源系统"),
            _("类别"),
            _("文件"),
            "SHA-256",
            _("数据项数"),
            _("现行项数"),
        ],
        rows=[
            [
                moment(line.at),
                line.by,
                line.source,
                line.side_label,
                line.file_name,
                line.sha256,
                line.figures,
                line.current,
            ]
            for line in lines
        ],
    )


def of_differences(lines: Sequence[DifferenceLine], year: QualityYear) -> ListFile:
    """What differs between extracts and returns."""
    return ListFile(
        name=f"differences-{year.code}",
        title=_("数据差异"),
        about=[(_("质量年"), year.code)],
        columns=[
            _("法院代码"),
            _("法院"),
            _("月份"),
            _("类别"),
            _("指标"),
            _("指标名称"),
            _("提取数据"),
            _("法院填报"),
            _("相差"),
            _("状态"),
            _("法院说明"),
            _("说明人"),
            _("说明时间"),
            _("处理意见"),
            _("处理人"),
            _("处理时间"),
            _("来源系统"),
            _("提取时间"),
        ],
        rows=[
            [
                line.slot.court.code,
                line.court_name,
                str(line.slot.month),
                line.slot.side_label,
                line.metric,
                line.label,
                line.extract_value,
                line.court_value,
                line.by_how_much,
                line.state_label,
                line.explanation,
                line.explained_by,
                moment(line.explained_at),
                line.note,
                line.settled_by,
                moment(line.settled_at),
                line.source,
                moment(line.extracted_at),
            ]
            for line in lines
        ],
        is_demo=any(line.is_demo for line in lines),
    )
