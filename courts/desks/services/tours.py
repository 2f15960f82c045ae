"""Owns how far an account has come in the tour: on, back, to its end, or from its first step."""

from __future__ import annotations

from django.db import transaction

from courts.desks.tour_steps import NUMBER_OF_STEPS
from courts.models import User


@transaction.atomic
def go_to_step(*, user: User, seen: int, step: int) -> None:
    """Note that an account comes from the step `seen` to `step`, both counted from 0.

    What is beyond the steps is their end. Who pressed twice, or in a second window, has gone on
    already and goes on once.
    """
    to = min(max(step, 0), NUMBER_OF_STEPS)
    User.objects.filter(pk=user.pk, tour_step=seen).update(tour_step=to)


@transaction.atomic
def begin_tour_again(*, user: User) -> None:
    """Show an account the tour from its first step."""
    User.objects.filter(pk=user.pk).update(tour_step=0)
