"""Owns the command that imports appraisal targets from CSV and Excel files."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from courts.management.year_command import YearCommand
from courts.rulebooks.services.targets import import_targets
from scoring.facts import Month


class Command(YearCommand):
    """Import the targets that stand in another document, all or nothing."""

    help = "Import appraisal targets (court,item,target in percent; empty court: every court)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the files and --year."""
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument(
            "--from",
            dest="from_month",
            metavar="MONTH",
            help="the month from which they hold, such as 2019-07; by default the oldest open one",
        )
        super().add_arguments(parser)

    def month_of(self, text: str | None) -> Month | None:
        """The month asked for; CommandError for what is none."""
        try:
            return None if text is None else Month.parse(text)
        except ValueError as error:
            message = _("“%(month)s”不是月份，应写作 2019-12。")
            raise CommandError(message % {"month": text}) from error

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and print the tally; print every error and fail."""
        files = self.read_files(options["files"])
        month = self.month_of(options["from_month"])
        year = self.find_year(options["year"], [] if month is None else [month])
        if month is not None and month.year != year.year:
            text = _("%(month)s不在%(year)s质量年之内。")
            raise CommandError(text % {"month": month, "year": year.year})
        result = import_targets(
            year=year, files=files, from_month=None if month is None else month.month
        )
        self.refuse(result.errors)
        self.say_alone()
        values = {"new": result.new, "changed": result.changed, "unchanged": result.unchanged}
        self.stdout.write(_("新增 %(new)s，变更 %(changed)s，未变 %(unchanged)s。") % values)
