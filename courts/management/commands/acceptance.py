"""Writes the package of a year's acceptance (正文四·3) to a file, as it was signed if it was.

    manage.py acceptance yanbian-2019 yanbian-2019-acceptance.zip

What keeps the year from being signed is printed on standard error, and stands in every paper.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from courts.acceptances.services.acceptances import (
    PackageProgress,
    current_content,
    latest_accepted,
    make_package,
)
from courts.management.year_command import YearCommand


class Command(YearCommand):
    """The archive of all courts."""

    help = "Write the package of a year's acceptance (one zip of all courts) to PATH."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", help="code or number of the quality year")
        parser.add_argument("path", type=Path, help="where to write the zip")

    def handle(self, *args: Any, **options: Any) -> None:
        year = self.find_year(options["year"])
        accepted = latest_accepted(year)
        if accepted is not None:
            archive, digest = bytes(accepted.archive), accepted.digest
            text = _("第%(number)s次验收的材料，已由%(first)s、%(second)s签署。")
            values: dict[str, object] = {
                "number": str(accepted.number),
                "first": str(accepted.first_by),
                "second": str(accepted.second_by),
            }
            self.stderr.write(text % values)
        else:
            for reason in current_content(year).missing:
                self.stderr.write(_("未定稿：%(reason)s") % {"reason": reason})
            package = make_package(year, self._told)
            archive, digest = package.archive, package.digest
        try:
            options["path"].write_bytes(archive)
        except OSError as error:
            text = _("无法写入 %(file)s：%(reason)s。")
            values = {"file": options["path"], "reason": error.strerror}
            raise CommandError(text % values) from error
        self.stdout.write(digest)

    def _told(self, progress: PackageProgress) -> None:
        self.stderr.write(f"{progress.done}/{progress.of} {progress.name}")
