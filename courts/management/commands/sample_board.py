"""Owns the command that plays a whole round in a database of its own and writes its board."""

import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

import scoring
from courts.setup.services.ballot_samples import play_sample
from courts.setup.services.setup import setup_year


class Command(BaseCommand):
    """Five voters, the courts of the year, two scrutineers; one voter votes twice."""

    help = "Play a whole ballot in a scratch database and write its board.json to PATH."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to write; the scratch database is the command's own business."""
        parser.add_argument("path", type=Path)
        parser.add_argument("--rulebook", default="yanbian-2019")
        parser.add_argument("--scratch", action="store_true", help="internal: use this database")

    def handle(self, *args: Any, **options: Any) -> None:
        """Start anew on an empty database; there, play."""
        path: Path = options["path"].absolute()
        if options["scratch"]:
            self._play(path, options["rulebook"])
            return
        if not path.parent.is_dir():
            raise CommandError(_("没有这个文件夹：%(path)s") % {"path": path.parent})
        with tempfile.TemporaryDirectory() as folder:
            database = f"sqlite:///{(Path(folder) / 'scratch.sqlite3').as_posix()}"
            done = subprocess.run(  # noqa: S603  our own command again
                [
                    sys.executable,
                    str(settings.BASE_DIR / "manage.py"),
                    "sample_board",
                    str(path),
                    f"--rulebook={options['rulebook']}",
                    "--scratch",
                ],
                env=os.environ | {"DATABASE_URL": database},
                capture_output=True,
                check=False,
            )
        if done.returncode:
            raise CommandError(done.stderr.decode(errors="replace"))
        self.stdout.write(done.stdout.decode())

    def _play(self, path: Path, rulebook: str) -> None:
        call_command("migrate", verbosity=0)
        year = setup_year(folder=scoring.BUNDLED / rulebook).year
        sample = play_sample(year=year)
        path.write_bytes(sample.board)
        lines = {
            _("公示板"): path,
            _("投票时的合计（单位）"): list(sample.sums),
            _("改投者的复核码"): sample.receipt.tracker,
            _("改投者回执的链头"): sample.receipt.head,
        }
        for label, value in lines.items():
            self.stdout.write(f"{label}: {value}")
