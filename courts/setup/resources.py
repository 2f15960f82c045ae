"""Owns what django-import-export carries in and out: workbooks of lists, files for the services.

An export is a plain workbook. An import reads nothing itself: the whole file goes to the service
that the command line uses too, so that the same checks, history and events apply.
"""

from __future__ import annotations

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from import_export.fields import Field

from courts.files.resources import (
    ListResource,
    Outcome,
    PreviewLine,
    column,
    number_column,
    outcome_of,
)
from courts.files.sheets import SourceFile
from courts.models import Court, User
from courts.setup.services.prefectures import import_courts
from courts.wording.amounts import level_label

# --- Out -------------------------------------------------------------------------------------


class CourtResource(ListResource):
    code = column(_("代码"), "code")
    order = number_column(_("序号"), "order")
    short_name = column(_("简称"), "short_name")
    name = column(_("全称"), "name")
    name_ko = column(_("朝鲜文名称"), "name_ko")
    level = Field(column_name=_("审级"))
    parent = column(_("上级法院"), "parent__code")

    class Meta:
        model = Court
        fields = ("code", "order", "short_name", "name", "name_ko", "level", "parent")

    def dehydrate_level(self, row: Court) -> str:
        return level_label(row.level)


# --- In --------------------------------------------------------------------------------------


class CourtImport:
    """The courts of a prefecture: names and tree; those that are there stay as they are."""

    columns = ("code", "order", "short_name", "name", "name_ko", "level")
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
