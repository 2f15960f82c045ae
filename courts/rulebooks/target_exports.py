"""Owns the lists of targets and caps as files."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from courts.figures.selectors.facts import DEMO_DOCUMENT
from courts.files.lists import Column, ListFile, named
from courts.models import AppraisalTarget, Cap, QualityYear
from courts.rulebooks.selectors.targets import CapRow, CapsPage, TargetRow, TargetsPage
from courts.wording.amounts import level_label


def of_targets(page: TargetsPage, year: QualityYear) -> ListFile:
    """The targets as the page shows them."""
    columns: list[Column[TargetRow]] = [
        Column(_("考核项"), lambda line: line.item),
        Column(_("名称"), lambda line: line.item_label),
        Column(_("适用于"), lambda line: line.scope),
        Column(_("目标值（%）"), lambda line: line.percent),
        Column(_("依据文件"), lambda line: line.document),
        Column(_("文件日期"), lambda line: line.decided_on),
    ]
    return ListFile(
        name=named(_("%(year)s年") % {"year": year.year}, _("审判绩效考核指标")),
        title=_("审判绩效考核指标"),
        about=[(_("质量年"), year.code)],
        columns=columns,
        rows=[line for line in page.lines if line.is_latest],
        is_demo=page.is_demo,
    )


def of_caps(page: CapsPage, year: QualityYear) -> ListFile:
    """The caps with the proposals."""
    columns: list[Column[CapRow]] = [
        Column(_("法院代码"), lambda line: line.court.code),
        Column(_("法院"), lambda line: line.name),
        Column(_("上年合计（件）"), lambda line: line.baseline_cases),
        Column(_("减少目标（件）"), lambda line: line.reduction_cases),
        Column(_("上限（件）"), lambda line: line.cap_cases),
        Column(
            _("规则提出的减少目标（件）"),
            lambda line: line.proposal.reduction_cases if line.proposal else None,
        ),
        Column(
            _("规则提出的上限（件）"),
            lambda line: line.proposal.cap_cases if line.proposal else None,
        ),
    ]
    return ListFile(
        name=named(_("%(year)s年") % {"year": year.year}, _("控制目标")),
        title=_("控制目标"),
        about=[(_("质量年"), year.code)],
        columns=columns,
        rows=page.lines,
    )


def of_stored_targets(rows: Sequence[AppraisalTarget]) -> ListFile:
    """Appraisal targets of all years, as they are stored."""
    columns: list[Column[AppraisalTarget]] = [
        Column(_("质量年"), lambda row: row.quality_year.code),
        Column(_("考核项"), lambda row: row.item),
        Column(_("适用审级"), _scope_of_level),
        Column(_("适用法院"), lambda row: row.court.code if row.court else None),
        Column(_("自几月起"), lambda row: row.from_month),
        Column(_("目标值（%）"), lambda row: row.percent),
        Column(_("依据文件"), lambda row: row.document),
        Column(_("文件日期"), lambda row: row.decided_on),
    ]
    title = _("审判绩效考核指标")
    return ListFile(
        name=title,
        title=title,
        about=[],
        columns=columns,
        rows=rows,
        is_demo=any(row.document == DEMO_DOCUMENT for row in rows),
    )


def _scope_of_level(row: AppraisalTarget) -> str:
    """The courts that a stored target is for, by level."""
    return level_label(row.level) if row.level else _("各级法院")


def of_stored_caps(rows: Sequence[Cap]) -> ListFile:
    """Caps of all years, as they are stored."""
    columns: list[Column[Cap]] = [
        Column(_("质量年"), lambda row: row.quality_year.code),
        Column(_("法院"), lambda row: row.court.code),
        Column(_("法院简称"), lambda row: row.court.short_name),
        Column(_("上年合计（件）"), lambda row: row.baseline_cases),
        Column(_("减少目标（件）"), lambda row: row.reduction_cases),
        Column(_("上限（件）"), lambda row: row.cap_cases),
        Column(_("自几月起"), lambda row: row.from_month),
    ]
    title = _("控制目标")
    return ListFile(name=title, title=title, about=[], columns=columns, rows=rows)
