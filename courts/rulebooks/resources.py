"""Owns targets and caps as django-import-export carries them in and out."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from import_export.fields import Field

from courts.files.resources import (
    ListResource,
    Outcome,
    PreviewLine,
    ServiceResource,
    column,
    number_column,
    outcome_of,
    text_of,
)
from courts.files.sheets import SourceFile
from courts.models import AppraisalTarget, Cap, QualityYear, User
from courts.rulebooks.selectors.targets import scope_name
from courts.rulebooks.services.caps import read_caps
from courts.rulebooks.services.motions import move_cap_file, move_target_file
from courts.rulebooks.services.targets import import_targets
from courts.wording.amounts import level_label


class TargetResource(ListResource):
    year = column(_("质量年"), "quality_year__code")
    item = column(_("考核项"), "item")
    level = Field(column_name=_("适用审级"))
    court = column(_("适用法院"), "court__code")
    from_month = number_column(_("自几月起"), "from_month")
    percent = number_column(_("目标值（%）"), "percent")
    document = column(_("依据文件"), "document")
    decided_on = column(_("文件日期"), "decided_on")

    class Meta:
        model = AppraisalTarget
        fields = (
            "year",
            "item",
            "level",
            "court",
            "from_month",
            "percent",
            "document",
            "decided_on",
        )

    def dehydrate_level(self, row: AppraisalTarget) -> str:
        return level_label(row.level) if row.level else str(_("各级法院"))


class CapResource(ListResource):
    year = column(_("质量年"), "quality_year__code")
    court = column(_("法院"), "court__code")
    court_name = column(_("法院简称"), "court__short_name")
    baseline_cases = number_column(_("上年合计（件）"), "baseline_cases")
    reduction_cases = number_column(_("减少目标（件）"), "reduction_cases")
    cap_cases = number_column(_("上限（件）"), "cap_cases")
    from_month = number_column(_("自几月起"), "from_month")

    class Meta:
        model = Cap
        fields = (
            "year",
            "court",
            "court_name",
            "baseline_cases",
            "reduction_cases",
            "cap_cases",
            "from_month",
        )


class TargetImport(ServiceResource):
    """Appraisal targets of one year; what differs is put to another person."""

    columns = ("court", "item", "target", "document", "decided_on")
    headings = (_("法院"), _("考核项"), _("依据文件"), _("文件日期"))

    def outcome(self, *, year: QualityYear, file: SourceFile, user: User, apply: bool) -> Outcome:
        result = import_targets(year=year, files=[file], actor=user, apply=False)
        if apply and result.changes:
            entries = [change.entry for change in result.changes]
            move_target_file(user=user, year=year, file=file, entries=entries)
        language = get_language() or ""
        lines = [
            PreviewLine(
                cells=(
                    change.entry.court.label(language)
                    if change.entry.court
                    else scope_name(year, change.entry.level),
                    change.entry.item,
                    change.entry.document,
                    str(change.entry.decided_on or ""),
                ),
                old=text_of(change.old),
                new=text_of(change.entry.percent),
                is_new=change.old is None,
            )
            for change in result.changes
        ]
        return outcome_of(result.errors, (), lines, result.unchanged)


class CapImport(ServiceResource):
    """Caps of one year; what differs is put to another person."""

    columns = ("court", "baseline_cases", "reduction_cases", "cap_cases")
    headings = (_("法院"),)

    def outcome(self, *, year: QualityYear, file: SourceFile, user: User, apply: bool) -> Outcome:
        result = read_caps(year=year, file=file)
        if apply and result.changes:
            move_cap_file(user=user, year=year, file=file, changes=result.changes)
        language = get_language() or ""
        lines = [
            PreviewLine(
                cells=(change.court.label(language),),
                old="" if change.old is None else _difference(change.old),
                new=_difference(change),
                is_new=change.old is None,
            )
            for change in result.changes
        ]
        return outcome_of(result.errors, (), lines, result.unchanged)


def _difference(cap: Any) -> str:
    """A cap as it comes about."""
    return f"{cap.baseline_cases} − {cap.reduction_cases} = {cap.cap_cases}"
