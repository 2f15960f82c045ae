"""Owns targets and caps as django-import-export carries them in."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from courts.files.resources import (
    Outcome,
    PreviewLine,
    ServiceResource,
    outcome_of,
    text_of,
)
from courts.files.sheets import SourceFile
from courts.models import QualityYear, User
from courts.rulebooks.selectors.targets import scope_name
from courts.rulebooks.services.caps import read_caps
from courts.rulebooks.services.motions import move_cap_file, move_target_file
from courts.rulebooks.services.targets import import_targets


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
