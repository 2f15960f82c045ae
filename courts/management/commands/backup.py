"""Owns the command that makes a verified backup, once or every so many seconds."""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils.translation import gettext as _

from courts.frame.refusals import BackupError
from courts.upkeep.services.backups import back_up


class Command(BaseCommand):
    """Back up the database into a folder of its own, and restore it once to see that it holds."""

    help = "Back up the database, while the server runs, and verify the backup by restoring it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add where to, how many to keep, and how often."""
        parser.add_argument("folder", type=Path, help="where backups lie, another disk at best")
        parser.add_argument("--keep", type=int, metavar="N", help="keep the newest N; all without")
        parser.add_argument(
            "--every", type=int, metavar="SECONDS", help="stay, and back up again after so long"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Back up; print the name of the backup."""
        if options["keep"] is not None and options["keep"] < 1:
            raise CommandError(_("--keep 须为正整数。"))
        pause = options["every"]
        if pause is None:
            self._once(options)
            return
        if pause < 1:
            raise CommandError(_("--every 须为正整数。"))
        while True:
            try:
                self._once(options)
            # Tomorrow's backup must not fall away with today's.
            except (CommandError, DatabaseError) as error:
                self.stderr.write(str(error))
            close_old_connections()
            time.sleep(pause)

    def _once(self, options: dict[str, Any]) -> None:
        try:
            made = back_up(folder=options["folder"], keep=options["keep"])
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(str(made))
