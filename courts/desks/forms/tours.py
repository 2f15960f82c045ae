"""Owns reading what was pressed on the strip of the tour."""

from __future__ import annotations

from django import forms

from courts.desks.tour_steps import NUMBER_OF_STEPS


class TourForm(forms.Form):
    """Which step was shown, counted from 1, and where to go from it."""

    act = forms.ChoiceField(choices=[(act, act) for act in ("next", "back", "skip", "again")])
    number = forms.IntegerField(min_value=1, max_value=NUMBER_OF_STEPS, required=False)

    @property
    def seen(self) -> int:
        """The step that was shown, counted from 0; of a valid form."""
        return (self.cleaned_data["number"] or 1) - 1

    @property
    def step(self) -> int:
        """The step to go to, counted from 0; the number of steps is their end."""
        moves = {"next": self.seen + 1, "back": self.seen - 1, "skip": NUMBER_OF_STEPS}
        return moves.get(self.cleaned_data["act"], 0)
