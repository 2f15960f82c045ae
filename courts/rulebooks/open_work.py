"""Owns what waits for somebody about rules: editions proposed, for a second person to enact."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from courts.models import RulebookEdition
from courts.rulebooks.selectors.editions import proposals_for
from courts.years.open_work import Asked, OpenItem, kind


@kind(
    "edition",
    _("待生效的规则版本"),
    whom=_("各管理部门，起草和提交的人除外"),
    order=100,
    page="courts:editions",
    of_year=False,
    of_court=False,
    for_offices=True,
)
def proposed_editions(asked: Asked) -> Iterator[OpenItem]:
    """Editions that another person proposed. Three queries."""
    if asked.user is None:
        state = RulebookEdition.State.PROPOSED

        def write() -> QuerySet[RulebookEdition]:
            return RulebookEdition.objects.filter(court=asked.root, state=state).defer("sources")

        found = tuple(asked.rows("editions", write))
    else:
        found = proposals_for(asked.user)
    for edition in found:
        yield OpenItem(
            view="courts:edition",
            args=(edition.pk,),
            year=None,
            since=edition.proposed_at,
            title=edition.title,
        )
