"""Owns reading which desks a scheme will have that is not in force yet: no role can be given."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language

import scoring
from courts.models import RulebookEdition, SideRole
from courts.permissions import Account, Role, own_root, roles_of_side
from scoring import RulebookError

State = RulebookEdition.State


@dataclass(frozen=True, slots=True)
class ComingSides:
    """An edition that is drafted or proposed, and its sides whose roles there are not yet."""

    title: str
    sides: tuple[str, ...]


def coming_sides(user: Account) -> tuple[ComingSides, ...]:
    """Those of the account's prefecture, the newest first; two queries, none without a court.

    Roles are made when an edition takes force. A draft with faults says nothing yet.
    """
    root = own_root(user)
    if root is None:
        return ()
    rows = SideRole.objects.filter(court=root).values_list("group__name", flat=True)
    there = {*rows, *Role.values}
    language = get_language() or ""
    found = []
    editions = RulebookEdition.objects.filter(court=root, state__in=[State.DRAFT, State.PROPOSED])
    for edition in editions.order_by("-pk"):
        try:
            rulebook = scoring.load_sources(edition.sources)
        except RulebookError:
            continue
        sides = tuple(
            share.label.get(language)
            for share in rulebook.sides
            if not there.issuperset(roles_of_side(share))
        )
        if sides:
            found.append(ComingSides(rulebook.title.get(language), sides))
    return tuple(found)
