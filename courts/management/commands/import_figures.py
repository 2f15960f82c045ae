"""Owns the command that imports figures from CSV and Excel files."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from courts.figures.services.imports import import_figures
from courts.management.year_command import YearCommand
from courts.years.services.entries import months_named


class Command(YearCommand):
    """Import year-to-date figures, all or nothing; they count as verified by the office."""

    help = "Import figures (court,month,metric,value) from CSV or XLSX files, all or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the files and --year."""
        parser.add_argument("files", nargs="+", metavar="FILE")
        super().add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, print warnings and the tally; print every error and fail."""
        files = self.read_files(options["files"])
        year = self.find_year(options["year"], months_named(files))
        result = import_figures(year=year, files=files)
        if result.warnings:
            self.stderr.write("\n".join(_("提示：%(text)s") % {"text": w} for w in result.warnings))
        if result.correct_at:
            text = _("已关账月份的这些数据，由管理部门在这个网页上提出更正：%(address)s")
            self.stderr.write(text % {"address": result.correct_at})
        self.refuse(result.errors)
        self.say_alone()
        values = {"new": result.new, "changed": result.changed, "unchanged": result.unchanged}
        self.stdout.write(_("新增 %(new)s，变更 %(changed)s，未变 %(unchanged)s。") % values)
