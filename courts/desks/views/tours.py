"""Owns the buttons of the tour: on, back, skip, and once more."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from courts.desks.forms.tours import TourForm
from courts.desks.services.tours import begin_tour_again, go_to_step
from courts.frame.views.posts import account_of, post_only


@post_only("courts:help")
def tour(request: HttpRequest) -> HttpResponse:
    """POST: go to another step, and to the account's first page, where the strip stands."""
    form, user = TourForm(request.POST), account_of(request)
    if form.is_valid():
        if form.cleaned_data["act"] == "again":
            begin_tour_again(user=user)
        else:
            go_to_step(user=user, seen=form.seen, step=form.step)
    return redirect("courts:home")
