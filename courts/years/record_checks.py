"""Owns what a check of the record asks of the roles of sides: they are those of the rules.

The rules are in the chain, as editions; who enters and who looks after a side follows from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from courts.frame.record import record_check
from courts.models import Court, QualityYear, SideRole
from courts.permissions import roles_of_side
from courts.years.selectors.years import rulebooks_of

# A side, and which of its two roles.
Place = tuple[str, str]


@record_check
def side_roles() -> Iterator[str]:
    """Each fault in words, by prefecture and side."""
    for root in Court.objects.roots().order_by("order", "code"):
        wanted = _of_rules(root)
        rows = SideRole.objects.filter(court=root).select_related("group").order_by()
        kept = {(row.side, row.part): row.group.name for row in rows}
        for (side, part), name in sorted(wanted.items()):
            if kept.get((side, part)) != name:
                values = {"court": root.code, "side": side, "part": part}
                yield _("%(court)s类别%(side)s的角色（%(part)s）与现行规则不符。") % values


def _of_rules(root: Court) -> Mapping[Place, str]:
    """What the rules of all the prefecture's years say, the newest first."""
    found: dict[Place, str] = {}
    years = QualityYear.objects.filter(court=root).select_related("court", "edition")
    for year in years.order_by("-year"):
        for rulebook in rulebooks_of(year):
            for share in rulebook.sides:
                for part, name in zip(SideRole.Part, roles_of_side(share), strict=True):
                    found.setdefault((share.side.value, part.value), name)
    return found
