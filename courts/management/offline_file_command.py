"""Owns what the commands share that write an offline file of the ballot; does nothing else."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from courts.ballots.offline_file import OfflineFile


class OfflineFileCommand(BaseCommand):
    """Writes a file and its hash.

    The same sources give the same bytes, so a release can announce the hash beforehand.
    """

    file: ClassVar[OfflineFile]

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to write."""
        parser.add_argument("path", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write both, and say the hash."""
        path: Path = options["path"]
        if not path.parent.is_dir():
            raise CommandError(_("没有这个文件夹：%(path)s") % {"path": path.parent})
        path.write_bytes(self.file.source)
        line = f"{self.file.sha256}  {path.name}\n"
        path.with_name(f"{path.name}.sha256").write_text(line, "ascii")
        self.stdout.write(line, ending="")
