"""Owns the command that imports appraisal targets from CSV and Excel files."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from courts.management.year_command import YearCommand
from courts.rulebooks.services.targets import import_targets


class Command(YearCommand):
    """Import the targets that stand in another document, all or nothing."""

    help = "Import appraisal targets (court,item,target in percent; empty court: every court)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the files and --year."""
        parser.add_argument("files", nargs="+", metavar="FILE")
        super().add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and print the tally; print every error and fail."""
        files = self.read_files(options["files"])
        result = import_targets(year=self.find_year(options["year"]), files=files)
        self.refuse(result.errors)
        self.say_alone()
        values = {"new": result.new, "changed": result.changed, "unchanged": result.unchanged}
        self.stdout.write(_("新增 %(new)s，变更 %(changed)s，未变 %(unchanged)s。") % values)
