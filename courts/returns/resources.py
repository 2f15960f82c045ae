"""Owns figures as django-import-export carries them in."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from courts.figures.services.imports import ImportResult, import_figures
from courts.files.resources import (
    Outcome,
    PreviewLine,
    ServiceResource,
    outcome_of,
)
from courts.files.sheets import SourceFile
from courts.models import QualityYear, User
from courts.permissions import import_sides
from courts.returns.services.baselines import move_baseline
from courts.wording.amounts import figure_text


class FigureImport(ServiceResource):
    """Figures of the sides that the account's office answers for; another person verifies them.

    Those of the year are handed in on behalf of their courts. Those of the year before, which no
    page of returns shows, wait as a motion.
    """

    columns = ("court", "month", "metric", "value")
    headings = (_("法院"), _("月份"), _("指标"))

    def outcome(self, *, year: QualityYear, file: SourceFile, user: User, apply: bool) -> Outcome:
        result = import_figures(year=year, files=[file], actor=user, apply=False)
        sides = import_sides(user)
        language = get_language() or ""
        foreign = [
            change.entry.row.problem(
                "metric", _t("这是另一部门负责的指标，您不能导入。请删去，由该部门导入。")
            )
            for change in result.changes
            if change.entry.metric.side not in sides
        ]
        lines = [
            PreviewLine(
                cells=(
                    change.entry.court.label(language),
                    str(change.entry.month),
                    change.entry.metric.label.get(language),
                ),
                old=figure_text(change.old, change.entry.metric.places),
                new=figure_text(change.new, change.entry.metric.places),
                is_new=change.is_new,
            )
            for change in result.changes
        ]
        if apply and not result.errors and not foreign:
            self._put(year, file, user, result)
        outcome = outcome_of([*result.errors, *foreign], result.warnings, lines, result.unchanged)
        return replace(outcome, correct_at=result.correct_at)

    def _put(self, year: QualityYear, file: SourceFile, user: User, result: ImportResult) -> None:
        own = [change for change in result.changes if change.entry.month.year == year.year]
        before = [change for change in result.changes if change.entry.month.year != year.year]
        if own:
            import_figures(year=year, files=[file], actor=user, of_years={year.year})
        if before:
            move_baseline(user=user, year=year, file=file, changes=before)
