"""Owns what waits of the year-end acceptance: signatures of the leading group."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from courts.models import Acceptance, User
from courts.permissions import is_another, may_sign_acceptance
from courts.years.open_work import Asked, OpenItem, kind


@kind(
    "acceptance",
    _("待签署的年终验收"),
    whom=_("领导小组，已签署的人除外"),
    order=96,
    page="courts:acceptance",
    of_court=False,
)
def signatures(asked: Asked) -> Iterator[OpenItem]:
    """Packages that wait for a first or a second signature. One query."""
    if asked.user is not None and not any(
        may_sign_acceptance(asked.user, year) for year in asked.years
    ):
        return

    def write() -> QuerySet[Acceptance]:
        rows = Acceptance.objects.filter(
            quality_year__in=asked.years, second_by__isnull=True, withdrawn_at__isnull=True
        )
        return rows.select_related("quality_year__court", "made_by").defer("archive")

    for row in asked.rows("acceptances", write):
        user = asked.user
        if user is None or (
            isinstance(user, User)
            and may_sign_acceptance(user, row.quality_year)
            and is_another(row.first_by_id, user)
        ):
            yield OpenItem(
                view="courts:acceptance",
                args=(row.quality_year.code,),
                year=row.quality_year,
                since=row.made_at,
                title=_t("年终验收"),
                note=row.digest[:8],
                by=str(row.made_by),
            )
