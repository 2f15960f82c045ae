"""Owns the command for what time alone brings about; for a service or a timer, every minute.

It does what every area has registered (`courts.frame.duties`), once or again and again.
"""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, close_old_connections, connection
from django.utils.translation import gettext as _

from courts.frame.duties import DUTIES
from courts.frame.listing import enumerated, labelled
from courts.frame.services.housekeeping import keep_house
from courts.upkeep.services.health import lacks_migrations


class Command(BaseCommand):
    """Do every duty; say how much each did."""

    help = (
        "Do what time alone brings about: ballots, reopenings, and what is kept for a while only."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add how often, for a service that stays."""
        parser.add_argument(
            "--every", type=int, metavar="SECONDS", help="stay, and run again after so many seconds"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run once, or until the process is ended; exit with 1 when a duty failed."""
        pause = options["every"]
        if pause is None:
            self._once()
            return
        if pause < 1:
            raise CommandError(_("--every 须为正整数。"))
        while True:
            try:
                self._once()
            # A database that is away now may be back by the next run.
            except (CommandError, DatabaseError) as error:
                self.stderr.write(str(error))
            close_old_connections()
            time.sleep(pause)

    def _once(self) -> None:
        # While a server migrates nothing is done by halves.
        if lacks_migrations(connection):
            raise CommandError(_("数据库的结构还不是这个版本的，请先运行 migrate。"))
        run = keep_house(version=settings.VERSION)
        for code, count in run.counts.items():
            if count:
                self.stdout.write(labelled(DUTIES[code].label, count))
        if run.failed:
            names = enumerated(str(DUTIES[code].label) for code in run.failed)
            raise CommandError(_("没有完成：%(names)s。原因见日志。") % {"names": names})
        self.stdout.write(_("日常维护已完成。"))
