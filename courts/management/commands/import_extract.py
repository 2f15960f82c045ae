"""Owns the command that sets an extract of the case systems beside the returns."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from courts.extracts.services.extracts import LONGEST_SOURCE, import_extract
from courts.management.year_command import YearCommand
from courts.years.services.entries import months_named


class Command(YearCommand):
    """Take in extracts of the case systems, all or nothing; no return is changed."""

    help = "Set extracts (court,month,metric,value) from CSV or XLSX files beside the returns."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the files, --source and --year."""
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--source", required=True, help="the case system the files are from")
        super().add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Take in, print warnings and the tally; print every error and fail."""
        source = options["source"].strip()
        if not 0 < len(source) <= LONGEST_SOURCE:
            raise CommandError(_("来源系统须为1至%(most)s字。") % {"most": LONGEST_SOURCE})
        files = self.read_files(options["files"])
        year = self.find_year(options["year"], months_named(files))
        result = import_extract(year=year, files=files, source=source)
        if result.warnings:
            self.stderr.write("\n".join(_("提示：%(text)s") % {"text": w} for w in result.warnings))
        self.refuse(result.errors)
        self.say_alone()
        values = {
            "figures": len(result.lines),
            "changed": result.changed,
            "differing": result.differing,
        }
        text = _("提取数据 %(figures)s 项，变动 %(changed)s 项，与报表不同 %(differing)s 项。")
        self.stdout.write(text % values)
