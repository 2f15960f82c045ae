"""Owns the list of actions as a file."""

from __future__ import annotations

from django.utils.translation import gettext as _

from courts.actions.selectors.actions import ActionLine, ActionsPage
from courts.files.lists import Column, ListFile, named
from courts.models import QualityYear


def of_actions(page: ActionsPage, year: QualityYear) -> ListFile:
    """The actions of the page, in its order."""
    columns: list[Column[ActionLine]] = [
        Column(_("编号"), lambda line: line.number),
        Column(_("法院代码"), lambda line: line.court),
        Column(_("法院"), lambda line: line.court_name),
        Column(_("部门"), lambda line: line.department),
        Column(_("类别"), lambda line: line.side_label),
        Column(_("月份"), lambda line: line.month),
        Column(_("对象"), lambda line: line.subject_label),
        Column(_("督导要求"), lambda line: line.asks),
        Column(_("原因"), lambda line: line.cause),
        Column(_("状态"), lambda line: line.state_label),
        Column(_("答复期限"), lambda line: line.due_on),
        Column(_("措施数"), lambda line: line.measures),
        Column(_("已完成"), lambda line: line.done),
    ]
    return ListFile(
        name=named(_("%(year)s年") % {"year": year.year}, _("督导")),
        title=_("督导"),
        about=[(_("质量年"), year.code)],
        columns=columns,
        rows=page.lines,
        is_demo=page.is_demo,
    )
