"""The command that checks by night that codes in the database are those of the rules."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from courts.years.selectors.strange_codes import strange_codes


class Command(BaseCommand):
    """Print every side, level or item that no rules of its year know."""

    help = (
        "Check that sides, levels and items in the database are those of the rules of their year."
        " 0: all are; 1: some are not, each on a line of its own."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Say that all is well, or name each code and fail."""
        found = strange_codes()
        for one in found:
            self.stderr.write(f"{one.year} {one.table}.{one.column}: {one.code} ({one.rows})")
        if found:
            text = _("有%(count)s处的代码不在当年的规则里。")
            raise CommandError(text % {"count": len(found)})
        self.stdout.write(_("类别、审级、考核项的代码都在当年的规则里。"))
