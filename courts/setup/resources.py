"""Owns what a file of courts comes to: the service reads it, the preview shows it."""

from __future__ import annotations

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from courts.files.resources import (
    Outcome,
    PreviewLine,
    outcome_of,
)
from courts.files.sheets import SourceFile
from courts.models import User
from courts.setup.services.prefectures import import_courts
from courts.wording.amounts import level_label


class CourtImport:
    """The courts of a prefecture: names and tree; those that are there stay as they are."""

    columns = ("code", "order", "short_name", "name", "name_ko", "level", "name_en")
    headings = (_("代码"), _("全称"), _("审级"))

    def outcome(self, *, file: SourceFile, user: User, apply: bool) -> Outcome:
        result = import_courts(user=user, file=file, apply=apply)
        lines = [
            PreviewLine(
                cells=(court.code, court.name, level_label(court.level)),
                old="",
                new=_t("新增"),
                is_new=True,
            )
            for court in result.created
        ]
        return outcome_of(result.problems, (), lines, result.unchanged)
