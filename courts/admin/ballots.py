"""Rounds of the ballot: read, never written; nothing that tells who voted before the closing."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from courts.admin.base import ReadOnlyAdmin
from courts.admin.history import yes_or_no
from courts.admin.site import site
from courts.models import BallotRound


@admin.register(BallotRound, site=site)
class BallotRoundAdmin(ReadOnlyAdmin):
    """Roll, slots, chain and ballots have no page here: those of the ballot show what may be."""

    court_path = "quality_year__court"
    list_display = ["title", "quality_year", "month", "state", "closes_at", "demo_shown"]
    list_filter = ["state", "is_demo"]
    list_select_related = ["quality_year"]
    search_fields = ["code", "title"]
    fields = [
        "title",
        "code",
        "quality_year",
        "month",
        "state",
        "unit",
        "unit_max",
        "min_ballots",
        "opens_at",
        "closes_at",
        "check_until",
        "fingerprint",
        "close_hash",
        "counted",
        "sums",
        "void_reason",
        "demo_shown",
    ]

    @admin.display(description=_("演示数据"), ordering="is_demo")
    def demo_shown(self, row: BallotRound) -> str:
        return yes_or_no(row.is_demo)
