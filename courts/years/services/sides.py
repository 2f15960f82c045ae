"""Owns which roles keep the sides of a prefecture: written when an edition takes force."""

from __future__ import annotations

from django.contrib.auth.models import Group

from courts.models import Court, QualityYear, SideRole
from courts.permissions import roles_of_side
from scoring.schema import Rulebook


def keep_sides(court: Court, rulebook: Rulebook) -> None:
    """Note the roles of every side of an edition that takes force, making groups that are new.

    A side that is kept already goes over to the roles of the newest year. Called inside the
    transaction that puts the edition in force.
    """
    is_newest = not QualityYear.objects.filter(court=court, year__gt=rulebook.year).exists()
    there = {(row.side, row.part): row for row in SideRole.objects.filter(court=court)}
    for share in rulebook.sides:
        labels = {"zh": share.label.zh, "ko": share.label.ko, "en": share.label.en}
        for part, name in zip(SideRole.Part, roles_of_side(share), strict=True):
            row = there.get((share.side.value, part))
            if row is not None and not is_newest:
                continue
            row = row or SideRole(court=court, side=share.side.value, part=part)
            row.group, _made = Group.objects.get_or_create(name=name)
            row.labels = labels
            row.full_clean()
            row.save()
