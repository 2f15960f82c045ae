"""Owns what other systems sent that waits for somebody of the office to look it through."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from courts.extracts.selectors.sent_extracts import sides_of
from courts.models import SentExtract
from courts.permissions import may_take_sent
from courts.years.open_work import Asked, OpenItem, kind


@kind(
    "sent_extract",
    _("系统报送、待查看的提取数据"),
    whom=_("负责该类数据的部门"),
    order=65,
    page="courts:extracts",
    of_court=False,
    for_offices=True,
)
def sent_extracts(asked: Asked) -> Iterator[OpenItem]:
    """Files of systems that were neither moved nor discarded yet. One query."""

    def write() -> QuerySet[SentExtract]:
        waiting = SentExtract.State.WAITING
        rows = SentExtract.objects.filter(quality_year__in=asked.years, state=waiting)
        return rows.select_related("quality_year__court", "token").defer("content")

    for row in asked.rows("sent extracts", write):
        if asked.user is None or may_take_sent(asked.user, row.quality_year, sides_of(row)):
            yield OpenItem(
                view="courts:sent_extract",
                args=(row.quality_year.code, row.pk),
                year=row.quality_year,
                since=row.sent_at,
                title=row.token.name,
                note=row.name,
                by=row.token.name,
            )
