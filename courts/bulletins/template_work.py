"""Owns what waits about the Word template of bulletins: one that another person brought."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from courts.models import WordTemplate
from courts.permissions import may_use_template
from courts.years.open_work import Asked, OpenItem, kind


@kind(
    "word_template",
    _("待启用的Word模板"),
    whom=_("各管理部门，上传的人除外"),
    order=105,
    page="courts:word_template",
    of_court=False,
    for_offices=True,
)
def waiting_templates(asked: Asked) -> Iterator[OpenItem]:
    """Templates that another person brought. One query."""

    def write() -> QuerySet[WordTemplate]:
        waiting = WordTemplate.State.WAITING
        rows = WordTemplate.objects.filter(quality_year__in=asked.years, state=waiting)
        return rows.defer("content").select_related("quality_year__court")

    for row in asked.rows("word templates", write):
        if asked.user is None or may_use_template(asked.user, row):
            yield OpenItem(
                view="courts:word_template",
                args=(row.quality_year.code,),
                year=row.quality_year,
                since=row.uploaded_at,
                title=row.name,
                note=row.reason,
            )
