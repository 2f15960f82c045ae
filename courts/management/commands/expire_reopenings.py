"""Owns the command that ends reopenings whose time is over; for a timer, hourly say."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from courts.figures.services.reopenings import expire_reopenings


class Command(BaseCommand):
    """End the reopenings that are over."""

    help = "Put returns whose reopening expired back to their verified figures."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say how many."""
        count = expire_reopenings()
        self.stdout.write(_("已恢复%(count)s张重新打开到期的报表。") % {"count": count})
