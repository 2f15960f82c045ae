"""Owns the lists of targets and caps as files."""

from __future__ import annotations

from django.utils.translation import gettext as _

from courts.files.lists import ListFile, day
from courts.models import QualityYear
from courts.rulebooks.selectors.targets import CapsPage, TargetsPage


def of_targets(page: TargetsPage, year: QualityYear) -> ListFile:
    """The targets as the page shows them."""
    return ListFile(
        name=f"targets-{year.code}",
        title=_("审判绩效考核指标"),
        about=[(_("质量年"), year.code)],
        columns=[
            _("考核项"),
            _("名称"),
            _("适用于"),
            _("目标值（%）"),
            _("依据文件"),
            _("文件日期"),
        ],
        rows=[
            [
                line.item,
                line.item_label,
                line.scope,
                line.percent,
                line.document,
                day(line.decided_on),
            ]
            for line in page.lines
            if line.is_latest
        ],
        is_demo=page.is_demo,
    )


def of_caps(page: CapsPage, year: QualityYear) -> ListFile:
    """The caps with the proposals."""
    return ListFile(
        name=f"caps-{year.code}",
        title=_("控制目标"),
        about=[(_("质量年"), year.code)],
        columns=[
            _("法院代码"),
            _("法院"),
            _("上年合计（件）"),
            _("减少目标（件）"),
            _("上限（件）"),
            _("规则提出的减少目标（件）"),
            _("规则提出的上限（件）"),
        ],
        rows=[
            [
                line.court.code,
                line.name,
                line.baseline_cases,
                line.reduction_cases,
                line.cap_cases,
                line.proposal.reduction_cases if line.proposal else None,
                line.proposal.cap_cases if line.proposal else None,
            ]
            for line in page.lines
        ],
    )
