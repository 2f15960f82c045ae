"""Owns the command that proves that the record is what it was, up to a head printed earlier."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from courts.frame.selectors.record import check


class Command(BaseCommand):
    """Check the chain, every row it stands for, and figures against their history."""

    help = "Check the record's chain against its rows, and against a head that was printed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the head."""
        parser.add_argument("--head", default="", metavar="HASH", help="a head printed earlier")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was checked and the newest link; print every fault and fail."""
        # Papers print it in groups.
        head = "".join(options["head"].split()).lower()
        found = check(head)
        self.stdout.write(
            _("记录链共%(count)s条，其中%(erased)s条的内容已按规定删除。末值 %(link)s")
            % {"count": found.count, "erased": found.erased, "link": found.link or "-"}
        )
        if not head:
            self.stderr.write(
                _("没有给出以前印出的链值（--head）：末尾被截去、整条链被重做，都看不出来。")
            )
        if found.faults:
            raise CommandError("\n".join(found.faults))
        self.stdout.write(_("没有发现改动。"))
