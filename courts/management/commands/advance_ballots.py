"""Owns the command that does what time alone does to ballots; for a timer, every few minutes."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from courts.ballots.services.rounds import advance_rounds


class Command(BaseCommand):
    """Close what is past its deadline; void what was objected to until the end."""

    help = "Close ballots past their deadline, and void those objected to when checking ended."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say how many."""
        count = advance_rounds()
        self.stdout.write(_("已处理%(count)s轮到期的投票。") % {"count": count})
