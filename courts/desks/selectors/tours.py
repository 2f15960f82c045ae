"""Owns what the strip of the tour says to an account on a page, and whether it stands there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from courts.desks.selectors.menus import MenuGroup
from courts.desks.tour_steps import FIRST_PAGES, NUMBER_OF_STEPS, STEPS, TourStep
from courts.help.selectors.places import part_address
from courts.models import User
from courts.permissions import Account, Role, roles


@dataclass(frozen=True, slots=True)
class TourStrip:
    """The step that an account has come to: its number from 1, its sentence, where it leads.

    `area` is the area of pages on which it stands besides the first one; empty for none.
    """

    number: int
    total: int
    text: str
    address: str
    area: str
    on_first_page: bool


def tour_role(user: Account) -> str:
    """The role whose tour the account is given: the first of its roles; none without any."""
    held = roles(user)
    return next((role for role in Role if role in held), "")


def tour_strip(user: Account, view_name: str, menu: Sequence[MenuGroup]) -> TourStrip | None:
    """The strip for a page; nothing for who has seen all steps, skipped them, or has no role."""
    if not isinstance(user, User) or user.tour_step >= NUMBER_OF_STEPS:
        return None
    role = tour_role(user)
    if not role:
        return None
    step = STEPS[role][user.tour_step]
    return TourStrip(
        number=user.tour_step + 1,
        total=NUMBER_OF_STEPS,
        text=str(step.text),
        address=_address(step, menu),
        area=step.area,
        on_first_page=view_name in FIRST_PAGES[role],
    )


def _address(step: TourStep, menu: Sequence[MenuGroup]) -> str:
    """Where a step leads: into the menu where it has that entry, else to its part or page."""
    for group in menu:
        for link in group.links:
            if step.area and step.area in link.areas:
                return link.address
    if step.part:
        return part_address(step.part)
    return reverse(step.view) if step.view else ""
