"""Owns the second person that tests need where one person alone changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from courts.extracts.services.differences import SeenCell
from courts.extracts.services.motions import move_settlements
from courts.models import Motion, QualityYear, ReadingDecision, User
from courts.motions.services.motions import confirm, trial
from courts.permissions import Role, review_sides
from courts.rulebooks.services.motions import move_reading
from courts.years.selectors.slots import Slot
from tests.pages import account

__all__ = ["another", "confirm_waiting", "settle", "take_reading"]


def another(first: User) -> User:
    """A second person of the same office and prefecture, the same one each time."""
    name = f"{first.username}-second"
    found = User.objects.filter(username=name).first()
    if found is not None:
        return found
    centre = "enforcement" in review_sides(first) and "litigation" not in review_sides(first)
    role = Role.CENTRE if centre else Role.OFFICE
    assert first.court is not None
    return account(name, first.court.root.code, role)


def confirm_waiting(by: User | None = None) -> int:
    """Confirm every motion that waits, as another person than its mover; how many there were."""
    motions = list(Motion.objects.filter(state="waiting").order_by("pk"))
    confirm_each(motions, by)
    return len(motions)


def confirm_each(motions: Iterable[Motion], by: User | None = None) -> None:
    """Confirm these motions, each as another person than its mover."""
    for motion in motions:
        second = by or another(User.objects.get(pk=motion.moved_by_id))
        confirm(user=second, motion=motion, seen=trial(motion).digest, note="已看过")


def settle(*, user: User, slot: Slot, seen: SeenCell, stands: str, note: str = "") -> None:
    """Settle a difference as two people of the office do; what others moved is left to them."""
    picks = [(slot, seen)]
    confirm_each(move_settlements(user=user, year=slot.year, picks=picks, stands=stands, note=note))


def take_reading(*, user: User, year: QualityYear, decided_on: date, **given: Any) -> Any:
    """Adopt a reading as two people of the offices do."""
    move_reading(user=user, year=year, decided_on=decided_on, **given)
    confirm_waiting()
    year.__dict__.pop("_reading_decisions", None)
    return ReadingDecision.objects.latest("pk")
