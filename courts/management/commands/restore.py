"""Owns the command that brings a backup back."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from courts.frame.refusals import BackupError
from courts.upkeep.services.backups import restore


class Command(BaseCommand):
    """Make a backup the database. The server is stopped meanwhile."""

    help = "Bring a backup back, after verifying it once more. Stop the server first."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add which backup, and whether there may be data already."""
        parser.add_argument("backup", type=Path, help="the folder qualityyear-…Z")
        parser.add_argument(
            "--replace", action="store_true", help="replace the data that is there now"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore; say under which name the database before is kept."""
        try:
            old = restore(backup=options["backup"], is_replacing=options["replace"])
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        if old:
            self.stdout.write(_("原来的数据库保留为 %(name)s。") % {"name": old})
        self.stdout.write(_("已恢复。请运行 migrate，再启动服务。"))
